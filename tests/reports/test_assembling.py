"""A pack is put together for months, quarters and years, whatever its KPIs are told of."""

from __future__ import annotations

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from kpis.scorecard import scorecard
from reports.packs.assembling import assemble
from reports.packs.management import ManagementPack, Variation
from reports.workbook import build_workbook
from tests.dashboard.pages.measured import measured


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return measured(tmp_path_factory)


@pytest.mark.parametrize(
    ("period", "alone"), [("2025-03", set()), ("2025-Q1", {"MG-02", "CR-05"}), ("2024", {"CR-03"})]
)
def test_a_pack_holds_every_kpi_told_of_its_period(
    told: Workspace, period: str, alone: set[str]
) -> None:
    pack = assemble(told, by=SYSTEM, period=Period.parse(period))
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        card = scorecard(reader, period=Period.parse(period))
    assert {row.code for row in pack.scorecard} == {row.code for row in card.rows} >= alone
    for language in Language:
        assert build_workbook(pack, Texts(language)).startswith(b"PK")


def test_too_short_a_series_is_said_to_be_too_short(told: Workspace) -> None:
    pack: ManagementPack = assemble(told, by=SYSTEM, period=Period.parse("2024-06"))
    by_code = {row.code: row for row in pack.scorecard}
    assert by_code["SD-01"].variation is Variation.NOT_ENOUGH
