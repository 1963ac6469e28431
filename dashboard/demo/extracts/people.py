"""The people outreach finds without papers, and how many births each place should expect."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import COMMUNITIES
from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, days, numbered
from dashboard.demo.extracts.civil import ABROAD, BIRTH, MONTHLY, NGOS, homes
from dashboard.demo.extracts.plot import MINORITIES, grown
from dashboard.demo.extracts.rows import Known, Rows
from dashboard.demo.extracts.world import World
from dashboard.demo.streams import choose

FOUND_YEARLY = 500  # assumption, at scale 1.0, once outreach has started
BEFORE_OUTREACH = 0.5  # of that
NEEDS = ("birth_reg", "id_card", "residence", "court_proof")
NEED_SHARES = np.array([0.42, 0.30, 0.18, 0.10])
OUTCOMES = ("registered", "documented", "not_eligible", "lost_contact")
REGISTERED, DOCUMENTED, NOT_ELIGIBLE, LOST_CONTACT = range(4)
FAILED = np.array([0.04, 0.11])  # not eligible, lost
SLOW, QUICK = 170.0, 75.0  # median days until papers are there, before and after outreach
SOURCE = "demo: population times the scale of the demo; births at home by the national rate"


def outreach(world: World) -> Rows:
    """People found without papers; more are found and helped in time once outreach has started."""
    found = _found(world)
    rng, count = world.rng("outreach"), len(found)
    helped = grown(found * DAY, world.plot.outreach, 240)
    need = choose(rng, NEED_SHARES, count)
    papers = np.where(need == NEEDS.index("birth_reg"), REGISTERED, DOCUMENTED)
    drawn = rng.random(count)
    outcome = np.select(
        [drawn < FAILED[0], drawn < FAILED.sum()], [NOT_ELIGIBLE, LOST_CONTACT], papers
    )
    median = SLOW + (QUICK - SLOW) * helped
    took = 5 + rng.lognormal(np.log(median), 0.6, count).astype(np.int64)
    end = world.clock.after(found + took, np.zeros(count, np.int64))
    minority = rng.random(count) < 0.9
    names = [COMMUNITIES.index(name) for name in MINORITIES]
    theirs = np.array(names)[choose(rng, np.array([0.35, 0.4, 0.25]), count)]
    resolved = np.where(outcome == LOST_CONTACT, NEVER, end * DAY)
    return Rows(
        {
            "case_id": numbered("OR", count),
            "identified_at": days(found),
            "ngo_code": codes(NGOS, rng.integers(0, len(NGOS), count)),
            "community": codes(COMMUNITIES, np.where(minority, theirs, -1)),
            "municipality_code": codes(world.places, homes(world, "outreach", minority)),
            "need": codes(NEEDS, need),
            "resolved_at": Known(days(end), resolved),
            "outcome": Known(codes(OUTCOMES, outcome), end * DAY, "open"),
        },
        (found * DAY, end * DAY),
    )


def _found(world: World) -> Ints:
    """The working day on which each was found, in order."""
    rng = world.rng("outreach.found")
    started = grown(world.days * DAY, world.plot.outreach, 90)
    rate = BEFORE_OUTREACH + (1 - BEFORE_OUTREACH) * started
    working = world.clock.is_working(world.days)
    yearly = FOUND_YEARLY * world.plot.people_scale
    daily = rng.poisson(rate * working * yearly / 250)
    return np.repeat(world.days, daily)


def population_reference(world: World) -> Rows:
    """Each place by year: its people and its births at home, scaled as civil events are.

    The newest year comes once more with the last month.
    """
    years = sorted({month.year for month in world.months})
    scale, places = world.plot.people_scale, len(world.places)
    births = 12 * MONTHLY[BIRTH] * (1 - ABROAD[BIRTH]) * scale
    expected = np.round(births * world.people / world.people.sum()).astype(np.int64)
    people = np.round(world.people * scale).astype(np.int64)
    known = [max(moment(date(year, 1, 1)), world.start) for year in years]
    again = [*([NEVER] * (len(years) - 1)), moment(world.months[-1])]
    return Rows(
        {
            "municipality_code": codes(world.places, np.tile(np.arange(places), len(years))),
            "year": pa.array(np.repeat(years, places)),
            "population": pa.array(np.tile(people, len(years))),
            "expected_births": pa.array(np.tile(np.maximum(expected, 1), len(years))),
            "source": pa.array([SOURCE] * places * len(years)),
        },
        (np.repeat(known, places), np.repeat(again, places)),
    )
