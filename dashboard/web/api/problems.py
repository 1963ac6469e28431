"""What was refused, as a problem (RFC 9457): a key for programs, words for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from data.errors import Conflict, Invalid, NotFound, PermissionDenied, Refusal
from data.language.texts import Texts

STATUSES: Mapping[type[Refusal], int] = {
    PermissionDenied: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
}
# Said of what cannot be read at all, as against what is understood and cannot be done.
UNREADABLE = ("api.unreadable.", "period.unreadable")
POLICY = "default-src 'none'; frame-ancestors 'none'"


def problem(
    texts: Texts,
    status: int,
    key: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem in words, with the message key that tells programs which one it is."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": texts.text(f"api.problem.{status}"),
        "status": status,
        "detail": detail,
        "key": key,
    }
    said = {
        "Content-Language": texts.language.tag,
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
    }
    return Response(
        json.dumps(document, ensure_ascii=False),
        status,
        said | dict(headers or {}),
        media_type="application/problem+json",
    )


def refused(texts: Texts, refusal: Refusal) -> Response:
    """The problem a refusal is."""
    return problem(texts, status_of(refusal), refusal.key, texts.said(refusal))


def status_of(refusal: Refusal) -> int:
    if refusal.key.startswith(UNREADABLE):
        return 400
    return next((code for kind, code in STATUSES.items() if isinstance(refusal, kind)), 422)
