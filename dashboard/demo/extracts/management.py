"""What the offices cost and are expected to bring in, and the actions of the strategy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo import agency
from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, days, numbered
from dashboard.demo.demand import TRAITS
from dashboard.demo.extracts.payments import EXEMPT, FEES, SURCHARGE
from dashboard.demo.extracts.rows import Known, Rows
from dashboard.demo.extracts.world import World

STAFF = 410  # on extended hours in 2010, institutigap.org; scaled as the applications are
# Assumptions
AT_WORK, AT_WORK_IN_SUMMER = 0.89, 0.80  # share of the working days
MONTHLY_COST = 980.0  # euro for each of the staff, with what an office itself costs
SHARED = 0.42  # on top: production, systems, headquarters
DEARER = 0.03  # a year
PLAN = 0.975  # planned revenue against what would be expected
ACTIONS_YEARLY = 40  # 120 in three years
ACTION_DAYS = 150  # an action is entered so many days before it is due
FAR_AHEAD = 8  # months after the last of which actions are known
OWNERS = ("STRATEGY", "DOCUMENTS", "CIVIL_STATUS", "VEHICLES", "IT")
STATUSES = ("done", "done_late")
POSTPONED, ON_TIME, ON_TIME_LATER = 0.22, 0.70, 0.84  # shares; first month, last month


def staff_cost(world: World) -> Rows:
    """Each office that serves the public, month by month; the training office is left out."""
    shares = np.array([world.office_shares(month) for month in world.months])
    month, office = np.nonzero(shares > 0)
    share = shares[month, office]
    lean = world.spread("staff", len(world.offices), 0.08)[office]
    bold = world.spread("plan", len(world.offices), 0.03)[office]
    people = STAFF * world.spec.scale * share * lean
    worked = people * _days_at_work(world)[month]
    cost = MONTHLY_COST * (1 + DEARER) ** (month / 12)
    shared = STAFF * world.spec.scale * share * cost * SHARED
    plan = _expected_revenue(world)[month] * share * PLAN * bold
    day = np.array([moment(each) // DAY for each in world.months])[month]
    return Rows(
        {
            "month": days(day),
            "office_code": codes(world.offices, office),
            "fte_paid": pa.array(np.round(people, 3)),
            "staff_days_worked": pa.array(np.round(worked, 3)),
            "direct_cost_eur": pa.array(np.round(people * cost, 2)),
            "shared_cost_eur": pa.array(np.round(shared, 2)),
            "revenue_plan_eur": pa.array(np.round(plan, 2)),
        },
        (day * DAY,),
    )


def _days_at_work(world: World) -> np.ndarray:
    """The days one of the staff works in each month."""
    working = world.clock.is_working(world.days)
    starts = np.array([moment(month) // DAY for month in world.months])
    days_of = np.add.reduceat(working.astype(np.int64), starts - world.days[0])
    summer = np.array([month.month in {7, 8} for month in world.months])
    return days_of * np.where(summer, AT_WORK_IN_SUMMER, AT_WORK)


def _expected_revenue(world: World) -> np.ndarray:
    """What the applications of each month should bring in."""
    return np.array([
        sum(
            trait.intake(month, world.spec.scale)
            * (1 - EXEMPT)
            * (FEES[trait.code] + trait.accelerated * SURCHARGE)
            for trait in TRAITS
        )
        for month in world.months
    ])  # fmt: skip


def strategy_actions(world: World) -> Rows:
    """Due through the months and some after; most are done in time, some late, some put off."""
    rng = world.rng("strategy")
    due = _due_days(world)
    count = len(due)
    reached = np.arange(count) / max(count - 1, 1)
    in_time = rng.random(count) < ON_TIME + (ON_TIME_LATER - ON_TIME) * reached
    put_off = ~in_time & (rng.random(count) < POSTPONED / (1 - ON_TIME))
    late = due + rng.integers(8, 150, count)
    done = np.where(in_time, due - rng.integers(0, 45, count), late)
    promised = np.where(put_off, due + rng.integers(30, 120, count), due)
    never = ~in_time & (rng.random(count) < 0.15)
    done_at = np.where(never, NEVER, done * DAY + DAY - 1)
    entered = np.maximum((due - ACTION_DAYS) * DAY, world.start)
    codes_of = [row.code for row in agency.objectives()]
    changed = (due - 20) * DAY  # when it is clear that an action has to be put off
    return Rows(
        {
            "action_id": numbered("SA", count),
            "objective_code": codes(codes_of, rng.integers(0, len(codes_of), count)),
            "owner": codes(OWNERS, rng.integers(0, len(OWNERS), count)),
            "due_date": Known(days(promised), changed, Known(days(due), entered)),
            "baseline_due_date": days(due),
            "completed_at": Known(days(done), done_at),
            "status": Known(codes(STATUSES, ~in_time), done_at, "in_progress"),
        },
        (entered, np.maximum(changed, entered), done_at),
    )


def _due_days(world: World) -> Ints:
    """A working day for each action, spread evenly."""
    first = world.start // DAY
    last = moment(world.spec.last.shift(FAR_AHEAD).start) // DAY
    wanted = max(4, round(ACTIONS_YEARLY * (last - first) / 365))
    spread = np.linspace(first + 20, last, wanted).astype(np.int64)
    return world.clock.after(spread, np.zeros(wanted, np.int64))
