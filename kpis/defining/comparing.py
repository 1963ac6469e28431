"""How one definition differs from another, value by value; what an import would do, before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data.errors import Refusal
from data.workspace import Reader
from kpis.catalogue import Entry
from kpis.defining.document import Placed, read_documents, table_of
from kpis.defining.guards import require_fitting_targets, require_seen
from kpis.defining.reading import DefinedKpi, read_defined
from kpis.defining.rules import faults_of

_NAMES = ("name", "reason", "contract", "date")  # what tells the items of a list apart


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after; None where it is not said."""

    path: str
    old: str | None
    new: str | None


def differences(old: Entry | None, new: Entry | None) -> tuple[Difference, ...]:
    """Every value that is not the same, in the order of the document; None is no KPI."""
    before, after = _values(old), _values(new)
    paths = dict.fromkeys([*after, *before])
    return tuple(
        Difference(path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    )


def _values(entry: Entry | None) -> dict[str, str]:
    return dict(_flat(table_of(entry), "")) if entry else {}


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _flat(one, f"{path}.{_name_of(one, number)}")
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _name_of(item: Any, number: int) -> str:
    named = item if isinstance(item, Mapping) else {}
    return next((str(named[name]) for name in _NAMES if name in named), str(number))


class ImportVerdict(StrEnum):
    """What an import would do with a KPI."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a KPI of a document is refused: the line, the path, and the fault there."""

    line: int
    path: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Incoming:
    """A KPI of a document, beside what is defined now; `seen` is the version compared with."""

    entry: Entry
    verdict: ImportVerdict
    differences: tuple[Difference, ...]
    why: tuple[Why, ...]
    seen: int | None
    has_target: bool  # which an import leaves alone

    @property
    def code(self) -> str:
        return self.entry.definition.code


def preview_import(reader: Reader, text: str) -> tuple[Incoming, ...]:
    """What importing a text would do, KPI by KPI; a text that cannot be read is Invalid."""
    known = {one.code: one for one in read_defined(reader)}
    return tuple(
        _incoming(reader, placed, known.get(placed.entry.definition.code))
        for placed in read_documents(text)
    )


def _incoming(reader: Reader, placed: Placed, now: DefinedKpi | None) -> Incoming:
    entry, seen = placed.entry, now.version if now else None
    why = tuple(_why(reader, placed, seen))
    changed = differences(now.entry if now else None, entry)
    verdict = (
        ImportVerdict.NEW
        if now is None
        else ImportVerdict.CHANGED
        if changed
        else ImportVerdict.SAME
    )
    if why:
        verdict = ImportVerdict.REFUSED
    return Incoming(entry, verdict, changed, why, seen, entry.target is not None)


def _why(reader: Reader, placed: Placed, seen: int | None) -> Iterator[Why]:
    definition = placed.entry.definition
    for fault in faults_of(placed.entry):
        yield Why(placed.line_of(fault.path), fault.path, fault.refusal)
    try:
        require_seen(reader, definition.code, seen)
        require_fitting_targets(reader, definition)
    except Refusal as refused:
        yield Why(placed.line_of("code"), "code", refused)
