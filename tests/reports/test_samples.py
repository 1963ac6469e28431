"""A share of those who answered stands in the board pack with how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openpyxl import Workbook

from data.figure import Figure, Unit
from data.language.languages import Language
from data.language.texts import Texts
from reports.packs.management import ManagementPack, ScorecardRow
from reports.workbook import build_workbook

LOW, HIGH = Figure(65.13, Unit.PERCENT, 1), Figure(78.56, Unit.PERCENT, 1)
FROM = "95 % interval from"
SAID = "{}: a sample, since only some answered. 95 % interval (Wilson): 65.1% to 78.6%."


def test_the_interval_is_a_footnote_a_line_of_the_kpi_and_two_numbers(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    sampled = pack.off_track[0].row.code
    rows = tuple(_told(row, sampled) for row in pack.scorecard)
    sections = tuple(replace(one, row=_told(one.row, sampled)) for one in pack.off_track)
    told = replace(pack, scorecard=rows, off_track=sections)
    book = reopen(build_workbook(told, Texts(Language.EN)))
    said = SAID.format(sampled)
    said_on = [sheet.title for sheet in book if said in _texts(sheet)]
    assert [name.partition(" ")[0] for name in said_on] == ["Scorecard", sampled]
    head, *lines = next(table for sheet in book if (table := _table_in(sheet)))
    ends = {line[0]: line[head.index(FROM) :] for line in lines}
    assert ends.pop(sampled)[:2] == [LOW.value, HIGH.value]
    assert {tuple(ends[row.code][:2]) for row in rows if row.code != sampled} == {("–", "–")}


def _table_in(sheet: Any) -> list[list[Any]]:
    """From the head of the table that holds the interval, if it is on the sheet."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return next((rows[place:] for place, row in enumerate(rows) if FROM in row), [])


def _told(row: ScorecardRow, code: str) -> ScorecardRow:
    return replace(row, interval=(LOW, HIGH)) if row.code == code else row


def _texts(sheet: Any) -> set[Any]:
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row}
