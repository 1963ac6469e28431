"""A figure from an incomplete extract is marked on the scorecard, and a footnote says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from openpyxl import Workbook

from data.language.languages import Language
from data.language.texts import Texts
from reports.packs.common import message
from reports.packs.management import ManagementPack
from reports.workbook import build_workbook

KNOWN = message(
    "data_quality.lack_until",
    extract=message("extract_name.applications"),
    day=date(2025, 3, 12),
)


def test_figures_are_marked_and_those_alike_explained_together(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    first, second, third = [row.code for row in pack.scorecard if row.actual.value is not None][:3]
    rows = tuple(
        replace(
            row,
            partial=row.code in (first, second, third),
            lacks=(KNOWN,) if row.code in (first, second) else (),
        )
        for row in pack.scorecard
    )
    told = replace(pack, scorecard=rows)
    sheet = reopen(build_workbook(told, Texts(Language.EN)))["Scorecard"]
    lines = {str(row[0].value): row for row in sheet.iter_rows()}
    marked = {code for code, row in lines.items() if row[5].number_format.endswith('"*"')}
    assert marked == {first, second, third}
    value = next(row.actual.value for row in rows if row.code == first)
    assert lines[first][5].value == value  # the number stays a number
    footnotes = [text for text in lines if text.startswith("* ")]
    assert footnotes == [
        f"* {first}, {second}, preliminary: Applications (known until 12 March 2025)",
        f"* {third}, preliminary: the period may still change",
    ]
