"""What goes back: one document, or a page of a list; and nothing where the asker has it already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from dashboard.web.api.problems import POLICY
from dashboard.web.api.question import LARGEST, Question
from data.errors import Conflict

PAGE, LARGEST_PAGE = 500, 1000
Document = Mapping[str, Any]
# Kept by the asker alone, and asked about again each time: rights may have changed meanwhile.
PRIVATE = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Accept-Language",
    "Content-Security-Policy": POLICY,
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything there is, in a fixed order, to be handed out page by page."""

    items: list[dict[str, Any]]
    head: Document = field(default_factory=dict)  # what holds for all of them


def paged(listing: Listing, question: Question) -> Document:
    """The page asked for, how many there are, and the way to the next one.

    The link carries what the list was like (`snapshot`). When it has changed before the next page
    is read, that is a Conflict: somebody who begins again has every item exactly once.
    """
    snapshot = _digest(_written([listing.head, listing.items]))
    if question.asked.get("snapshot", snapshot) != snapshot:
        raise Conflict("api.refused.changed_meanwhile")
    limit = question.number("limit", PAGE, least=1, most=LARGEST_PAGE)
    offset = question.number("offset", 0, least=0, most=LARGEST)
    end = offset + limit
    onward = dict(question.asked) | {"limit": limit, "offset": end, "snapshot": snapshot}
    more = end < len(listing.items)
    return {
        **listing.head,
        "items": listing.items[offset:end],
        "total": len(listing.items),
        "limit": limit,
        "offset": offset,
        "snapshot": snapshot,
        "next": f"{question.address}?{urlencode(onward)}" if more else None,
    }


def answer(document: Document, question: Question, if_none_match: str | None) -> Response:
    """The document with a tag of its content, or 304 when the asker named that tag."""
    body = _written(document)
    tag = f'"{_digest(body)}"'
    headers = PRIVATE | {"ETag": tag, "Content-Language": question.texts.language.tag}
    if _names(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type="application/json")


def _written(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _names(if_none_match: str | None, tag: str) -> bool:
    """Whether the header names the tag, weakly or not, or any at all."""
    named = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return bool(named & {tag, "*"})
