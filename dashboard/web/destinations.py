"""Where to go after signing in: a page of ours, never another site."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.context import PARAMETERS
from dashboard.navigation import PATHS

HOME = "/"


def destination(wanted: str | None) -> str:
    """The address of one of our pages with the parameters a link may carry; else the home page."""
    parts = urlsplit(wanted or HOME)
    path = parts.path.strip("/")
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or path not in PATHS | {""}:
        return HOME
    known = [(name, value) for name, value in parse_qsl(parts.query) if name in PARAMETERS]
    return f"/{path}?{urlencode(known)}" if known else f"/{path}"
