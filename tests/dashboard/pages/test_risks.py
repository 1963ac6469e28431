"""The register page: counted again by hand, chosen, kept as views, published, and as of a day."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.components.risks.register import choosing, heat
from dashboard.components.risks.register.arranging import Grouping
from dashboard.components.risks.register.columns import RegisterColumn
from dashboard.components.risks.register.looked import Looked, look
from dashboard.components.risks.register.written import as_file
from dashboard.context import Link, PageContext
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace
from risks.criteria.actions import decide_criteria, propose_criteria
from risks.criteria.reading import default_criteria
from risks.register.choosing import Order
from risks.register.kinds import Kind
from tests.benchmarks.registering import fill
from tests.dashboard.pages.measured import Tab, words_of
from tests.dashboard.pages.registered import (
    LATER,
    MOVED,
    OBJECTIVES,
    PROPOSED,
    PUBLISHED,
    STORIES,
    TODAY,
    Story,
    before_it_moved,
    registered,
)
from tests.risks.house import RiskHouse, risk_house

MP = pytest.MonkeyPatch
AUDITOR, OWNER, VIEWER = (f"{name}@example.org" for name in ("auditor", "owner", "viewer"))
CODES = {story.title: f"R-{number:04}" for number, story in enumerate((*STORIES, LATER), 1)}
CLOSED = "Old forms are used"
# Level of each risk in the register now, read off the matrix by eye.
NOW = {
    "Blank passports run out": "Critical",
    "Archive floods": "Medium",
    "Data leak from the register": "Critical",
    "Printer of cards fails": "Low",
    "Key staff leave": "Medium",
    "Court overturns the fees": "Low",
    "Plates are misprinted": "Medium",
    "Budget is cut": "High",
    "Queue is hacked *again*": "High",
    "=SUM(A1)": "Low",
    "Portal is attacked": "High",
}
THEN = NOW | {"Blank passports run out": "High", "Printer of cards fails": "Medium", CLOSED: "Low"}
del THEN["Portal is attacked"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RiskHouse]:
    found = registered(tmp_path_factory)
    yield found
    found.workspace.database.dispose()


def opened(house: RiskHouse, monkeypatch: MP, email: str = AUDITOR, **link: str) -> Tab:
    return Tab(house.workspace, monkeypatch, "risks", email=email, **link)


def titles(tab: Tab) -> list[str]:
    """The risks of the table, without their codes; a heading has no level and is left out."""
    table = register(tab)
    return [title_of(cell) for cell in table["Risk"] if cell.startswith("R-")]


def register(tab: Tab) -> Any:
    """The table of the register; above it the map has tables of its own."""
    return tab.page.table[-1].value.map(lambda cell: words_of([cell]))


def title_of(cell: str) -> str:
    return cell.split(" ", 1)[1]


def levels(tab: Tab) -> dict[str, str]:
    """Title to the word for the level now."""
    table = register(tab)
    told = zip(table["Risk"], table["Level now"], strict=True)
    return {title_of(risk): level.split("  \n")[0].split(" ", 1)[1] for risk, level in told}


def several(tab: Tab, key: str, *values: str) -> None:
    tab.page.multiselect(key=key).set_value(list(values)).run()
    assert not tab.page.exception


# The answer and the table


def test_the_answer_counts_what_the_story_told(house: RiskHouse, monkeypatch: MP) -> None:
    said = opened(house, monkeypatch).said
    assert f"{len(NOW)} risks are in the register." in said
    # Operations bears medium, information high: R-0001 and R-0003 are above.
    assert "Above the tolerable level: 2. Escalated: 1." in said
    day = Texts(Language.EN).day(TODAY - timedelta(days=91))
    assert f"Since {day}: higher 1, lower 1, new 1, left it 1." in said


def test_rows_and_workbook_are_offered_to_whoever_sees_them(
    house: RiskHouse, monkeypatch: MP
) -> None:
    for email in (AUDITOR, VIEWER):
        tab = opened(house, monkeypatch, email)
        labels = {one.proto.label for one in tab.page.get("download_button")}
        assert labels == {"Download CSV", "Excel register"}


def test_every_risk_in_the_register_is_told_the_highest_first(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    assert levels(tab) == NOW
    ranks = ["Critical", "High", "Medium", "Low"]
    shown = [ranks.index(level) for level in levels(tab).values()]
    assert shown == sorted(shown)
    table = register(tab).set_index("Risk")
    passports = table.loc["R-0001 Blank passports run out"]
    assert "higher, was" in passports["Level now"]
    assert [word.split(" ")[-1] for word in passports["Inherent → current → target"].split(" → ")]
    assert "1 open" in passports["Open treatments"]
    assert "Overdue" in passports["Open treatments"]
    assert passports["Unit"] == "Prishtinë"
    assert passports["Category"] == "Operations"
    assert "lower, was" in table.loc["R-0004 Printer of cards fails"]["Level now"]
    assert "new in the register" in table.loc["R-0012 Portal is attacked"]["Level now"]
    assert "was" not in table.loc["R-0002 Archive floods"]["Level now"]
    assert "Escalated" in table.loc["R-0003 Data leak from the register"]["Status"]


def test_the_day_compared_with_decides_what_moved(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    tab.page.date_input(key="risks.since").set_value(MOVED + timedelta(days=5)).run()
    assert "higher 0, lower 0, new 0, left it 0." in tab.said
    tab.page.date_input(key="risks.since").set_value(TODAY - timedelta(days=300)).run()
    assert "nothing stood in the register to compare with" in tab.said
    assert not register(tab)["Level now"].str.contains("new in").any()


def test_who_works_in_a_unit_sees_its_risks_alone(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, OWNER)
    own = {story.title for story in STORIES if story.who == "owner"} - {CLOSED}
    assert set(titles(tab)) == own
    assert f"{len(own)} risks of your units or your own are in the register." in tab.said


# Choosing


def test_a_filter_leaves_what_it_names(house: RiskHouse, monkeypatch: MP) -> None:
    wanted: dict[tuple[str, str], Callable[[Story], bool]] = {
        (choosing.UNITS, "O02"): lambda one: one.who == "other",
        (choosing.CATEGORIES, "OPERATIONS"): lambda one: one.category == "OPERATIONS",
        (choosing.OWNERS, OWNER): lambda one: one.who == "owner",
        (choosing.OBJECTIVES, "3.2"): lambda one: "3.2" in one.objectives,
        (choosing.LEVELS, "high"): lambda one: NOW[one.title] == "High",
        (choosing.STATUSES, "accepted"): lambda one: one.title == "Budget is cut",
    }
    tab = opened(house, monkeypatch)
    active = [story for story in (*STORIES, LATER) if story.title in NOW]
    for (key, value), is_wanted in wanted.items():
        several(tab, key, value)
        assert set(titles(tab)) == {story.title for story in active if is_wanted(story)}, key
        tab.page.button(key="risks.clear").click().run()
        assert len(titles(tab)) == len(NOW)


def test_words_flags_and_what_is_not_in_the_register(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    tab.page.text_input(key=choosing.TEXT).input("CARDS printer").run()
    assert titles(tab) == ["Printer of cards fails"]
    tab.page.text_input(key=choosing.TEXT).input("").run()
    tab.page.checkbox(key=choosing.ESCALATED).check().run()
    assert titles(tab) == ["Data leak from the register"]
    tab.page.checkbox(key=choosing.ESCALATED).uncheck().run()
    tab.page.checkbox(key=choosing.ABOVE).check().run()
    assert set(titles(tab)) == {"Blank passports run out", "Data leak from the register"}
    tab.page.checkbox(key=choosing.ABOVE).uncheck().run()
    tab.choose(choosing.STANDING, choosing.Standing.PENDING)
    assert set(titles(tab)) == {PROPOSED.title, "Only a thought"}
    assert levels(tab)["Only a thought"] == "assessed"  # 'Not assessed', never 0
    tab.choose(choosing.STANDING, choosing.Standing.OVER)
    assert set(titles(tab)) == {CLOSED, "Sky falls"}
    tab.page.text_input(key=choosing.TEXT).input("nothing of the kind").run()
    assert "No risk is like this" in tab.said


def test_they_stand_together_by_objective(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    tab.choose("risks.group", Grouping.OBJECTIVE)
    found: dict[str, list[str]] = {}
    for cell in register(tab)["Risk"]:
        if cell.startswith("R-"):
            found[list(found)[-1]].append(title_of(cell))
        else:
            found[cell.split(" · ")[0]] = []
    active = [story for story in (*STORIES, LATER) if story.title in NOW]
    for code, name in OBJECTIVES.items():
        wanted = {story.title for story in active if code in story.objectives}
        assert set(found[f"{code} {name}"]) == wanted
    assert set(found["Without objective"]) == {s.title for s in active if not s.objectives}
    assert "stands under each of them" in tab.said


def test_order_and_columns_are_one_s_own(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    tab.choose("risks.order", Order.TITLE)
    assert titles(tab) == sorted(NOW, key=lambda title: title.casefold())
    tab.page.checkbox(key="risks.reverse").check().run()
    assert titles(tab) == sorted(NOW, key=lambda title: title.casefold(), reverse=True)
    tab.page.button_group(key="risks.columns").set_value([RegisterColumn.APPETITE]).run()
    assert list(register(tab).columns) == ["Risk", "Appetite"]
    told = register(tab).set_index("Risk")["Appetite"]
    assert "Above tolerable" in told["R-0001 Blank passports run out"]
    assert "Above optimal" in told["R-0008 Plates are misprinted"]
    assert told["R-0011 =SUM(A1)"] == "Within appetite"
    assert told["R-0009 Budget is cut"] == Texts(Language.EN).value(None)


def test_many_risks_are_told_a_page_at_a_time(workspace: Workspace, monkeypatch: MP) -> None:
    house = risk_house(workspace)
    fill(workspace, 60)
    tab = opened(house, monkeypatch)
    tab.choose("risks.order", Order.NUMBER)
    assert "Rows 1–25 of 60" in tab.said
    tab.page.pagination[0].set_value(3).run()
    assert "Rows 51–60 of 60" in tab.said
    assert [cell.split(" ")[0] for cell in register(tab)["Risk"]] == [
        f"R-{number:04}" for number in range(51, 61)
    ]
    several(tab, choosing.UNITS, "O01")
    assert "Rows 1–25 of 30" in tab.said


# Saved views


def test_a_view_survives_the_session_and_opens_the_register(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    several(tab, choosing.UNITS, "O02")
    tab.choose("risks.order", Order.TITLE)
    tab.page.text_input(key="risks.view.name").input("Prizren")
    tab.page.button(key="risks.view.save").click().run()
    shown = titles(tab)
    another = opened(house, monkeypatch)
    assert len(titles(another)) == len(NOW)
    another.page.button(key="risks.view.use.0").click().run()
    assert titles(another) == shown
    another.page.text_input(key="risks.view.name").input("Prizren")
    another.page.checkbox(key="risks.view.usual").check()
    another.page.button(key="risks.view.save").click().run()
    third = opened(house, monkeypatch)
    assert titles(third) == shown
    assert "opens the register" in third.said
    nobody_else = opened(house, monkeypatch, "coordinator@example.org")
    assert "Prizren ★" not in nobody_else.said
    third.page.button(key="risks.view.forget.0").click().run()
    assert len(titles(opened(house, monkeypatch))) == len(NOW)


def test_a_view_needs_a_name(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    tab.page.button(key="risks.view.save").click().run()
    assert "Give the view a name" in tab.said


# What is published


def test_who_sees_only_what_is_published_sees_nothing_since(
    house: RiskHouse, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch, VIEWER)
    assert levels(tab) == THEN
    assert Texts(Language.EN).day(PUBLISHED) in "\n".join(one.value for one in tab.page.info)
    assert "nothing was published to compare with" in tab.said
    review = register(tab).set_index("Risk")["Next review"]
    assert "Overdue" in review["R-0003 Data leak from the register"]  # already when published
    assert "Overdue" not in review["R-0002 Archive floods"]  # what came later is not told
    everything = str(tab.page._tree)
    for unpublished in ("Portal", PROPOSED.title, "Only a thought", "Sky falls", "Escalated"):
        assert unpublished not in everything
    for person in (OWNER, "other@example.org"):
        assert person not in everything
    assert "Owner" not in register(tab).columns
    tab.choose(choosing.STANDING, choosing.Standing.ALL)
    assert set(titles(tab)) == set(THEN)


def test_before_anything_is_published_the_place_says_so(
    workspace: Workspace, monkeypatch: MP
) -> None:
    house = risk_house(workspace)
    assert "was not published yet" in opened(house, monkeypatch, VIEWER).said
    assert "No risk is in your sight yet" in opened(house, monkeypatch).said


# As of a day


def test_as_of_a_day_is_what_was_shown_then(
    house: RiskHouse, monkeypatch: MP, tmp_path_factory: pytest.TempPathFactory
) -> None:
    earlier = before_it_moved(tmp_path_factory)
    then = opened(earlier, monkeypatch)
    day = (MOVED - timedelta(days=2)).isoformat()
    now = opened(house, monkeypatch, as_of=day)
    timeless = ["Risk", "Level now", "Category", "Unit", "Owner", "Status"]
    assert register(now)[timeless].equals(register(then)[timeless])
    assert levels(now) == THEN
    assert "Escalated: 1. Since" in now.said
    on_map = opened(house, monkeypatch, as_of=day, part="map")
    assert cells(looked(house, as_of=None)) != cells(looked(earlier, as_of=None))
    assert on_map.page.table[0].value.iloc[0, 1] == "1"  # critical: R-0003 alone
    earlier.workspace.database.dispose()


# The map


def looked(house: RiskHouse, as_of: None) -> Looked:
    context = context_of(house)
    found = look(context, TODAY - timedelta(days=91))
    assert found is not None
    return found


def context_of(house: RiskHouse) -> PageContext:
    texts, month = Texts(Language.EN), Period.parse("2025-03")
    return PageContext(house.workspace, house["auditor"], texts, Link(), month)


def cells(found: Looked) -> dict[tuple[int, int], int]:
    """The risks in the register by their cell, counted from the records themselves."""
    counts: dict[tuple[int, int], int] = {}
    for risk in found.risks:
        judged = risk.assessment(Kind.CURRENT)
        if risk.is_active and judged and judged.likelihood and judged.impact:
            cell = judged.likelihood, judged.impact
            counts[cell] = counts.get(cell, 0) + 1
    return counts


def test_a_cell_lists_its_risks(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, part="map")
    assert "Critical: 2 of 11 assessed risks" in str(tab.page.get("plotly_chart")[0].proto)
    assert len(titles(tab)) == len(NOW)
    tab.choose(heat.CELL, (5, 4))
    assert titles(tab) == ["Blank passports run out"]
    tab.choose(heat.CELL, (2, 2))
    assert set(titles(tab)) == {"Printer of cards fails", "Court overturns the fees"}
    assert heat.clicked({"points": [{"customdata": [2, 2]}]}) == (2, 2)
    assert heat.clicked({"points": [{"customdata": [9, 9]}, {}]}) is None


def test_movement_is_told_in_words(house: RiskHouse, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, part="map")
    tab.page.button_group(key=heat.OVERLAY).set_value(heat.Overlay.MOVEMENT).run()
    assert "Moved since" in tab.said
    table = tab.page.table[-2].value.map(lambda cell: words_of([cell]))
    told = {row["Risk"].split(" ")[0]: (row["Stood"], row["Stands"]) for _, row in table.iterrows()}
    assert set(told) == {"R-0001", "R-0002", "R-0004", "R-0007", "R-0012"}
    assert told["R-0001"][0].startswith("Likely × impact 3")
    assert told["R-0001"][1].startswith("Almost certain × impact 4")
    assert told["R-0007"][1] == "Closed"
    assert told["R-0012"][0] == "Was not there yet"
    tab.page.button_group(key=heat.OVERLAY).set_value(heat.Overlay.PATHS).run()
    assert tab.page.multiselect(key=heat.LED).value[:2] == ["R-0001", "R-0003"]
    tab.page.button_group(key=heat.KIND).set_value(Kind.TARGET).run()
    aimed = [story for story in (*STORIES, LATER) if story.target and story.title in NOW]
    unaimed = len(NOW) - len(aimed)
    assert f"Not assessed, therefore in no cell: {unaimed}" in tab.said


# Earlier criteria


def test_earlier_criteria_are_marked_and_claim_no_movement(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: MP
) -> None:
    house = registered(tmp_path_factory)
    criteria = default_criteria()
    rows = [list(row) for row in criteria.matrix]
    rows[1][2:] = rows[2][2:] = ["high", "high", "high"]  # R-0008 stands at unlikely x 3
    rows[3][2:], rows[4][2:] = ["high", "high", "critical"], ["high", "critical", "critical"]
    changed = replace(criteria, matrix=tuple(map(tuple, rows)))
    version = propose_criteria(
        house.workspace, by=house["coordinator"], criteria=changed, reason="Stricter"
    )
    decide_criteria(house.workspace, by=house["director"], version=version, approve=True)
    house.judge("other", Kind.CURRENT, 3, 3, "R-0004")
    tab = opened(house, monkeypatch)
    told = register(tab).set_index("Risk")["Level now"]
    plates = told["R-0008 Plates are misprinted"]
    assert "by earlier criteria" in plates
    assert "Medium" in plates
    printer = told["R-0004 Printer of cards fails"]
    assert "by earlier criteria" not in printer
    assert "by other criteria, was" in printer
    assert "High" in printer
    on_map = opened(house, monkeypatch, part="map")
    assert f"Assessed by earlier criteria: {len(NOW) - 1}." in on_map.said
    house.workspace.database.dispose()


# The file, the languages


def test_the_file_has_the_columns_shown_and_runs_no_formula(house: RiskHouse) -> None:
    found = looked(house, as_of=None)
    active = [risk for risk in found.risks if risk.is_active]
    content = as_file(found, active, tuple(RegisterColumn))
    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    assert {row["Title"].removeprefix("'") for row in rows.values()} == set(NOW)
    assert rows["R-0011"]["Title"] == "'=SUM(A1)"
    assert rows["R-0001"]["Movement of the level"] == "higher"
    assert rows["R-0001"]["Open treatments"] == "1"
    due = next(risk for risk in active if risk.code == "R-0001").treatments[0].due
    assert rows["R-0001"]["Next treatment due"] == due.isoformat()
    assert rows["R-0002"]["Objectives"] == "; ".join(f"{c} {n}" for c, n in OBJECTIVES.items())
    assert rows["R-0003"]["Escalated"] == "Yes"
    assert len(as_file(found, active, ()).splitlines()[0].split(b",")) == 2


def test_it_speaks_the_other_languages(house: RiskHouse, monkeypatch: MP) -> None:
    english, *others = (
        {*register(opened(house, monkeypatch, part="map", language=language)).columns}
        for language in ("en", "sq", "sr")
    )
    for heads in others:
        assert len(heads) == len(english)
        assert heads & english <= {"Status"}  # which is Serbian too
