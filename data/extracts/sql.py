"""Words of SQL, written so that nothing in a file or a profile can become code."""

from __future__ import annotations

from collections.abc import Iterable


def literal(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Literals with commas between."""
    return ", ".join(literal(text) for text in texts)


def name(text: str) -> str:
    """The text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'


def names(texts: Iterable[str]) -> str:
    """Names with commas between."""
    return ", ".join(name(text) for text in texts)
