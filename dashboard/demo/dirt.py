"""The usual dirt: which files of the demo agency are as untidy as real ones, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo.cases import Cases
from dashboard.demo.demand import TRAITS
from dashboard.demo.spec import DemoSpec, MonthSpan
from dashboard.demo.streams import Streams

WRONG_OFFICE = "O04"  # enters documents as ready on the day they are approved
MISSING_OFFICE = "O30"  # its rows are left out of the first sending
REPEATED_ROWS = 3


class Dirt(StrEnum):
    """What is wrong with a file; damaged rows end in quarantine, all else can be taken in."""

    LEGACY = "legacy"  # the old system: semicolons, cp1250, its own headers, dates and names
    WORKBOOK = "workbook"  # a workbook with title rows and a row of totals
    LATE = "late"  # arrives after the file of the next month
    DAMAGED = "damaged"  # bad dates, unknown codes, decisions before submission
    REPEATED = "repeated"  # some rows stand in it twice
    CORRECTED = "corrected"  # sent again with corrections, a month later


@dataclass(frozen=True, slots=True)
class Blemish:
    """One untidy file: 1 month before the end is the last whole month."""

    dirt: Dirt
    contract: str
    months_before_end: int
    text_key: str


BLEMISHES = (
    Blemish(Dirt.LEGACY, "applications", 34, text_key="demo.dirt.legacy"),
    Blemish(Dirt.WORKBOOK, "production", 20, text_key="demo.dirt.workbook"),
    Blemish(Dirt.LATE, "applications", 18, text_key="demo.dirt.late"),
    Blemish(Dirt.DAMAGED, "applications", 15, text_key="demo.dirt.damaged"),
    Blemish(Dirt.REPEATED, "applications", 13, text_key="demo.dirt.repeated"),
    Blemish(Dirt.CORRECTED, "applications", 4, text_key="demo.dirt.corrected"),
)


def dirt_of(spec: DemoSpec, contract: str, span: MonthSpan) -> Dirt | None:
    """What is wrong with the file of a month; nothing when the specification wants clean files."""
    for blemish in BLEMISHES if spec.dirt else ():
        month = spec.months_before_end(blemish.months_before_end)
        if (blemish.contract, month) == (contract, span.start):
            return blemish.dirt
    return None


def first_sending(cases: Cases, offices: tuple[str, ...]) -> Cases:
    """The cases as the file says that is later sent again: one office wrong, one missing."""
    produced = np.array([trait.produced for trait in TRAITS])
    cases = cases[cases["office"] != offices.index(MISSING_OFFICE)].copy()
    wrong = (cases["office"] == offices.index(WRONG_OFFICE)) & produced[cases["service"]]
    cases["ready"] = np.where(
        wrong & (cases["ready"] < cases["issued"]),
        np.minimum(cases["ready"], cases["decided"] + 600),
        cases["ready"],
    )
    return np.asarray(cases)


def repeat_rows(table: pa.Table, streams: Streams) -> pa.Table:
    """The table with a few of its rows once more at the end."""
    rows = _some(streams.of("dirt.repeated"), len(table), REPEATED_ROWS)
    return pa.concat_tables([table, table.take(rows)])


DAMAGES = (
    ("submitted_at", "2024-02-31 09:12:00"),
    ("submitted_at", "0000-00-00 00:00:00"),
    ("decided_at", "yesterday"),
    ("office_code", "O99"),
    ("service_code", "PASPORT"),
    ("complete_at", "1999-01-04 08:00:00"),
)


def damage(table: pa.Table, streams: Streams) -> pa.Table:
    """The table as text, with a few cells that no contract can accept, and repeated rows."""
    return repeat_rows(spoil(table, DAMAGES, streams, "dirt.damaged"), streams)


def spoil(
    table: pa.Table, damages: Sequence[tuple[str, str]], streams: Streams, name: str
) -> pa.Table:
    """The table as text, with these (column, text) each in a row of its own."""
    text = pa.table({column: as_text(table[column]) for column in table.column_names})
    rows = _some(streams.of(name), len(text), len(damages))
    for row, (column, value) in zip(rows, damages, strict=False):
        text = _with_cell(text, int(row), column, value)
    return text


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as it stands in a native file."""
    return pc.cast(column, pa.string())


def _with_cell(table: pa.Table, row: int, column: str, value: str) -> pa.Table:
    place = pc.equal(pa.array(np.arange(len(table))), row)
    changed = pc.if_else(place, value, table[column])
    return table.set_column(table.column_names.index(column), column, changed)


def _some(rng: np.random.Generator, rows: int, wanted: int) -> np.ndarray:
    """Up to so many different rows, never more than one in a hundred."""
    return rng.choice(rows, size=min(wanted, rows // 100), replace=False)
