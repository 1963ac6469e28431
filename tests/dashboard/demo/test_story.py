"""Each story can be found in the demo data with plain pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.demo.story import (
    blank_shortage,
    falling_behind,
    office_merger,
    online_launch,
    recovered,
    stories,
)
from data.language.languages import Language
from data.language.texts import Texts

from .conftest import Delivery

MONTHS_2025 = [f"2025-{month:02}" for month in range(7, 13)]


def deadline_kept(applications: pd.DataFrame) -> pd.DataFrame:
    """Due applications with the month of their due date and whether they were done in time."""
    due = applications[(applications.decision != "withdrawn") & (applications.due_date < "2026")]
    done = due.ready_at.where(due.decision != "rejected", due.decided_at)
    in_time = done.dt.normalize() <= due.due_date
    return due.assign(in_time=in_time, month=due.due_date.dt.strftime("%Y-%m"))


def open_at(applications: pd.DataFrame, day: str) -> int:
    """Applications submitted before the day and not decided by then."""
    moment = pd.Timestamp(day)
    decided = applications.decided_at < moment
    return int(((applications.submitted_at < moment) & ~decided).sum())


def test_one_office_falls_behind_month_by_month(
    clean: Delivery, turnaround: pd.DataFrame, applications: pd.DataFrame
) -> None:
    office = str(falling_behind(clean.spec).office)
    share = deadline_kept(applications).groupby(["office_code", "month"]).in_time.mean()
    kept = [share[office, month] for month in MONTHS_2025]
    assert share[office, "2025-02"] > 0.95
    assert kept == sorted(kept, reverse=True)
    assert kept[-1] < 0.35
    documents = turnaround[turnaround.service_code.isin(["PASSPORT", "ID_CARD"])]
    median = documents.groupby(["office_code", "month"]).days.median()
    days = [median[office, month] for month in MONTHS_2025]
    assert days == sorted(days)
    assert days[-1] > 3 * median[office, "2025-02"]
    mine = applications[applications.office_code == office]
    assert open_at(mine, "2026-01-01") > 4 * open_at(mine, "2025-01-01")


def test_the_other_offices_do_not_fall_behind(clean: Delivery, applications: pd.DataFrame) -> None:
    others = applications[applications.office_code != falling_behind(clean.spec).office]
    share = deadline_kept(others).groupby("month").in_time.mean()
    assert share[MONTHS_2025].min() > 0.97
    assert open_at(others, "2026-01-01") < 1.4 * open_at(others, "2025-01-01")


def test_passport_blanks_run_short_for_seven_weeks(
    clean: Delivery, applications: pd.DataFrame, turnaround: pd.DataFrame
) -> None:
    story = blank_shortage(clean.spec)
    assert story.end is not None
    assert (story.end - story.start).days == 49
    passports = applications[(applications.service_code == "PASSPORT")]
    passports = passports[passports.decision == "approved"]

    def waiting(day: object) -> int:
        moment = pd.Timestamp(str(day))
        return int(((passports.decided_at < moment) & ~(passports.ready_at < moment)).sum())

    assert waiting(story.end) > 4 * waiting(story.start)
    assert waiting(recovered(story)) < 2 * waiting(story.start)
    median = turnaround[turnaround.service_code == "PASSPORT"].groupby("month").days.median()
    assert median["2025-04"] > 3 * median["2025-02"]
    assert median["2025-07"] <= median["2025-02"] + 1


def test_the_shortage_hits_every_region_but_only_passports(
    applications: pd.DataFrame,
) -> None:
    kept = deadline_kept(applications)
    april = kept[kept.month == "2025-04"].groupby("service_code").in_time.mean()
    assert april["PASSPORT"] < 0.4
    assert april.drop("PASSPORT").min() > 0.9
    passports = kept[(kept.month == "2025-04") & (kept.service_code == "PASSPORT")]
    places = passports.groupby("municipality_code").in_time.agg(["mean", "size"])
    assert places[places["size"] >= 20]["mean"].max() < 0.6


def test_replacement_blanks_spoil_more_prints(clean: Delivery, attempts: pd.DataFrame) -> None:
    story = blank_shortage(clean.spec)
    bad = (attempts.quality_result == "fail") | attempts.reprint_of.notna()
    during = attempts.personalised_at.between(str(story.start), str(recovered(story)))
    passports = attempts.document_type == "PASSPORT"
    assert bad[passports & during].mean() > 3 * bad[passports & ~during].mean()
    assert bad[~passports & during].mean() < 1.8 * bad[~passports & ~during].mean()


def test_an_online_launch_raises_first_time_right(
    clean: Delivery, applications: pd.DataFrame
) -> None:
    story = online_launch(clean.spec)
    cards = applications[applications.service_code == story.service]
    before = cards[cards.submitted_at < str(story.start)]
    after = cards[cards.submitted_at >= "2025-01-01"]
    assert (before.channel == "online").sum() == 0
    assert (after.channel == "online").mean() == pytest.approx(0.46, abs=0.04)
    climbing = cards[cards.submitted_at >= str(story.start)].head(len(after) // 4)
    assert 0 < (climbing.channel == "online").mean() < 0.4
    right_before = (before[before.decision != "withdrawn"].returned_count == 0).mean()
    right_after = (after[after.decision != "withdrawn"].returned_count == 0).mean()
    assert right_after > right_before + 0.025


def test_families_from_abroad_come_in_summer(applications: pd.DataFrame) -> None:
    passports = applications[applications.service_code == "PASSPORT"]
    monthly = passports[passports.submitted_at.dt.year == 2024].groupby(
        passports.submitted_at.dt.month
    )
    counts = monthly.application_id.size()
    assert set(counts.nlargest(2).index) == {7, 8}
    assert counts[8] > 1.5 * counts[11]


def test_nobody_comes_to_a_counter_on_a_holiday(applications: pd.DataFrame) -> None:
    offline = applications[applications.channel != "online"].submitted_at
    assert (offline.dt.day_of_week < 5).all()
    days = set(offline.dt.strftime("%Y-%m-%d"))
    assert not days & {"2023-01-03", "2024-02-19", "2025-02-17", "2025-05-01", "2025-12-25"}
    online = applications[applications.channel == "online"].submitted_at
    assert (online.dt.day_of_week >= 5).any()


def test_a_small_office_closes(clean: Delivery, applications: pd.DataFrame) -> None:
    story = office_merger(clean.spec)
    mine = applications[applications.office_code == story.office]
    assert len(mine) > 50
    assert mine.submitted_at.max() < pd.Timestamp(story.start)
    heir = applications[applications.office_code == "O16"].submitted_at
    around = pd.Timedelta(days=365)
    start = pd.Timestamp(story.start)
    after, before = heir.between(start, start + around), heir.between(start - around, start)
    assert after.sum() > 1.15 * before.sum()


@pytest.mark.parametrize("language", list(Language))
def test_every_story_can_be_told(clean: Delivery, language: Language) -> None:
    texts = Texts(language)
    for story in stories(clean.spec):
        told = texts.text(
            story.text_key,
            start=story.start,
            end=story.end,
            office="Ferizaj",
            service="Passport",
        )
        assert len(told) > 60
        assert texts.text(story.title_key)
        assert set(story.kpis) <= {f"SD-{number:02}" for number in range(1, 9)}
