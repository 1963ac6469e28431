"""Forms posted to the plain routes: read within limits, and only when they are our own."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

LARGEST = 8192  # bytes; address, password and where to go next fit many times


class ForeignForm(Exception):
    """A form that did not come from one of our pages, or is none."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form; ForeignForm when it comes from elsewhere or is too large."""
    if not _comes_from_here(request):
        raise ForeignForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise ForeignForm
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise ForeignForm from None


def is_same(given: str | None, expected: str | None) -> bool:
    """Whether both are there and equal, in a time that tells nothing."""
    return bool(given and expected) and hmac.compare_digest(
        (given or "").encode(), (expected or "").encode()
    )


def _comes_from_here(request: Request) -> bool:
    """Browsers name the origin of every post; where one does not, the token alone decides."""
    origin = request.headers.get("origin")
    if origin is not None:
        return bool(origin != "null" and urlsplit(origin).netloc == request.headers.get("host"))
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
