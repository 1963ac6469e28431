"""The chart of the KPI page: its season, what people say on it, and the end of the year."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.components.kpi_reading import charts_of
from dashboard.components.kpi_season import SeasonView
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.language.languages import Language
from data.people import add_first_administrator
from data.period import Period
from data.store.tables import KpiDefinition
from data.workspace import Workspace
from kpis.notes import NoteKind, Place, add_note, read_notes, withdraw_note
from kpis.readings import Ask, refresh
from kpis.register import read_kpi
from tests.dashboard.pages.measured import MANAGER, VIEWER, Tab
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, founded, open_offices, settings_in

MP = pytest.MonkeyPatch
FIRST = pd.Timestamp(2021, 10, 1)
MONTHS = 39  # to December 2024
SEPTEMBER = "2024-09"


def applications() -> pd.DataFrame:
    """Applications that come and go with the seasons, most of them in July."""
    random = np.random.default_rng(7)
    starts = pd.date_range(FIRST, periods=MONTHS, freq="MS")
    wave = np.cos(2 * np.pi * (starts.month.to_numpy() - 7) / 12)
    counts = (120 + 60 * wave + random.normal(0, 8, MONTHS)).round().astype(int)
    days = np.concatenate(
        [
            start + pd.to_timedelta(random.integers(0, start.days_in_month, count), "D")
            for start, count in zip(starts, counts, strict=True)
        ]
    )
    frame = pd.DataFrame({"application_id": [f"A{n:05}" for n in range(len(days))]})
    frame["submitted_at"] = pd.to_datetime(days) + pd.Timedelta(hours=9)
    frame["updated_at"] = frame["submitted_at"]
    frame["service_code"] = "PASSPORT"
    frame["office_code"] = random.choice(["O01", "O02"], len(frame))
    frame["is_test"] = False
    return frame


ROWS = applications()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("seasonal"))))
    open_offices(workspace, ["O01", "O02"])
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, MANAGER, Role.MANAGER)
    join(workspace, VIEWER, Role.VIEWER)
    first, cut = FIRST.date(), date(2024, 12, 31)
    Loads(workspace).load("applications", ROWS, cut_off=cut, first=first)
    refresh(workspace, by=SYSTEM, codes=["IN-01"])
    with workspace.database.writing() as session:
        session.get_one(KpiDefinition, "IN-01").scorecard = True
    yield workspace
    workspace.database.dispose()


@pytest.fixture
def house(told: Workspace) -> Iterator[Workspace]:
    """The house, cleared of notes afterwards."""
    yield told
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        notes = read_notes(reader, ["IN-01"])["IN-01"]
    for note in notes:
        if note.withdrawn_at is None:
            withdraw_note(told, by=SYSTEM, note_id=note.id)


def opened(house: Workspace, monkeypatch: MP, **more: str) -> Tab:
    return Tab(house, monkeypatch, "kpi", **{"kpi": "IN-01", "period": SEPTEMBER, **more})


def drawn(tab: Tab) -> str:
    """What the control chart was drawn from."""
    spec = json.loads(tab.page.get("plotly_chart")[0].proto.spec)
    return json.dumps(spec, ensure_ascii=False).replace("<br>", " ")


def fill(tab: Tab, kind: NoteKind, day: date, reason: str) -> None:
    tab.page.radio(key="kpi.note.kind").set_value(kind)
    tab.page.date_input(key="kpi.note.day").set_value(day)
    tab.page.text_input(key="kpi.note.text").set_value(reason)
    tab.page.button(key="kpi.note.save").click().run()
    assert not tab.page.exception


# Seasons


def test_a_seasonal_series_offers_its_adjusted_chart_and_says_why(
    house: Workspace, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    assert "The series repeats with the seasons" in tab.said
    assert "Seasonally adjusted" not in drawn(tab)
    tab.page.button_group(key="kpi.season.IN-01").set_value(SeasonView.ADJUSTED).run()
    assert not tab.page.exception
    assert "Seasonally adjusted" in drawn(tab)


def test_the_month_effects_are_shown_highest_in_july(house: Workspace, monkeypatch: MP) -> None:
    (effects,) = opened(house, monkeypatch).page.dataframe[0].value.to_dict("records")
    numbers = {month: float(text.replace("−", "-")) for month, text in effects.items()}
    assert next(iter(numbers)) == "January"
    assert max(numbers, key=lambda month: numbers[month]) == "July"
    assert numbers["July"] == pytest.approx(60, abs=12)
    assert sum(numbers.values()) == pytest.approx(0, abs=6)


def test_a_series_too_short_for_seasons_offers_nothing(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch, period="2023-09")
    assert "seasons" not in tab.said
    assert not [one for one in tab.page.button_group if one.key == "kpi.season.IN-01"]


# The end of the year


def test_the_end_of_the_year_is_projected_with_its_interval(
    house: Workspace, monkeypatch: MP
) -> None:
    months = ROWS["submitted_at"].dt.to_period("M").value_counts().sort_index()
    known = months[: pd.Period("2024-09")]
    level = known.ewm(alpha=0.2, adjust=False).mean()
    expected = known[pd.Period("2024-01") :].sum() + 3 * level.iloc[-1]
    tab = opened(house, monkeypatch)
    assert f"Expected for 2024: {expected:,.0f} cases (80% interval: " in tab.said


def test_the_scorecard_tells_it_too(house: Workspace, monkeypatch: MP) -> None:
    said = opened(house, monkeypatch).said
    found = re.search(r"Expected for 2024: ([\d,]+) cases \(80% interval: (\S+) to (\S+)\)", said)
    assert found is not None
    figure, low, high = found.groups()
    card = Tab(house, monkeypatch, "scorecard", period=SEPTEMBER)
    rows = card.table.set_index(card.table.columns[0])
    (row,) = rows[rows.index.str.contains("IN-01")].to_dict("records")
    assert row["Year end (80%)"].split() == [figure, f"{low}–{high}"]
    (others,) = set(rows.loc[~rows.index.str.contains("IN-01|objective"), "Year end (80%)"])
    assert others == "–"


def test_a_finished_year_and_a_short_history_are_not_projected(
    house: Workspace, monkeypatch: MP
) -> None:
    assert "Expected for" not in opened(house, monkeypatch, period="2024-12").said
    short = opened(house, monkeypatch, period="2023-03").said
    assert "Year-end projection: the history is too short: 18 of 29 periods" in short


# Rebases and annotations


def test_new_limits_are_said_in_the_form_and_drawn(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    fill(tab, NoteKind.REBASE, date(2023, 3, 1), "Online form opened")
    assert "It stands on the chart now." in tab.said
    assert "New limits from 1 March 2023: Online form opened" in tab.said
    assert "New limits" in drawn(tab)


def test_an_annotation_is_named_on_the_chart(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    fill(tab, NoteKind.ANNOTATION, date(2023, 5, 10), "Strike of the post for two weeks in May")
    assert f"10 May 2023: Strike of the post for two weeks in May ({MANAGER})" in tab.said
    assert "Strike of the post for two" in drawn(tab)


def test_no_reason_or_a_day_outside_the_series_is_refused_in_words(
    house: Workspace, monkeypatch: MP
) -> None:
    tab = opened(house, monkeypatch)
    fill(tab, NoteKind.REBASE, date(2023, 3, 1), "  ")
    assert "Say why: without a reason nothing is put on a chart." in tab.said
    fill(tab, NoteKind.REBASE, date(2030, 1, 1), "Too late")
    assert "1 January 2030 lies outside the published series" in tab.said
    assert "from 1 October 2021 to 31 December 2024" in tab.said


def test_a_note_is_withdrawn_after_saying_what_that_changes(
    house: Workspace, monkeypatch: MP
) -> None:
    place = Place("IN-01")
    number = add_note(
        house, by=SYSTEM, place=place, kind=NoteKind.REBASE, day=date(2023, 3, 1), text="Wrong"
    )
    tab = opened(house, monkeypatch)
    opener = f"kpi.note.withdraw.{number}"
    tab.page.button(key=opener).click().run()
    assert "The limits are computed again as if it had never been said." in tab.said
    tab.page.button(key=opener).click()
    tab.page.button(key="confirm.yes").click().run()
    assert "It is off the chart." in tab.said
    assert "Wrong" not in tab.said


def test_the_small_charts_of_offices_have_the_same_limits(house: Workspace) -> None:
    def stretches() -> dict[str, int]:
        months = (Period.parse("2021-10"), Period.parse(SEPTEMBER))
        with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
            found = charts_of(reader, read_kpi(reader, "IN-01"), Ask("IN-01", *months, ("office",)))
        return {office: len(chart.groups) for office, chart in found.items()}

    assert stretches() == {"O01": 1, "O02": 1}
    place, day = Place("IN-01", office="O01"), date(2023, 3, 1)
    one = add_note(house, by=SYSTEM, place=place, kind=NoteKind.REBASE, day=day, text="New hall")
    assert stretches() == {"O01": 2, "O02": 1}
    withdraw_note(house, by=SYSTEM, note_id=one)
    assert stretches() == {"O01": 1, "O02": 1}


def test_a_viewer_reads_notes_and_cannot_write_them(house: Workspace, monkeypatch: MP) -> None:
    add_note(
        house,
        by=SYSTEM,
        place=Place("IN-01"),
        kind=NoteKind.ANNOTATION,
        day=date(2023, 3, 1),
        text="Heard by all",
    )
    tab = opened(house, monkeypatch, email=VIEWER)
    assert "Heard by all" in tab.said
    assert not [one for one in tab.page.button if str(one.key).startswith("kpi.note")]


def test_what_people_wrote_is_not_read_as_markup(house: Workspace, monkeypatch: MP) -> None:
    tab = opened(house, monkeypatch)
    fill(tab, NoteKind.ANNOTATION, date(2023, 5, 10), "<b>**x**</b> [a](http://example.org)")
    raw = [caption.value for caption in tab.page.caption if "example" in caption.value]
    assert len(raw) == 1
    assert "\\[a\\]" in raw[0]
    assert "\\<b\\>" in raw[0]
    assert "&lt;b&gt;**x**" in drawn(tab)


@pytest.mark.parametrize("language", list(Language))
def test_it_speaks_every_language(house: Workspace, monkeypatch: MP, language: Language) -> None:
    tab = opened(house, monkeypatch, language=language.value)
    assert not [name for name in ("season.", "notes.", "projection.") if name in tab.said]
