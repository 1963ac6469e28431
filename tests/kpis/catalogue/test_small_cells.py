"""Small communities stay hidden whichever way is tried: sums, weeks, crossings, rows, lineage."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Invalid, PermissionDenied
from data.figure import Missing
from data.period import Frequency, Period
from kpis.drilling import rows
from kpis.lineage import explain
from kpis.readings import Ask, Reading, values
from tests.kpis.catalogue.conftest import Story
from tests.kpis.test_suppression import LONGER, Known, Sums, worked_out

SPANS = (("2024-01", "2025-05"), ("2024-Q1", "2025-Q2"), ("2024", "2025"))
TOLD = [("CS-01", "value"), ("CR-01", "value"), ("CR-01", "by_event"), ("CR-02", "value")]
BY = ("community",)


def told(story: Story, code: str, line: str, *, as_of: int | None = None) -> list[Reading]:
    """Everything shown of a line by community and of the whole, at every frequency there is."""
    found: list[Reading] = []
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for (first, last), by in product(SPANS, ((), BY)):
            span = Period.parse(first), Period.parse(last)
            ask = Ask(code, *span, by, measures=(line,), as_of=as_of)
            found += [each for each in values(reader, ask) if each.loaded]
    return found


def place(each: Reading) -> tuple[str, Frequency, date]:
    return each.cell.member, each.period.frequency, each.period.start


def relations(found: list[Reading]) -> Sums:
    """The communities add up to the whole, months to quarters, quarters to years."""
    there = {place(each) for each in found}
    sums: Sums = []
    for member, frequency, start in there:
        if not member:
            parts = [one for one in there if one[0] and one[1:] == (frequency, start)]
            sums.append((parts, (member, frequency, start)))
        if frequency is not Frequency.MONTH:
            finer = LONGER[LONGER.index(frequency) - 1]
            parts = [
                one
                for one in there
                if one[:2] == (member, finer) and Period.covering(one[2], frequency).start == start
            ]
            sums.append((parts, (member, frequency, start)))
    return sums


@pytest.mark.parametrize(("code", "line"), TOLD)
def test_what_is_shown_does_not_give_a_hidden_community_away(
    story: Story, code: str, line: str
) -> None:
    found = told(story, code, line)
    hidden = {place(each) for each in found if each.figure.missing is Missing.SUPPRESSED}
    shown: Known = {place(e): Fraction(e.cases) for e in found if place(e) not in hidden}
    assert hidden
    for each in found:
        if place(each) in hidden:
            assert (each.figure.value, each.cases, each.numerator, each.denominator) == (
                None,
                0,
                None,
                None,
            )
    for member, frequency, start in worked_out(shown, relations(found)):
        others = [one for one in shown if one[1:] == (frequency, start) and one[0]]
        assert not others, (member, frequency, start)  # alone with all of the cases there are


@pytest.mark.parametrize(("code", "line"), TOLD)
def test_as_of_an_event_the_same_is_hidden_as_was_published(
    story: Story, code: str, line: str
) -> None:
    assert told(story, code, line, as_of=story.last) == told(story, code, line)


@pytest.mark.parametrize(
    ("by", "where", "frequency"),
    [
        (("community", "municipality"), {}, Frequency.MONTH),
        (("municipality",), {"community": "ROMA"}, Frequency.YEAR),
        (("community",), {"municipality": "01"}, Frequency.MONTH),
        (("community",), {}, Frequency.WEEK),
        ((), {"community": "ROMA"}, Frequency.WEEK),
    ],
)
def test_crossings_and_weeks_are_refused(
    story: Story, by: tuple[str, ...], where: dict[str, str], frequency: Frequency
) -> None:
    period = Period.covering(date(2024, 6, 3), frequency)
    with (
        story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader,
        pytest.raises(Invalid, match="sensitive"),
    ):
        values(reader, Ask("CR-01", period, period, by, where))


def test_rows_of_a_community_are_refused(story: Story) -> None:
    with (
        story.workspace.read(SYSTEM, Permission.ROWS_VIEW) as reader,
        pytest.raises(PermissionDenied, match="rows_sensitive"),
    ):
        rows(reader, "CR-01", Period.parse("2024"), where={"community": "ROMA"})


def test_the_lineage_of_a_hidden_value_keeps_its_counts_to_itself(story: Story) -> None:
    found = told(story, "CR-01", "value")
    one = next(each for each in found if each.figure.missing is Missing.SUPPRESSED)
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        explained = explain(reader, "CR-01", one.period, where=one.cell.members)
    assert (explained.counted, explained.numerator, explained.denominator) == (None, None, None)
    assert not explained.excluded
