"""The registers themselves: their size, corrections, checks, addresses, and who asks them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import pseudonyms
from dashboard.demo.clock import DAY, Ints, moment
from dashboard.demo.columns import codes, days, numbered
from dashboard.demo.extracts.plot import damage_of_migration
from dashboard.demo.extracts.rows import Moments, Rows
from dashboard.demo.extracts.world import World, month_numbers
from dashboard.demo.streams import choose

REGISTERS = ("CIVIL_STATUS", "ADDRESS", "DOCUMENTS", "VEHICLES", "DRIVING_LICENCES")
PER_PERSON = np.array([1.15, 1.0, 1.25, 0.25, 0.45])  # records, assumption
GROWTH = 0.012  # a year, assumption
CORRECTIONS_YEARLY = 15_000  # assumption, at scale 1.0
CAUSES = ("office_error", "citizen_change", "court", "source_error", "bulk_cleanup")
CAUSE_SHARES = np.array([0.32, 0.31, 0.05, 0.20, 0.12])
AFTER_MIGRATION = np.array([1.25, 1.0, 1.0, 4.5, 1.5])  # times as many, at the worst
FIELDS = ("NAME", "DATE_OF_BIRTH", "PLACE", "PARENTS", "ADDRESS", "STATUS")
FIELD_SHARES = np.array([0.28, 0.14, 0.16, 0.12, 0.20, 0.10])
# Rule, dimension, weight, register, share that fails, and that on top right after the migration.
RULES = (
    ("NAME_PRESENT", "completeness", 2.0, 0, 0.006, 0.012),
    ("PARENTS_PRESENT", "completeness", 1.0, 0, 0.048, 0.060),
    ("BIRTH_DATE_VALID", "validity", 2.0, 0, 0.012, 0.035),
    ("PERSON_UNIQUE", "uniqueness", 3.0, 0, 0.010, 0.055),
    ("DEATH_IN_TIME", "timeliness", 1.0, 0, 0.055, 0.030),
    ("ADDRESS_PRESENT", "completeness", 2.0, 1, 0.045, 0.070),
    ("ADDRESS_CODE_VALID", "validity", 2.0, 1, 0.050, 0.110),
    ("HOLDER_IN_CIVIL_STATUS", "consistency", 3.0, 2, 0.014, 0.085),
    ("EXPIRY_AFTER_ISSUE", "validity", 1.0, 2, 0.003, 0.010),
    ("OWNER_IN_CIVIL_STATUS", "consistency", 2.0, 3, 0.035, 0.060),
    ("PLATE_UNIQUE", "uniqueness", 2.0, 3, 0.008, 0.015),
    ("HOLDER_ALIVE", "consistency", 2.0, 4, 0.022, 0.030),
)
MATCHED = (0, 3, 4)  # registers whose addresses are compared with the address register
MATCH_FIRST, MATCH_LAST, MATCH_LOST = 0.865, 0.935, 0.075  # exact: first month, last, in migration
PROBABLE, MISSING = 0.4, 0.2  # of those that do not match exactly


def _grid(world: World, many: int) -> tuple[Ints, Ints, Ints]:
    """Every month, thing and place: the position of each, in this order."""
    shape = (len(world.months), many, len(world.places))
    month, thing, place = (each.ravel() for each in np.indices(shape))
    return month, thing, place


def _records(world: World, month: Ints, register: Ints, place: Ints) -> Ints:
    """Active records, scaled as civil events are."""
    people = world.people[place] * world.plot.people_scale
    grown = (1 + GROWTH / 12) ** month
    records = np.maximum(1, np.round(people * PER_PERSON[register] * grown))
    return np.asarray(records, dtype=np.int64)


def _last_days(world: World) -> Ints:
    ends = [period.end for period in world.spec.first.until(world.spec.last)]
    return np.array([moment(end) // DAY - 1 for end in ends])


def _damage(world: World, month: Ints) -> np.ndarray:
    numbers = np.array([each.year * 12 + each.month - 1 for each in world.months])
    return damage_of_migration(numbers, world.plot)[month]


def register_snapshot(world: World) -> Rows:
    """How many records each register holds at each month end."""
    month, register, place = _grid(world, len(REGISTERS))
    day = _last_days(world)[month]
    return Rows(
        {
            "snapshot_date": days(day),
            "register": codes(REGISTERS, register),
            "municipality_code": codes(world.places, place),
            "active_records": pa.array(_records(world, month, register, place)),
        },
        (day * DAY,),
    )


def corrections(world: World) -> Rows:
    """Records put right; after the migration most because the old data were wrong."""
    numbers = month_numbers(world.days * DAY)
    worse = 1 + np.outer(damage_of_migration(numbers, world.plot), AFTER_MIGRATION - 1)
    daily = CORRECTIONS_YEARLY * world.plot.people_scale / 250 * CAUSE_SHARES
    working = world.clock.is_working(world.days)[:, None]
    rng = world.rng("corrections")
    counts = rng.poisson(daily * worse * working)
    day = np.repeat(world.days, counts.sum(axis=1))
    cause = np.repeat(np.tile(np.arange(len(CAUSES)), len(world.days)), counts.ravel())
    count = len(day)
    requested = day * DAY + rng.integers(8 * 3600, 16 * 3600, count)
    took = rng.lognormal(np.log(5), 0.7, count).astype(np.int64)
    completed = world.clock.move(requested, took, rng)
    place = choose(rng, world.people, count)
    return Rows(
        {
            "correction_id": numbered("CO", count),
            "register": codes(REGISTERS, choose(rng, PER_PERSON, count)),
            "record_pseudo": pa.array(pseudonyms(rng, count).astype("U12")),
            "field_group": codes(FIELDS, choose(rng, FIELD_SHARES, count)),
            "cause": codes(CAUSES, cause),
            "requested_at": Moments(requested),
            "completed_at": Moments(completed),
            "office_code": world.main_offices(place),
        },
        (requested, completed),
    )


def dq_checks(world: World) -> Rows:
    """One run a month: rule by rule, how many records of each place fail."""
    month, rule, place = _grid(world, len(RULES))
    names, kinds, weights, registers, usual, more = (
        list(each) for each in zip(*RULES, strict=True)
    )
    register = np.array(registers)[rule]
    checked = _records(world, month, register, place)
    care = world.spread("quality", len(world.places), 0.25)[place]
    share = np.array(usual)[rule] * care + np.array(more)[rule] * _damage(world, month)
    better = 1 - 0.2 * month / max(len(world.months) - 1, 1)
    failed = world.rng("quality").binomial(checked, (share * better).clip(0, 0.6))
    day = _run_days(world)[month]
    return Rows(
        {
            "run_id": codes([f"DQ-{each:%y-%m}" for each in world.months], month),
            "run_date": days(day),
            "rule_code": codes(names, rule),
            "dimension": codes(kinds, rule),
            "weight": pa.array(np.array(weights)[rule]),
            "register": codes(REGISTERS, register),
            "municipality_code": codes(world.places, place),
            "records_checked": pa.array(checked),
            "records_failed": pa.array(failed),
        },
        (day * DAY,),
    )


def _run_days(world: World) -> Ints:
    """The last working day but two of each month."""
    last = _last_days(world)
    return world.clock.before(last, np.full(len(last), 2))


def address_matches(world: World) -> Rows:
    """How many addresses of a register are found in the address register, run by run."""
    month, which, place = _grid(world, len(MATCHED))
    register = np.array(MATCHED)[which]
    total = _records(world, month, register, place)
    reached = month / max(len(world.months) - 1, 1)
    care = (world.spread("addresses", len(world.places), 0.02)[place] - 1).clip(-0.05, 0.05)
    share = MATCH_FIRST + (MATCH_LAST - MATCH_FIRST) * reached + care
    share = (share - MATCH_LOST * _damage(world, month)).clip(0.3, 0.99)
    rng = world.rng("addresses")
    exact = rng.binomial(total, share)
    probable = rng.binomial(total - exact, PROBABLE)
    missing = rng.binomial(total - exact - probable, MISSING)
    day = _run_days(world)[month]
    return Rows(
        {
            "run_id": codes([f"AM-{each:%y-%m}" for each in world.months], month),
            "run_date": days(day),
            "register": codes(REGISTERS, register),
            "municipality_code": codes(world.places, place),
            "persons_total": pa.array(total),
            "matched_exact": pa.array(exact),
            "matched_probable": pa.array(probable),
            "unmatched": pa.array(total - exact - probable - missing),
            "address_missing": pa.array(missing),
        },
        (day * DAY,),
    )
