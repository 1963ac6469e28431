"""The pack says who acts: commentary, actions and overdue updates as the register has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.store import tables
from data.workspace import Workspace
from kpis.commentary import Late, assign_action, read_actions, write_commentary
from kpis.standing import BEHIND
from reports.packs.assembling import assemble
from reports.packs.management import ManagementPack
from reports.workbook import build_workbook
from tests.house import actor
from tests.kpis.commentary.house import CODE, HEAD, MANAGER, commented
from tests.reports.conftest import open_workbook

JUNE = Period.parse("2024-06")
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = commented(tmp_path_factory)
    yield workspace
    workspace.database.dispose()


def pack_of(house: Workspace) -> ManagementPack:
    return assemble(house, by=SYSTEM, period=JUNE)


@pytest.fixture(scope="module")
def pack(house: Workspace) -> ManagementPack:
    """After something was said, given, and let slip."""
    by = actor(house, MANAGER)
    write_commentary(
        house, by=by, code=CODE, period=JUNE, happened="=Fewer", cause="New form", replaces=None
    )
    due = TODAY + timedelta(days=12)
    assign_action(house, by=by, code=CODE, period=JUNE, what="Train", assignee=HEAD, due=due)
    _let_slip(house)
    return pack_of(house)


def _let_slip(house: Workspace) -> None:
    at = datetime.now(UTC) - timedelta(days=3)
    with house.change(SYSTEM, Permission.ACTION_ASSIGN) as change:
        row = tables.Action(
            kpi_code=CODE,
            frequency="month",
            period_start=JUNE.start,
            what="Count",
            assignee_id=actor(house, HEAD).person_id or 0,
            due=TODAY - timedelta(days=2),
            first_due=TODAY - timedelta(days=9),
            state="in_progress",
            author=MANAGER,
            created_at=at,
            heard_at=at,
        )
        change.add(row)
        change.record(AuditTag.ACTION_ASSIGNED, row, new={"kind": CODE})


def test_who_acts_is_on_the_sheet_of_the_kpi(house: Workspace, pack: ManagementPack) -> None:
    section = next(one for one in pack.off_track if one.row.code == CODE)
    texts = Texts(Language.EN)
    assert texts.value(section.happened) == "=Fewer"
    assert texts.value(section.explanation) == "New form"
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        live = read_actions(reader, [CODE], open_only=True)
    assert [one.number for one in section.actions] == [one.id for one in live]
    assert texts.value(section.row.comment) == "=Fewer"


def test_only_those_nobody_acts_on_are_without_action(pack: ManagementPack) -> None:
    behind = {row.code for row in pack.scorecard if row.status in BEHIND}
    acting = {one.code for one in pack.actions if one.is_open and one.due >= TODAY}
    assert set(pack.summary.without_action) == behind - acting
    assert CODE in behind


def test_what_is_overdue_is_listed_the_longest_first(pack: ManagementPack) -> None:
    late = [(one.kind, one.code, one.since) for one in pack.summary.overdue]
    assert (Late.ACTION, CODE, TODAY - timedelta(days=2)) in late
    assert [since for _, _, since in late] == sorted(since for _, _, since in late)


@pytest.mark.parametrize("language", [Language.EN, Language.SR])
def test_the_workbook_says_so(pack: ManagementPack, language: Language) -> None:
    texts = Texts(language)
    book = open_workbook(build_workbook(pack, texts))
    said = {
        sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        for sheet in book
    }
    own = next(cells for title, cells in said.items() if title.startswith(CODE))
    assert "=Fewer" in own
    first = next(one for one in pack.off_track if one.row.code == CODE).actions[0]
    said_of_it = f"{texts.value(first.what)}\n{first.owner} · "
    assert any(text.startswith(said_of_it) for text in own)
    summary = said[texts.text("reports.sheet.summary")]
    count = len(pack.summary.overdue)
    assert texts.text("reports.summary.overdue", count=count) in summary
    listed = said[texts.text("reports.sheet.actions")]
    assert {"Train", "Count"} <= set(listed)
    assert all(cell.data_type != "f" for sheet in book for row in sheet["A1:L40"] for cell in row
               if cell.value == "=Fewer")  # fmt: skip


def test_an_answer_changes_the_snapshot(house: Workspace, pack: ManagementPack) -> None:
    assert pack_of(house).cover.snapshot_hash == pack.cover.snapshot_hash
    due = TODAY + timedelta(days=30)
    by = actor(house, MANAGER)
    assign_action(house, by=by, code=CODE, period=JUNE, what="More", assignee=HEAD, due=due)
    assert pack_of(house).cover.snapshot_hash != pack.cover.snapshot_hash
