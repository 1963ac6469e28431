"""The draft a person works on in this tab: a table of the structure of the catalogue's files."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import streamlit as st

from data.errors import Invalid
from kpis.catalogue import Entry
from kpis.defining.document import entry_from, table_of
from kpis.defining.guards import Charge
from kpis.defining.reading import DefinedKpi

_DRAFT, _NUMBER = "define.draft", "define.number"  # keys of the session
Table = dict[str, Any]


@dataclass
class Draft:
    """What was written so far. `seen` is the version it began from, None for a new KPI.

    Widgets are keyed by `number`, which is new whenever the table changes under them; rows of
    lists are keyed by numbers of their own, so that one can go without the others moving.
    """

    number: int
    table: Table
    charge: Charge
    seen: int | None
    text: str | None = None  # as YAML, while that is what is edited
    rows: dict[str, list[int]] = field(default_factory=dict)
    begun: int = 0
    _rows: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.begun = self.number

    def key(self, path: str) -> str:
        """The key of the widget of a value."""
        return f"define.{self.number}.{path}"

    def seed(self, path: str, value: Any, *, lasting: bool = False) -> str:
        """The key of a widget, which begins with this value unless it holds one already.

        A `lasting` one does not begin anew with another table.
        """
        key = f"define.{self.begun}.lasting.{path}" if lasting else self.key(path)
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    def rows_of(self, path: str, items: list[Table]) -> list[int]:
        """A number for each row of a list."""
        known = self.rows.setdefault(path, [])
        known.extend(next(self._rows) for _ in range(len(items) - len(known)))
        return known

    def put(self, table: Table) -> None:
        """Go on with another table: every widget begins anew."""
        self.table, self.rows, self.number = table, {}, _next_number()

    def entry(self) -> Entry:
        """The KPI it means; Invalid where it means none."""
        return entry_from(self.table)


def current() -> Draft | None:
    """The draft of this tab, if there is one."""
    draft: Draft | None = st.session_state.get(_DRAFT)
    return draft


def begin(table: Table, *, charge: Charge = Charge(), seen: int | None = None) -> None:  # noqa: B008
    """Begin a draft from a table."""
    st.session_state[_DRAFT] = Draft(_next_number(), deepcopy(table), charge, seen)


def begin_change(kpi: DefinedKpi) -> None:
    """Begin to change a KPI."""
    begin(table_of(kpi.entry), charge=kpi.charge, seen=kpi.version)


def drop() -> None:
    """Forget the draft."""
    st.session_state.pop(_DRAFT, None)


def _next_number() -> int:
    number: int = st.session_state.get(_NUMBER, 0) + 1
    st.session_state[_NUMBER] = number
    return number


def entry_or_fault(draft: Draft) -> tuple[Entry | None, Invalid | None]:
    """The KPI a draft means, or why it means none."""
    try:
        return draft.entry(), None
    except Invalid as fault:
        return None, fault
