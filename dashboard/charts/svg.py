"""Small drawings as SVG text and as data addresses that any image element shows."""

from __future__ import annotations

import base64
from xml.sax.saxutils import escape, quoteattr


def drawing(width: float, height: float, *parts: str, title: str = "") -> str:
    """An SVG image of so many pixels; `title` is read out and shown on hover."""
    named = f"<title>{escape(title)}</title>" if title else ""
    role = f'role="img" aria-label={quoteattr(title)}' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" {role}>{named}{"".join(parts)}</svg>'
    )


def shape(name: str, **attributes: float | str) -> str:
    """One element such as circle, path or line; `stroke_width` is written stroke-width."""
    written = (
        f"{key.replace('_', '-')}={quoteattr(_number(value))}" for key, value in attributes.items()
    )
    return f"<{name} {' '.join(written)}/>"


def data_uri(image: str) -> str:
    """The image as an address that fetches nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(image.encode()).decode()


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
