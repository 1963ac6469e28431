"""Hidden cells under attack: from everything that is shown, none of them can be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest

from data.figure import Missing, Unit
from data.metrics.query import Dimension, Form, Query
from data.period import Frequency, Period
from kpis.counting import SLICE
from kpis.definitions import Formula
from kpis.measurement import measured
from kpis.measures import Measure, Statistic
from kpis.suppression import protected

SMALL_CELL = 10
YEAR = list(Period.parse("2024-01").until(Period.parse("2024-12")))
LONGER = (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)
Cell = tuple[str, Frequency, date]  # a member ("" for all), and a period
Known = dict[Cell, Fraction]
Sums = list[tuple[list[Cell], Cell]]


def formula(form: Form = Form.RATIO, statistic: Statistic = Statistic.SHARE) -> Formula:
    query = Query(
        contract="civil_events",
        form=form,
        day="event_date",
        opened="event_date",
        numerator="is_test",
        dimensions=(Dimension("community", "community"),),
    )
    value = Measure(
        name="value", query="all", statistic=statistic, unit=Unit.PERCENT, decimals=1, factor=100
    )
    return Formula({"all": query}, (value,))


def readings(
    counts: Mapping[str, Sequence[tuple[int, int]]], *, ends: bool = False
) -> pd.DataFrame:
    """Readings of members with (numerator, denominator) by month, added up, or read at ends."""
    rows = []
    for member, by_month in {**counts, "": _total(counts.values())}.items():
        for frequency in LONGER:
            for period in dict.fromkeys(Period.covering(m.start, frequency) for m in YEAR):
                parts = [
                    counted
                    for month, counted in zip(YEAR, by_month, strict=True)
                    if period.start <= month.start < period.end
                ]
                parts = parts[-1:] if ends else parts
                top, bottom = (sum(part[n] for part in parts) for n in (0, 1))
                place = ("community" if member else "", member, "", "")
                rows.append((frequency.value, period.start, *place, top, bottom, bottom))
    names = ["frequency", "period_start", *SLICE, "numerator", "denominator", "n"]
    frame = pd.DataFrame(rows, columns=names).assign(overdue=lambda each: each["numerator"])
    (headline,) = formula().measures
    found = measured(frame, headline, small_cell=SMALL_CELL)
    return found.assign(measure="value", partial=False)


def _total(counts: Iterable[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    months = zip(*counts, strict=True)
    return [(sum(top for top, _ in month), sum(cases for _, cases in month)) for month in months]


def cells(frame: pd.DataFrame) -> list[tuple[Cell, pd.Series]]:
    return [((row["member"], Frequency(row["frequency"]), row["period_start"]), row)
            for _, row in frame.iterrows()]  # fmt: skip


def hidden(frame: pd.DataFrame) -> set[Cell]:
    return {cell for cell, row in cells(frame) if row["missing"] == Missing.SUPPRESSED}


def sums(frame: pd.DataFrame, *, ends: bool = False) -> Sums:
    """Everything an attacker knows to add up: communities to all, months to quarters to years."""
    there = {cell for cell, _ in cells(frame)}
    members = sorted({member for member, _, _ in there if member})
    found: Sums = []
    for frequency, start in {(f, s) for _, f, s in there}:
        parts = [(m, frequency, start) for m in members]
        found.append((parts, ("", frequency, start)))
    for member, (finer, longer) in product(["", *members], pairwise(LONGER)):
        for start in {s for m, f, s in there if (m, f) == (member, longer)}:
            within = [s for m, f, s in there if (m, f) == (member, finer)]
            days = sorted(s for s in within if Period.covering(s, longer).start == start)
            last = days[-1:] if ends else days
            found.append(([(member, finer, s) for s in last], (member, longer, start)))
    return found


def worked_out(shown: Known, all_sums: Sums) -> set[Cell]:
    """The hidden cells whose value follows from what is shown, by elimination in fractions."""
    unknown = sorted({c for parts, whole in all_sums for c in (*parts, whole)} - set(shown))
    place = {cell: n for n, cell in enumerate(unknown)}
    rows = []
    for parts, whole in all_sums:
        row = [Fraction(0)] * len(unknown)
        for cell, sign in [*((part, 1) for part in parts), (whole, -1)]:
            if cell in place:
                row[place[cell]] += sign
        if any(row):
            rows.append(row)
    return {unknown[_alone(row)] for row in _reduced(rows) if sum(map(bool, row)) == 1}


def _alone(row: Sequence[Fraction]) -> int:
    return next(n for n, value in enumerate(row) if value)


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form."""
    done = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        lead = rows[done][column]
        rows[done] = [value / lead for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[column]:
                times = row[column]
                rows[n] = [a - times * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


def shown(frame: pd.DataFrame, column: str) -> Known:
    return {
        cell: Fraction(int(row[column]))
        for cell, row in cells(frame)
        if row["missing"] != Missing.SUPPRESSED
    }


def attacked(frame: pd.DataFrame, *, ends: bool = False) -> set[Cell]:
    return worked_out(shown(frame, "cases"), sums(frame, ends=ends))


def random_counts(seed: int) -> dict[str, list[tuple[int, int]]]:
    random = np.random.default_rng(seed)
    sizes = random.choice([0.2, 1, 3, 6, 9, 12, 25, 400], size=random.integers(2, 8))
    return {
        f"C{n}": [(int(random.binomial(cases, 0.7)), cases) for cases in by_month]
        for n, by_month in enumerate(random.poisson(size, 12).tolist() for size in sizes)
    }


@pytest.mark.parametrize("seed", range(25))
def test_no_hidden_cell_can_be_worked_out(seed: int) -> None:
    before = readings(random_counts(seed))
    after = protected(before, formula(), small_cell=SMALL_CELL)
    assert hidden(before) <= hidden(after)
    assert not {cell for cell in hidden(after) if not cell[0]}  # the whole agency stays open
    visible = set(shown(after, "cases"))
    for cell in attacked(after):
        # What is left to find are members that are alone in a period with all of its cases.
        parts = [c for c, _ in cells(after) if c[1:] == cell[1:] and c[0]]
        assert not set(parts) & visible


@pytest.mark.parametrize("seed", range(25))
def test_the_hidden_cells_of_a_sum_are_together_no_small_cell(seed: int) -> None:
    after = protected(readings(random_counts(seed)), formula(), small_cell=SMALL_CELL)
    cases = {cell: row["cases"] for cell, row in cells(after)}
    gone = hidden(after)
    for parts, whole in sums(after):
        inside = [part for part in parts if part in gone]
        if inside and whole not in gone and any(cases[p] for p in parts if p not in gone):
            assert sum(cases[part] for part in inside) >= SMALL_CELL


@pytest.mark.parametrize("seed", range(25))
def test_nobody_learns_that_all_or_none_of_the_hidden_were_in_time(seed: int) -> None:
    after = protected(readings(random_counts(seed)), formula(), small_cell=SMALL_CELL)
    by_cell = dict(cells(after))
    gone = hidden(after)
    for parts, whole in sums(after):
        inside, rest = [p for p in parts if p in gone], [p for p in parts if p not in gone]
        if not inside or whole in gone or not any(by_cell[p]["cases"] for p in rest):
            continue
        everything = by_cell[whole]
        if whole[0] or 0 < everything["numerator"] < everything["cases"]:
            top = sum(by_cell[p]["numerator"] for p in inside)
            assert 0 < top < sum(by_cell[p]["cases"] for p in inside)


def test_a_single_small_community_takes_its_smallest_neighbour_with_it() -> None:
    before = readings({"ROMA": [(2, 4)] * 12, "TURK": [(20, 40)] * 12, "SERB": [(30, 60)] * 12})
    assert attacked(before)  # 104 less 40 less 60 is 4
    after = protected(before, formula(), small_cell=SMALL_CELL)
    months = {cell[0] for cell in hidden(after) if cell[1] is Frequency.MONTH}
    assert months == {"ROMA", "TURK"}
    assert not attacked(after)
    assert not {cell for cell in hidden(after) if cell[1] is Frequency.YEAR}  # 48 is no small cell


def test_a_single_small_month_takes_another_month_with_it() -> None:
    uneven = [(5, 11)] * 3 + [(6, 12), (2, 5), (8, 20)] + [(5, 11)] * 6
    counts = {"ROMA": uneven, "GORANI": [(2, 6)] * 12, "SERB": [(30, 60)] * 12}
    after = protected(readings(counts), formula(), small_cell=SMALL_CELL)
    roma = {cell[2].month for cell in hidden(after) if cell[:2] == ("ROMA", Frequency.MONTH)}
    assert {4, 5} <= roma
    assert not attacked(after)


def test_of_a_stock_the_quarter_tells_what_its_last_month_tells() -> None:
    counts = {"ROMA": [(0, 15)] * 2 + [(2, 4)] + [(5, 15)] * 9, "TURK": [(20, 40)] * 12}
    before = readings(counts, ends=True)
    stock = formula(Form.STOCK, Statistic.OVERDUE)
    after = protected(before, stock, small_cell=SMALL_CELL)
    march = {cell for cell in hidden(after) if cell[2] in (date(2024, 1, 1), date(2024, 3, 1))}
    assert ("ROMA", Frequency.QUARTER, date(2024, 1, 1)) in march
    assert ("TURK", Frequency.QUARTER, date(2024, 1, 1)) in march
    assert not attacked(after, ends=True)


def test_without_small_cells_nothing_is_hidden() -> None:
    before = readings({"ROMA": [(8, 14)] * 12, "TURK": [(20, 40)] * 12})
    pd.testing.assert_frame_equal(protected(before, formula(), small_cell=SMALL_CELL), before)
