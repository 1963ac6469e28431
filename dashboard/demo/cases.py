"""Applications as arrays: what is asked, where and by whom, one service and month at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np

from dashboard.demo import agency, demand
from dashboard.demo.clock import DAY, NEVER, WorkClock, moment
from dashboard.demo.demand import CHANNELS, ONLINE, SPEEDS, TRAITS, Trait
from dashboard.demo.spec import DemoSpec, MonthSpan
from dashboard.demo.streams import Streams, choose
from dashboard.demo.timeline import Timeline

Cases: TypeAlias = np.ndarray[Any, np.dtype[np.void]]

# Moments are local seconds since 1970 (NEVER: does not come), days are day numbers since 1970,
# codes are positions in the tuples of demand and of this module (-1: none).
CASE = np.dtype([
    ("service", "i1"), ("month", "i4"), ("serial", "i4"),
    ("procedure", "i1"), ("speed", "i1"), ("channel", "i1"), ("office", "i2"),
    ("submitted", "i8"), ("returned", "i8"), ("returns", "i1"), ("complete", "i8"),
    ("suspended", "i2"), ("first_due", "i4"), ("due", "i4"),
    ("decision", "i1"), ("decided", "i8"), ("reason", "i1"),
    ("fails", "i1"), ("ready", "i8"), ("issued", "i8"),
    ("applicant", "S12"), ("birth_year", "i2"), ("sex", "i1"), ("community", "i1"),
    ("officer", "i2"), ("booked", "?"), ("test", "?"),
])  # fmt: skip
EVENTS = ("submitted", "returned", "complete", "decided", "ready", "issued")
SEXES = ("F", "M")
COMMUNITIES = ("ALBANIAN", "SERB", "BOSNIAK", "TURK", "ROMA", "ASHKALI", "EGYPTIAN", "GORANI")
# Shares of 2024 from fch.al quoting the statistical office; the rest is the majority
_MINORITIES = np.array([0.0231, 0.0169, 0.0122, 0.0055, 0.0102, 0.0067, 0.0058])
COMMUNITY_SHARES = np.array([1 - _MINORITIES.sum(), *_MINORITIES])
DECLARED = 0.04  # who states a community at all, assumption
BOOKED = 0.55  # counter visits with an appointment, assumption
TESTS_MONTHLY = 1  # test records a service and month
OFFICERS = 9  # in the largest office
_HEX = np.frombuffer(b"0123456789abcdef", dtype="S1")


@dataclass(frozen=True)
class Intake:
    """Draws the applications of a month and everything that will ever happen to them."""

    spec: DemoSpec
    clock: WorkClock
    timeline: Timeline

    def of_month(self, span: MonthSpan) -> Cases:
        """Every application submitted in the month, whatever part of it is known."""
        offices = demand.office_shares(span.start, self.spec)
        return np.concatenate([
            self._of_service(number, trait, span, offices) for number, trait in enumerate(TRAITS)
        ])  # fmt: skip

    def _of_service(self, number: int, trait: Trait, span: MonthSpan, offices: np.ndarray) -> Cases:
        month = span.start.year * 12 + span.start.month - 1
        streams = Streams(self.spec.seed).within(number, month)
        expected = trait.intake(span.start, self.spec.scale)
        count = int(streams.of("count").poisson(expected)) + TESTS_MONTHLY
        cases = np.zeros(count, dtype=CASE)
        cases["service"], cases["month"], cases["serial"] = number, month, np.arange(count) + 1
        self._ask(cases, trait, span, streams, offices)
        _describe_applicant(cases, trait, span.start, streams)
        self.timeline.handle(cases, trait, streams)
        return cases

    def _ask(
        self, cases: Cases, trait: Trait, span: MonthSpan, streams: Streams, offices: np.ndarray
    ) -> None:
        """What is wanted, how fast, through which channel, in which office, when."""
        count = len(cases)
        shares = demand.channel_shares(trait, span.start, self.spec)
        cases["procedure"] = choose(streams.of("procedure"), np.array(trait.procedures), count)
        cases["speed"] = streams.of("speed").random(count) < trait.accelerated
        cases["channel"] = choose(streams.of("channel"), shares, count)
        cases["office"] = choose(streams.of("office"), offices, count)
        cases["officer"] = _officers(cases["office"], offices, streams)
        booked = streams.of("booked").random(count) < BOOKED
        cases["booked"] = booked & (cases["channel"] == CHANNELS.index("counter"))
        cases["submitted"] = self._submitted(cases["channel"] == ONLINE, span, streams)
        _mark_tests(cases, self.timeline.office_codes.index(agency.TRAINING))

    def _submitted(self, online: np.ndarray, span: MonthSpan, streams: Streams) -> np.ndarray:
        """Counters take people from eight to half past three, the web from six to eleven."""
        start, end = span.start, span.period.end
        at_counter = demand.day_weights(self.clock, start, end, online=False)
        on_web = demand.day_weights(self.clock, start, end, online=True)
        count = len(online)
        day = np.where(
            online,
            choose(streams.of("day.online"), on_web, count),
            choose(streams.of("day"), at_counter, count),
        )
        hour = streams.of("hour")
        second = np.where(
            online, hour.integers(6 * 3600, 23 * 3600, count), hour.integers(28_800, 55_800, count)
        )
        return np.asarray(moment(start) + day * DAY + second)


def _officers(office: np.ndarray, shares: np.ndarray, streams: Streams) -> np.ndarray:
    """A number of officers by the size of the office; each case goes to one of them."""
    staff = np.maximum(2, np.round(OFFICERS * shares / shares.max())).astype(np.int64)
    return np.asarray(streams.of("officer").integers(0, staff[office]))


def _mark_tests(cases: Cases, training: int) -> None:
    """The last ones are practice in the training office."""
    cases["test"][-TESTS_MONTHLY:] = True
    cases["office"][-TESTS_MONTHLY:] = training
    cases["officer"][-TESTS_MONTHLY:] = 0
    cases["channel"][-TESTS_MONTHLY:] = CHANNELS.index("counter")
    cases["speed"][-TESTS_MONTHLY:] = SPEEDS.index("normal")


def _describe_applicant(cases: Cases, trait: Trait, month: date, streams: Streams) -> None:
    count = len(cases)
    youngest = 18 if trait.code in {"DRIVING_LICENCE", "VEHICLE_REG"} else 0
    age = streams.of("age").normal(36, 18, count).clip(youngest, 92).astype(np.int64)
    cases["birth_year"] = month.year - age
    cases["sex"] = streams.of("sex").integers(0, len(SEXES), count)
    stated = streams.of("community.stated").random(count) < DECLARED
    drawn = choose(streams.of("community"), COMMUNITY_SHARES, count)
    cases["community"] = np.where(stated, drawn, -1)
    cases["applicant"] = pseudonyms(streams.of("applicant"), count)


def pseudonyms(rng: np.random.Generator, count: int) -> np.ndarray:
    """Twelve hexadecimal digits as a keyed hash gives them, every fourth a letter.

    So none can be taken for a personal number, which has ten decimal digits in a row.
    """
    digits = rng.integers(0, 16, (count, 12))
    digits[:, ::4] = 10 + digits[:, ::4] % 6
    return np.ascontiguousarray(_HEX[digits]).view("S12").ravel()


def known(cases: Cases, cut: int) -> Cases:
    """Those submitted before the cut-off."""
    known_by_then: Cases = cases[cases["submitted"] < cut]
    return known_by_then


def happening(
    rows: Cases, start: int, end: int = NEVER, events: Sequence[str] = EVENTS
) -> np.ndarray:
    """Whether any event of each row lies from `start` up to `end`, by default ever after."""
    found = np.zeros(len(rows), dtype=bool)
    for event in events:
        found |= (rows[event] >= start) & (rows[event] < end)
    return found


def last_change(cases: Cases, cut: int) -> np.ndarray:
    """The moment of the latest event before the cut-off."""
    latest = cases["submitted"].copy()
    for event in EVENTS[1:]:
        latest = np.where(cases[event] < cut, np.maximum(latest, cases[event]), latest)
    return latest
