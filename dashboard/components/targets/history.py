"""Every target a KPI had: what, from when, by whom and why, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.tables import moment_short
from dashboard.components.targets import words
from data.language.texts import Texts
from kpis.definitions import Definition
from kpis.targets import Course, TargetEntry

HEAD = ("valid_from", "office", "target", "source", "assumption", "reason", "by", "replaced")


def draw(
    texts: Texts,
    definition: Definition,
    entries: Sequence[TargetEntry],
    offices: Mapping[str, str],
) -> None:
    """The targets in a table, the newest first."""
    draw_words(
        Sheet(
            tuple(texts.text(f"kpi_page.head.{name}") for name in HEAD),
            tuple(tuple(_cells(texts, definition, entry, offices)) for entry in entries),
        ),
        alt=texts.text("kpi_page.targets"),
    )


def _cells(
    texts: Texts, definition: Definition, entry: TargetEntry, offices: Mapping[str, str]
) -> Iterator[str]:
    yield texts.day_short(entry.valid_from)
    yield unit_name(texts, entry.office, offices)
    yield _what(texts, definition, entry)
    yield entry.target.source if entry.target else texts.value(None)
    yield texts.value(entry.target.assumption if entry.target else None)
    yield entry.reason
    yield entry.author
    yield _fate(texts, entry)


def unit_name(texts: Texts, office: str | None, offices: Mapping[str, str]) -> str:
    """The office, or the whole agency."""
    return offices.get(office, office) if office else texts.text("shell.every_office")


def _what(texts: Texts, definition: Definition, entry: TargetEntry) -> str:
    if entry.target is None:
        return texts.text("targets.ended")
    said = words.aim(texts, definition, entry.target)
    if entry.path.course is Course.AT_ONCE:
        return said
    return f"{said} · {words.path(texts, definition, entry.target, entry.path)}"


def _fate(texts: Texts, entry: TargetEntry) -> str:
    """When it was replaced or taken back, by whom and why; nothing while it stands."""
    if entry.replaced_at is None:
        return texts.value(None)
    told = [moment_short(texts, entry.replaced_at), entry.replaced_by, entry.replaced_because]
    return " · ".join(part for part in told if part)
