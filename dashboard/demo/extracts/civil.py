"""Births, deaths, marriages and the like: when they happen, and when they reach the register."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import COMMUNITIES, COMMUNITY_SHARES, SEXES
from dashboard.demo.clock import CLOSES, DAY, OPENS, Ints, moment
from dashboard.demo.columns import codes, days, numbered
from dashboard.demo.extracts.plot import MINORITIES, grown
from dashboard.demo.extracts.rows import Latest, Moments, Rows
from dashboard.demo.extracts.world import World
from dashboard.demo.streams import choose
from data.period import Period

KINDS = ("birth", "death", "marriage", "divorce", "adoption", "name_change")
BIRTH, DEATH = 0, 1
SOURCES = ("hospital", "parent", "court", "consulate", "mobile_team", "ngo")
HOSPITAL, PARENT, COURT, CONSULATE, MOBILE_TEAM, NGO = range(6)
NGOS = ("NGO-1", "NGO-2", "NGO-3")  # invented
# A month, in all of Kosovo: births to divorces of September 2025, mesazhi.com quoting the
# statistical office; adoptions and changes of name are assumptions.
MONTHLY = (2510, 909, 1234, 133, 4, 60)
# Of 2020, arbresh.info quoting the statistical office; marriages and divorces are assumptions.
ABROAD = np.array([0.236, 0.105, 0.12, 0.06, 0.0, 0.0])
MONTHS_BEFORE = 20  # events of so many months earlier are still being registered
SEASON = (0.94, 0.90, 0.93, 0.92, 0.97, 1.04, 1.18, 1.16, 1.06, 1.00, 0.96, 0.94)  # assumption
# Assumptions, shares between 0 and 1
STATED = 0.88  # events whose community is on record
LATE, LATE_ABROAD, LATE_MINORITY, LATE_REACHED = 0.028, 0.62, 0.31, 0.06
LONG_LATE = 0.07  # of the late ones: after more than a year
REACHED_DAYS = 420  # until outreach has reached every place
# Where Roma, Ashkali and Egyptians live more often than elsewhere, from general knowledge.
WHERE_MINORITIES_LIVE = {"09": 6.0, "02": 4.0, "15": 4.0, "17": 3.0, "08": 3.0, "25": 2.0}
ELSEWHERE = 0.5
REGIONAL_HOSPITALS = {"19": 0.40, "20": 0.14, "25": 0.12, "04": 0.11, "17": 0.10, "02": 0.07,
                      "11": 0.06}  # fmt: skip
EVENT = np.dtype([
    ("kind", "i1"), ("day", "i8"), ("abroad", "?"), ("minority", "?"), ("community", "i1"),
    ("place", "i2"), ("reached", "?"), ("source", "i1"), ("notified", "i8"), ("registered", "i8"),
])  # fmt: skip


def civil_events(world: World) -> Rows:
    """Every event registered since the first month, or waiting for it."""
    events = _happened(world)
    _register(world, events)
    _find_source(world, events)
    return _rows(world, events[events["registered"] >= world.start])


def _happened(world: World) -> np.ndarray:
    periods = list(world.spec.first.shift(-MONTHS_BEFORE).until(world.spec.last))
    days_of = [_of_month(world, kind, each) for kind in range(len(KINDS)) for each in periods]
    events = np.zeros(sum(map(len, days_of)), dtype=EVENT)
    kinds = np.repeat(np.arange(len(KINDS)), len(periods))
    events["kind"] = np.repeat(kinds, [len(each) for each in days_of])
    events["day"] = np.concatenate(days_of)
    count = len(events)
    events["abroad"] = world.rng("civil.abroad").random(count) < ABROAD[events["kind"]]
    community = choose(world.rng("civil.community"), COMMUNITY_SHARES, count)
    events["minority"] = np.isin(community, [COMMUNITIES.index(name) for name in MINORITIES])
    stated = world.rng("civil.stated").random(count) < STATED
    events["community"] = np.where(stated, community, -1)
    events["place"] = homes(world, "civil", events["minority"])
    return events


def _of_month(world: World, kind: int, period: Period) -> Ints:
    """The days of the events of a month."""
    rng = world.rng(f"civil.{KINDS[kind]}.{period.code}")
    season = SEASON[period.start.month - 1] * 12 / sum(SEASON) if kind == BIRTH else 1.0
    count = int(rng.poisson(MONTHLY[kind] * season * world.plot.people_scale))
    first, end = moment(period.start) // DAY, moment(period.end) // DAY
    return np.asarray(np.sort(rng.integers(first, end, count)))


def homes(world: World, name: str, minority: np.ndarray) -> Ints:
    """Where people live, by the population; the minorities live in fewer places."""
    more = np.array([WHERE_MINORITIES_LIVE.get(code, ELSEWHERE) for code in world.places])
    usual = choose(world.rng(f"{name}.home"), world.people, len(minority))
    theirs = choose(world.rng(f"{name}.home.minority"), world.people * more, len(minority))
    return np.where(minority, theirs, usual)


def _register(world: World, events: np.ndarray) -> None:
    """Most within a month; births of the minorities late, until outreach reaches them."""
    rng, count = world.rng("civil.delay"), len(events)
    helped = grown(events["day"] * DAY, world.plot.outreach, REACHED_DAYS)
    minority = events["minority"] & (events["kind"] == BIRTH)
    theirs = LATE_MINORITY + (LATE_REACHED - LATE_MINORITY) * helped
    chance = np.where(events["abroad"], LATE_ABROAD, np.where(minority, theirs, LATE))
    late, long = rng.random((2, count))
    months = np.where(long < LONG_LATE, 366, 31) + rng.exponential(70, count)
    soon = np.minimum(1 + rng.exponential(5.5, count), 27)
    delay = np.where(late < chance, np.minimum(months, 560), soon).astype(np.int64)
    happened = events["day"] * DAY
    second = rng.integers(0, DAY, count)
    events["registered"] = world.clock.in_office_hours(happened + delay * DAY + second)
    part = rng.uniform(0.1, 0.9, count)
    told = happened + (part * (events["registered"] - happened)).astype(np.int64)
    told = told // DAY * DAY + np.clip(told % DAY, OPENS, CLOSES)
    events["notified"] = np.minimum(told, events["registered"])
    events["reached"] = minority & (rng.random(count) < 0.6 * helped)


def _find_source(world: World, events: np.ndarray) -> None:
    """Hospitals report births and deaths, parents what came late, courts what they decided."""
    drawn = world.rng("civil.source").random(len(events))
    in_time = events["registered"] // DAY - events["day"] <= 30
    vital = np.isin(events["kind"], [BIRTH, DEATH])
    events["source"] = np.select(
        [
            np.isin(events["kind"], [KINDS.index("divorce"), KINDS.index("adoption")]),
            events["abroad"] & (drawn < 0.75),
            events["reached"],
            vital & ~events["abroad"] & in_time & (drawn < 0.93),
        ],
        [COURT, CONSULATE, np.where(drawn < 0.6, MOBILE_TEAM, NGO), HOSPITAL],
        PARENT,
    )


def _rows(world: World, events: np.ndarray) -> Rows:
    count, rng = len(events), world.rng("civil.rows")
    birth, vital = events["kind"] == BIRTH, events["kind"] <= DEATH
    hospitals = np.array([REGIONAL_HOSPITALS.get(code, 0.0) for code in world.places])
    at_hospital = birth & (events["source"] == HOSPITAL)
    where = np.where(at_hospital, choose(rng, hospitals, count), events["place"])
    ngo = np.where(events["source"] == NGO, rng.integers(0, len(NGOS), count), -1)
    sex = (rng.random(count) < 0.515).astype(np.int64)
    changes = (events["notified"], events["registered"])
    return Rows(
        {
            "event_id": numbered("EV", count),
            "event_type": codes(KINDS, events["kind"]),
            "event_date": days(events["day"]),
            "occurred_abroad": pa.array(events["abroad"]),
            "notified_at": Moments(events["notified"]),
            "registered_at": Moments(events["registered"]),
            "office_code": world.main_offices(events["place"]),
            "municipality_code": codes(world.places, np.where(events["abroad"], -1, where)),
            "mother_municipality_code": codes(world.places, np.where(birth, events["place"], -1)),
            "source": codes(SOURCES, events["source"]),
            "sex": codes(SEXES, np.where(vital, sex, -1)),
            "community": codes(COMMUNITIES, np.where(vital, events["community"], -1)),
            "ngo_code": codes(NGOS, ngo),
            "is_test": pa.array(np.zeros(count, dtype=bool)),
            "updated_at": Latest(changes),
        },
        changes,
    )
