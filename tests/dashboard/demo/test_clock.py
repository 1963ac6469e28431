"""The clock of arrays counts like the calendar of the product."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from dashboard.demo.clock import DAY, EPOCH, WorkClock, day_number, moment
from data.calendar import WorkingCalendar
from data.store.reference import calendar_days

FIRST, LAST = date(2024, 12, 1), date(2025, 6, 30)


@pytest.fixture(scope="module")
def clock() -> WorkClock:
    return WorkClock.spanning(FIRST, LAST)


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(frozenset(row.day for row in calendar_days([2024, 2025])))


@pytest.mark.parametrize("steps", [1, 2, 5, 15])
def test_steps_forward_are_those_of_the_calendar(
    clock: WorkClock, calendar: WorkingCalendar, steps: int
) -> None:
    starts = [FIRST + timedelta(days=n) for n in range(150)]
    numbers = np.array([day_number(day) for day in starts])
    reached = clock.after(numbers, np.full(len(numbers), steps))
    assert [EPOCH + timedelta(days=int(day)) for day in reached] == [
        calendar.add_working_days(day, steps) for day in starts
    ]


def test_steps_back_undo_steps_forward(clock: WorkClock) -> None:
    days = clock.working[10:60]
    steps = np.full(len(days), 4)
    assert (clock.before(clock.after(days, steps), steps) == days).all()


def test_no_step_from_a_holiday_is_the_next_working_day(clock: WorkClock) -> None:
    new_year = np.array([day_number(date(2025, 1, 1))])
    assert clock.after(new_year, np.array([0]))[0] == day_number(date(2025, 1, 3))


def test_work_is_done_in_office_hours_on_working_days(clock: WorkClock) -> None:
    rng = np.random.default_rng(1)
    moments = moment(date(2025, 3, 1)) + rng.integers(0, 30 * DAY, 500)
    done = clock.move(moments, rng.integers(0, 4, 500), rng)
    assert (done > moments).all()
    assert clock.is_working(done // DAY).all()
    assert (done % DAY < 16.5 * 3600).all()
