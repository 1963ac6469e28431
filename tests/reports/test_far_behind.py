"""Far behind is said in words beside the status, on the sheets the board reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openpyxl import Workbook

from data.language.languages import Language
from data.language.texts import Texts
from kpis.assessment import StatusKind
from reports.packs.management import ManagementPack
from reports.workbook import build_workbook


def test_the_scorecard_says_far_behind(
    pack: ManagementPack, reopen: Callable[..., Workbook]
) -> None:
    far = next(row for row in pack.scorecard if row.status is StatusKind.BEHIND_WORSENING)
    near = next(row for row in pack.scorecard if row.status is StatusKind.MET)
    rows = tuple(replace(row, far_behind=row is far) for row in pack.scorecard)
    told = replace(pack, scorecard=rows)
    sheet = reopen(build_workbook(told, Texts(Language.EN)))["Scorecard"]
    shown = {row[0].value: str(row[8].value) for row in sheet.iter_rows()}
    assert shown[far.code] == "▼ Behind, not improving · far behind"
    assert shown[near.code] == "● Met"
