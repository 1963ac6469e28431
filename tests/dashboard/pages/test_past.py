"""Pages of the performance as of an earlier load: said loudly, by link, not to be changed."""

from __future__ import annotations

import pytest

from data.workspace import Workspace
from tests.dashboard.pages.measured import Tab, measured

MP = pytest.MonkeyPatch
PAGES = (
    "overview",
    "scorecard",
    "kpi",
    "comparison",
    "service-delivery",
    "actions",
    "targets",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return measured(tmp_path_factory)


def row_of(tab: Tab, code: str) -> list[str]:
    return next(list(row) for row in tab.table.to_numpy() if code in row[0])


def test_the_scorecard_of_the_first_load_does_not_know_the_second(
    told: Workspace, monkeypatch: MP
) -> None:
    now = Tab(told, monkeypatch, "scorecard", period="2025-03")
    then = Tab(told, monkeypatch, "scorecard", period="2025-03", as_of="1")
    assert "after load 1" in then.said
    assert "after load" not in now.said
    assert row_of(then, "SD-08")[1] != row_of(now, "SD-08")[1]  # of the production of documents
    assert row_of(then, "SD-01")[1] == row_of(now, "SD-01")[1]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_performance_can_be_seen_as_it_was(
    told: Workspace, monkeypatch: MP, page: str
) -> None:
    tab = Tab(told, monkeypatch, page, period="2025-03", kpi="SD-03", as_of="1")
    assert "after load 1" in tab.said
    assert not tab.page.error


def test_there_is_a_way_back(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "scorecard", period="2025-03", as_of="1")
    tab.page.button(key="as-of-back").click().run()
    assert "after load" not in tab.said
    assert "as_of" not in tab.page.query_params


def test_a_time_that_is_none_is_said(told: Workspace, monkeypatch: MP) -> None:
    tab = Tab(told, monkeypatch, "scorecard", period="2025-03", as_of="soon")
    assert "soon" in tab.said


def test_what_was_known_cannot_be_changed(told: Workspace, monkeypatch: MP) -> None:
    fields = {"kpi.note.text", "kpi.note.save"}
    now = Tab(told, monkeypatch, "kpi", period="2025-03", kpi="SD-03")
    then = Tab(told, monkeypatch, "kpi", period="2025-03", kpi="SD-03", as_of="1")
    assert fields <= keys_of(now)
    assert not fields & keys_of(then)


def keys_of(tab: Tab) -> set[str]:
    """The fields and buttons of a page."""
    return {str(one.key) for kind in (tab.page.text_input, tab.page.button) for one in kind}
