"""What the page knows: every value expected in the actor's units, and how things are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboard.components.kpi_names import member_names
from dashboard.components.kpis.figures import named
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.definitions import Definition
from kpis.entering.waiting import Expected, read_expected
from kpis.entries.reading import Entry, EntryState, Slot
from kpis.entries.values import figure_of

BY_VALUE = " · "


@dataclass(frozen=True, slots=True)
class Names:
    """How KPIs and offices are called in the language of the page."""

    texts: Texts
    offices: dict[str, str]

    def kpi(self, definition: Definition) -> str:
        return f"{definition.code} {named(self.texts, definition.names)}"

    def office(self, code: str | None) -> str:
        return self.offices.get(code, code) if code else self.texts.text("shell.every_office")

    def slot(self, slot: Slot) -> str:
        """'March 2026 · Prizren'; the whole agency goes without saying."""
        period = self.texts.period(slot.period)
        return f"{period}{BY_VALUE}{self.office(slot.office)}" if slot.office else period


def names_of(context: PageContext) -> Names:
    return Names(context.texts, dict(member_names(context, "office")))


def expected_of(
    context: PageContext, permission: Permission, *, periods: int | None = None
) -> tuple[Expected, ...]:
    """Every value expected where the actor has this right, in order."""
    with context.workspace.read(context.actor, permission) as reader:
        return read_expected(reader, periods=periods)


def said_of(texts: Texts, definition: Definition, entry: Entry) -> str:
    """'92.5%', and of a ratio also of what: '92.5% (37 / 40)'."""
    shown = texts.figure(figure_of(definition, entry.numerator, entry.denominator))
    if entry.denominator is None:
        return shown
    return f"{shown} ({texts.number(entry.numerator)} / {texts.number(entry.denominator)})"


def state_of(row: Expected) -> str:
    """The key of the word for how far a value has come."""
    if row.on_its_way is not None:
        return f"entry_state.{row.on_its_way.state.value}"
    return f"entry_state.{EntryState.APPROVED.value}" if row.approved else "entering.missing"


def of_code(rows: Iterable[Expected], code: str) -> list[Expected]:
    return [row for row in rows if row.slot.code == code]


def first_where(rows: Sequence[Expected], wanted: Callable[[Expected], bool]) -> int:
    """The place of the first row of this kind, else of the last row."""
    return next((n for n, row in enumerate(rows) if wanted(row)), max(len(rows) - 1, 0))
