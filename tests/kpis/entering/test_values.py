"""What entered values add up to, computed a second time from the raw values with plain pandas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.access.permissions import Permission
from data.errors import Invalid
from data.figure import Unit
from data.period import Period
from data.workspace import Workspace
from kpis.definitions import Formula
from kpis.entered import Entered, EnteredKind, RuleOverTime
from kpis.entering import Line, Written, approve_readings, submit_lines
from kpis.entries import Slot
from kpis.readings import Ask, values
from kpis.scorecard import scorecard
from tests.kpis.entering.conftest import moved_in
from tests.kpis.entering.house import (
    HEADS,
    HOURS,
    MANAGER,
    OFFICES,
    OTHER,
    OWNER,
    SCORE,
    SHARE,
    SINCE,
    SPECS,
    entries_of,
)

MONTHS = list(Period.parse("2024-01").until(Period.parse("2025-05")))
GAPS = {("O02", "2024-05"), ("O03", "2025-05"), (None, "2024-08")}


def raw_values() -> pd.DataFrame:
    """Random values of every KPI, place and month, with a few gaps."""
    dice = np.random.default_rng(7)
    rows = []
    for month in MONTHS:
        for code in SPECS:
            for office in (None,) if code == SCORE else OFFICES:
                whole = int(dice.integers(20, 90))
                numerator = {
                    SHARE: int(dice.integers(0, whole)),
                    HOURS: int(dice.integers(0, 400)) / 10,
                    HEADS: whole,
                    SCORE: int(dice.integers(100, 500)) / 100,
                }[code]
                if (office, month.code) not in GAPS:
                    rows.append((code, office, month.code, float(numerator), float(whole)))
    return pd.DataFrame(rows, columns=["code", "office", "month", "numerator", "whole"])


RAW = raw_values()


@pytest.fixture(scope="module")
def filled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = moved_in(template, tmp_path_factory.mktemp("filled") / "home")
    for month in MONTHS:
        rows = RAW[RAW["month"] == month.code].to_dict("records")
        lines = [
            Line(
                Slot(str(row["code"]), month, row["office"] if row["office"] in OFFICES else None),
                Written(row["numerator"], row["whole"] if row["code"] == SHARE else None),
                note="sheet",
            )
            for row in rows
        ]
        submit_lines(workspace, by=OWNER, lines=lines, confirmed=True)
    approve_readings(workspace, by=OTHER, entries=entries_of(workspace))
    yield workspace
    workspace.database.dispose()


def expected(code: str, period: Period, office: str | None) -> float | None:
    """The value by another way: a frame of months, filtered and added up."""
    frame = RAW[RAW["code"] == code]
    months = [Period.parse(month) for month in frame["month"]]
    inside = [period.start <= month.start < period.end for month in months]
    frame = frame[inside]
    if office is not None:
        frame = frame[frame["office"] == office]
    if frame.empty:
        return None
    by_month = frame.groupby("month")[["numerator", "whole"]].sum().sort_index()
    match code:
        case "EN-91":
            return 100 * by_month["numerator"].sum() / by_month["whole"].sum()
        case "EN-92":
            return float(by_month["numerator"].sum())
        case "EN-93":
            return float(by_month["numerator"].iloc[-1])
    return float(by_month["numerator"].mean())


@pytest.mark.parametrize("code", list(SPECS))
@pytest.mark.parametrize("first", ["2024-01", "2024-Q1", "2024"])
def test_every_reading_is_what_the_values_add_up_to(
    filled: Workspace, code: str, first: str
) -> None:
    begin = Period.parse(first)
    last = Period.covering(MONTHS[-1].last_day, begin.frequency)
    by = () if code == SCORE else ("office",)
    with filled.read(MANAGER, Permission.KPI_VIEW) as reader:
        found = [*values(reader, Ask(code, begin, last))]
        found += values(reader, Ask(code, begin, last, by=by)) if by else []
    assert {each.cell.members.get("office") for each in found} == {
        None,
        *(() if code == SCORE else OFFICES),
    }
    for each in found:
        wanted = expected(code, each.period, each.cell.members.get("office"))
        shown = each.figure.value
        assert shown == (None if wanted is None else pytest.approx(wanted, rel=1e-12))


@pytest.mark.parametrize(
    ("code", "period", "office", "partial"),
    [
        (HOURS, "2024-04", None, False),
        (HOURS, "2024-05", None, True),
        (HOURS, "2024-05", "O01", False),
        (HOURS, "2024-Q2", "O02", True),
        (HOURS, "2024-Q2", "O01", False),
        (HOURS, "2024", None, True),
        (HOURS, "2025", "O01", True),
        (SCORE, "2024-Q3", None, True),
        (SCORE, "2024-Q1", None, False),
    ],
)
def test_a_reading_says_whether_all_that_was_expected_is_in_it(
    filled: Workspace, code: str, period: str, office: str | None, *, partial: bool
) -> None:
    at = Period.parse(period)
    with filled.read(MANAGER, Permission.KPI_VIEW) as reader:
        where = {"office": office} if office else {}
        (found,) = values(reader, Ask(code, at, at, where=where))
    assert found.partial is partial


def test_the_scorecard_shows_them_judged_like_any_other(filled: Workspace) -> None:
    with filled.read(MANAGER, Permission.KPI_VIEW) as reader:
        card = scorecard(reader, period=Period.parse("2025-04"))
    assert [row.code for row in card.rows] == list(SPECS)
    assert all(len(row.series) == 16 and row.fresh for row in card.rows)
    score = card.row(SCORE)
    assert score.chart.points[-1].limits.mean is not None
    assert score.figure.value == pytest.approx(expected(SCORE, score.period, None))


def test_as_of_an_event_the_same_is_computed_as_is_published(filled: Workspace) -> None:
    for code in SPECS:
        ask = Ask(code, MONTHS[0], MONTHS[-1])
        with filled.read(MANAGER, Permission.KPI_VIEW) as reader:
            published = values(reader, ask)
            computed = values(reader, Ask(code, MONTHS[0], MONTHS[-1], as_of=999))
        assert [one.figure for one in computed] == [one.figure for one in published]


def test_a_formula_goes_to_json_and_back_and_counts_as_no_extract() -> None:
    for spec in SPECS.values():
        formula = Formula.of_entered(spec)
        assert Formula.from_json(formula.to_json()) == formula
        assert formula.contracts == frozenset()


def test_a_percentage_of_offices_is_never_summed() -> None:
    with pytest.raises(Invalid, match="never_summed"):
        Entered(
            kind=EnteredKind.VALUE,
            unit=Unit.PERCENT,
            decimals=0,
            since=SINCE,
            over_time=RuleOverTime.MEAN,
            by_office=True,
        )
