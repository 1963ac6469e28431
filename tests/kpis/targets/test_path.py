"""How an aim moves between its baseline and its end: golden days, and a second arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest

from data.errors import Invalid
from kpis.assessment import StatusKind, Target, assess
from kpis.direction import Direction
from kpis.targets import Baseline, Course, Path, Stage
from kpis.targets.path import doubts
from kpis.targets.stages import stages_as_text, stages_from_text
from tests.kpis.test_assessment import percent

NEW_YEAR, END = date(2024, 12, 31), date(2025, 12, 31)
LINEAR = Path(Course.LINEAR, Baseline(60.0, NEW_YEAR, "measured"), END, decimals=1)
FINAL = Target(low=80.0, source="Plan", tolerance=5.0)
STAGES = Path(
    Course.STAGES,
    Baseline(60.0, NEW_YEAR, "measured"),
    END,
    (Stage(date(2025, 3, 31), low=62.0), Stage(date(2025, 9, 30), low=70.0)),
    decimals=1,
)


@pytest.mark.parametrize(
    ("day", "aim"),
    [
        (date(2024, 6, 30), 60.0),
        (NEW_YEAR, 60.0),
        (date(2025, 1, 31), 61.7),  # 60 + 20 x 31/365 = 61.698...
        (date(2025, 7, 2), 70.0),  # 183/365: 70.027...
        (date(2025, 12, 30), 79.9),
        (END, 80.0),
        (date(2026, 5, 1), 80.0),
    ],
)
def test_a_straight_line_is_walked_day_by_day(day: date, aim: float) -> None:
    assert LINEAR.aim(FINAL, day) == Target(low=aim, source="Plan", tolerance=5.0)


@pytest.mark.parametrize(
    ("day", "aim"),
    [
        (date(2025, 3, 30), 60.0),
        (date(2025, 3, 31), 62.0),
        (date(2025, 9, 29), 62.0),
        (date(2025, 9, 30), 70.0),
        (date(2025, 12, 30), 70.0),
        (END, 80.0),
    ],
)
def test_a_stage_holds_from_its_day_until_the_next(day: date, aim: float) -> None:
    assert STAGES.aim(FINAL, day).low == aim


def test_an_aim_in_between_rounds_half_up_away_from_zero() -> None:
    """Half way from 0 to 0.5 and to -0.5, with one decimal: 0.3 and -0.3, as Excel rounds."""
    for end, aim in ((0.5, 0.3), (-0.5, -0.3)):
        path = Path(Course.LINEAR, Baseline(0.0, date(2025, 1, 1)), date(2025, 1, 3), decimals=1)
        assert path.aim(Target(low=end), date(2025, 1, 2)).low == aim


def by_hand(start: float, end: float, done: int, of: int, decimals: int) -> float:
    """The weighted mean of both ends in decimal arithmetic of 60 digits."""
    with localcontext(prec=60):
        mean = (Decimal(str(start)) * (of - done) + Decimal(str(end)) * done) / of
        return float(mean.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def test_every_day_agrees_with_a_second_computation() -> None:
    dice = np.random.default_rng(3)
    for _ in range(300):
        start, end = (
            round(float(dice.uniform(-50, 150)), 2),
            round(float(dice.uniform(-50, 150)), 2),
        )
        of, decimals = int(dice.integers(2, 1500)), int(dice.integers(0, 4))
        due = NEW_YEAR + timedelta(days=of)
        path = Path(Course.LINEAR, Baseline(start, NEW_YEAR), due, decimals=decimals)
        done = int(dice.integers(1, of))
        aim = path.aim(Target(high=end), NEW_YEAR + timedelta(days=done)).high
        assert aim == by_hand(start, end, done, of, decimals)


def test_a_range_begins_as_wide_as_to_hold_the_baseline() -> None:
    path = Path(Course.LINEAR, Baseline(9.0, date(2025, 1, 1)), date(2025, 1, 11), decimals=1)
    aim = Target(low=1.0, high=5.0)
    assert [
        (path.aim(aim, date(2025, 1, day)).low, path.aim(aim, date(2025, 1, day)).high)
        for day in (1, 6, 11)
    ] == [(1.0, 9.0), (1.0, 7.0), (1.0, 5.0)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Path(Course.LINEAR, Baseline(1.0, NEW_YEAR)),
        lambda: Path(Course.LINEAR, None, END),
        lambda: Path(Course.LINEAR, Baseline(1.0, END), END),
        lambda: Path(Course.STAGES, Baseline(1.0, NEW_YEAR), END),
        lambda: Path(Course.LINEAR, Baseline(1.0, NEW_YEAR), END, STAGES.stages),
        lambda: Path(Course.STAGES, Baseline(1.0, NEW_YEAR), END, (Stage(END, low=1.0),)),
        lambda: Path(Course.STAGES, STAGES.baseline, END, STAGES.stages[::-1]),
        lambda: Path(baseline=Baseline(float("nan"), NEW_YEAR)),
        lambda: Target(low=float("inf")),
        lambda: Target(low=1.0, tolerance=-0.1),
    ],
)
def test_what_leads_nowhere_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(Invalid):
        make()


def test_the_wrong_way_is_doubted_not_refused() -> None:
    down = doubts(LINEAR, Target(low=50.0), Direction.HIGHER)
    assert [doubt.key for doubt in down] == ["targets.doubt.below_baseline"]
    assert doubts(LINEAR, Target(high=50.0), Direction.LOWER) == ()
    back = doubts(STAGES, Target(low=65.0), Direction.HIGHER)
    assert [(doubt.key, doubt.values) for doubt in back] == [
        ("targets.doubt.step_back", {"day": END})
    ]


def test_stages_are_read_as_they_are_written() -> None:
    text = "2025-Q1 = 62; 2025-09 : 70,5\n2025-11-15 = 75"
    stages = stages_from_text(text, Direction.HIGHER)
    assert stages == (
        Stage(date(2025, 3, 31), low=62.0),
        Stage(date(2025, 9, 30), low=70.5),
        Stage(date(2025, 11, 15), low=75.0),
    )
    assert stages_as_text(stages) == "2025-Q1 = 62; 2025-Q3 = 70.5; 2025-11-15 = 75"
    assert stages_from_text(stages_as_text(stages), Direction.HIGHER) == stages
    ranges = stages_from_text("2025 = 1–5", Direction.RANGE)
    assert ranges == (Stage(date(2025, 12, 31), 1.0, 5.0),)


@pytest.mark.parametrize(
    "text", ["soon = 3", "2025-Q5 = 3", "2025-13 = 3", "2025-Q1", "2025-Q1 = 1–5", "2025-Q1 = 1e9"]
)
def test_a_stage_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        stages_from_text(text, Direction.HIGHER)


@pytest.mark.parametrize(
    ("value", "kind", "far"),
    [
        (80.0, StatusKind.MET, False),
        (75.0, StatusKind.BEHIND_IMPROVING, False),
        (74.9, StatusKind.BEHIND_IMPROVING, True),
    ],
)
def test_far_behind_is_a_word_beside_the_status(
    value: float,
    kind: StatusKind,
    far: bool,  # noqa: FBT001
) -> None:
    status = assess(percent(value), percent(50.0), FINAL, Direction.HIGHER, fresh=True)
    assert (status.kind, status.far_behind) == (kind, far)
    stale = assess(percent(value), percent(50.0), FINAL, Direction.HIGHER, fresh=False)
    assert not stale.far_behind
