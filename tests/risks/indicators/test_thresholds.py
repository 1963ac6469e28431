"""What a value says and how a series stands, against the same rules written down once more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Invalid
from data.period import Frequency
from risks.indicators.thresholds import (
    STALE_AFTER,
    DangerSide,
    IndicatorState,
    Signal,
    Thresholds,
)

G, A, R, N = Signal.GREEN, Signal.AMBER, Signal.RED, Signal.NO_DATA
ABOVE = Thresholds(DangerSide.ABOVE, amber=5, red=10)
BELOW = Thresholds(DangerSide.BELOW, amber=95, red=90)
LETTERS = {"g": G, "a": A, "r": R, "-": N, "~": None}
STATES = {
    "g": IndicatorState.GREEN,
    "a": IndicatorState.AMBER,
    "r": IndicatorState.RED,
    "-": IndicatorState.NO_DATA,
}


@pytest.mark.parametrize(
    ("rule", "value", "signal"),
    [
        (ABOVE, 4.999, G),
        (ABOVE, 5, A),
        (ABOVE, 9.999, A),
        (ABOVE, 10, R),
        (BELOW, 95.001, G),
        (BELOW, 95, A),
        (BELOW, 90, R),
        (BELOW, -1, R),
        (ABOVE, None, N),
        (ABOVE, float("nan"), N),
        (ABOVE, 0.0, G),
        (BELOW, 0.0, R),
    ],
)
def test_at_the_threshold_is_beyond_it(
    rule: Thresholds, value: float | None, signal: Signal
) -> None:
    assert rule.signal(value, 100) is signal


def test_too_few_cases_say_nothing_however_bad_the_value() -> None:
    rule = Thresholds(DangerSide.ABOVE, 5, 10, min_cases=20)
    assert rule.signal(99, 19) is N
    assert rule.signal(99, 20) is R


@pytest.mark.parametrize(
    ("periods", "signals", "states"),
    [
        (1, "gargra", "gargra"),
        (2, "ggrgg", "ggaag"),  # one red is a warning, no alarm
        (2, "ggrrgg", "ggarrg"),  # red needs two, and so does its end
        (2, "rrgrgrgg", "arrrrrrg"),  # it does not flap
        (2, "rraag", "arraa"),  # amber ends a red, and is followed by green only after two
        (2, "agg", "aag"),
        (3, "rrrggag", "aarrraa"),
        (2, "r-r", "aar"),  # a period without a value neither counts nor calms
        (2, "rr---gg", "arrrrrg"),
        (2, "g-g", "g-g"),  # and is never green
        (2, "-", "-"),
        (2, "g~~", "ggg"),  # what goes on is not judged
        (2, "rr~g~g~", "arrrrgg"),
        (2, "", ""),
    ],
)
def test_a_state_is_slow_to_alarm_and_slow_to_calm(periods: int, signals: str, states: str) -> None:
    rule = Thresholds(DangerSide.ABOVE, 5, 10, periods)
    assert rule.states(LETTERS[one] for one in signals) == [STATES[one] for one in states]


@given(
    periods=st.integers(1, 4),
    signals=st.lists(st.sampled_from([G, A, R, N, None]), max_size=25),
)
def test_any_series_stands_as_the_rules_say(periods: int, signals: list[Signal | None]) -> None:
    rule = Thresholds(DangerSide.ABOVE, 5, 10, periods)
    assert rule.states(signals) == [
        told_naively(signals[: count + 1], periods) for count in range(len(signals))
    ]


def told_naively(signals: list[Signal | None], periods: int) -> IndicatorState:
    """The state after a series, told from the whole of it instead of step by step."""
    over = [one for one in signals if one is not None]
    values = [one for one in over if one is not N]
    marks = ["r" if one is R else "x" for one in values]
    begun = [
        end
        for end in range(periods, len(marks) + 1)
        if marks[end - periods : end] == ["r"] * periods
    ]
    if begun:
        after = marks[begun[-1] :]
        ended = any(
            after[end - periods : end] == ["x"] * periods for end in range(periods, len(after) + 1)
        )
        if not ended:
            return IndicatorState.RED
    if not values:
        return IndicatorState.NO_DATA
    if set(values[-periods:]) != {G}:
        return IndicatorState.AMBER
    return IndicatorState.NO_DATA if over[-1] is N else IndicatorState.GREEN


@given(signals=st.lists(st.sampled_from([G, A, R, N]), min_size=1, max_size=12))
def test_without_a_value_it_is_never_green(signals: list[Signal]) -> None:
    for signal, state in zip(signals, ABOVE.states(signals), strict=True):
        if signal is N:
            assert state is not IndicatorState.GREEN


@given(
    state=st.sampled_from(list(IndicatorState)),
    age=st.integers(0, 200),
)
def test_what_is_too_old_is_stale_whatever_it_was(state: IndicatorState, age: int) -> None:
    newest = date(2025, 3, 31)
    shown = ABOVE.shown(state, newest, newest + timedelta(days=age))
    assert shown is (IndicatorState.STALE if age > 45 else state)
    assert ABOVE.shown(state, None, newest) is IndicatorState.NO_DATA


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"amber": 10}, "amber_beyond_red"),
        ({"amber": 11}, "amber_beyond_red"),
        ({"side": DangerSide.BELOW}, "amber_beyond_red"),
        ({"red": float("nan")}, "no_number"),
        ({"amber": float("-inf")}, "no_number"),
        ({"periods": 0}, "periods"),
        ({"periods": 13}, "periods"),
        ({"min_cases": -1}, "min_cases"),
        ({"stale_after_days": 30}, "stale"),
        ({"stale_after_days": 2000}, "stale"),
    ],
)
def test_what_cannot_warn_is_refused(wrong: dict[str, object], key: str) -> None:
    said: dict[str, object] = {"side": DangerSide.ABOVE, "amber": 5.0, "red": 10.0} | wrong
    with pytest.raises(Invalid, match=f"risks.indicators.refused.{key}"):
        Thresholds(**said).check(Frequency.MONTH)  # type: ignore[arg-type]


def test_what_is_proposed_is_fresh_for_longer_than_a_period() -> None:
    for frequency, days in STALE_AFTER.items():
        Thresholds(DangerSide.BELOW, 95, 90, stale_after_days=days).check(frequency)
