"""Appointments and walk-in tickets at the counters, and what people say of them afterwards."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import Cases
from dashboard.demo.clock import CLOSES, DAY, NEVER, OPENS, Ints, moment
from dashboard.demo.columns import codes
from dashboard.demo.demand import CHANNELS, FAMILIES_FROM_ABROAD, ONLINE
from dashboard.demo.extracts.plot import PEOPLE_FACTOR, WAITING_OFFICE, grown
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import SERVICES, World, ids_of, month_numbers
from dashboard.demo.story import SHORTAGE_SERVICE, blank_shortage

ATTENDED, NO_SHOW, CANCELLED, RESCHEDULED = range(4)
STATUSES = ("attended", "no_show", "cancelled", "rescheduled")
SLOT = 600  # seconds
# Assumptions, shares between 0 and 1
TICKETED = 0.10  # of those without appointment: where there is a ticket machine
NO_SHOWS, KEPT_BY_REMINDER = 0.165, 0.48  # of appointments; and how many of these a reminder keeps
GIVEN_UP = {CANCELLED: 0.05, RESCHEDULED: 0.04}
WAIT = 270  # seconds, mean
LONGER_WAIT = 4.5  # times as long in the office that lost its staff
LEAD_DAYS = 3.4  # median from booking to the first free slot
ANSWERS = 0.036  # of those served: 20,000 answers for 550,000 visits, before PEOPLE_FACTOR
ANSWERS_ONLINE = 0.012
HAPPY, UNHAPPY_MINUTE = 0.925, 0.016  # share of 4 and 5 without waiting; less for each minute
IN_SHORTAGE = 0.12  # fewer happy passport applicants while there are no blanks


def visits(world: World) -> np.ndarray:
    """Every visit to a counter that was booked or got a ticket, kept or not, in no order.

    Each belongs to an application (`case` is its position); who did not come is made up after one
    that did, so that the missed ones are spread over offices, services and months like the others.
    """
    counter = world.cases["channel"] == CHANNELS.index("counter")
    ticketed = world.rng("tickets").random(len(world.cases)) < TICKETED
    booked = np.flatnonzero(counter & world.cases["booked"])
    walked_in = np.flatnonzero(counter & ~world.cases["booked"] & ticketed)
    came = _came(world, np.concatenate([booked, walked_in]), len(booked))
    return np.concatenate([came, _did_not_come(world, came[: len(booked)])])


VISIT = np.dtype([
    ("case", "i8"), ("office", "i2"), ("appointment", "?"), ("status", "i1"),
    ("booked", "i8"), ("free", "i8"), ("slot", "i8"),
    ("ticket", "i8"), ("called", "i8"), ("end", "i8"), ("settled", "i8"),
])  # fmt: skip


def _came(world: World, of: Ints, booked: int) -> np.ndarray:
    """The application is handed in minutes after its owner was called."""
    rng, count = world.rng("visits"), len(of)
    cases = world.cases[of]
    rows = np.zeros(count, dtype=VISIT)
    rows["case"], rows["office"] = of, cases["office"]
    rows["appointment"] = np.arange(count) < booked
    opening = cases["submitted"] // DAY * DAY + OPENS
    rows["called"] = np.maximum(opening, cases["submitted"] - rng.integers(60, 360, count))
    wait = _waits(world, cases)
    slot = np.maximum(opening, (rows["called"] - wait) // SLOT * SLOT)
    early = np.minimum(rows["called"], slot + rng.integers(-900, 240, count))
    rows["ticket"] = np.where(rows["appointment"], early, rows["called"] - 60 - wait * 3 // 2)
    rows["end"] = cases["submitted"] + rng.integers(60, 600, count)
    rows["settled"] = rows["called"]
    _book(world, rows, slot)
    return rows


def _waits(world: World, cases: Cases) -> Ints:
    """Seconds people wait: longer in the morning, far longer where the staff is gone."""
    rng = world.rng("waits")
    pace = world.spread("waiting", len(world.offices), 0.15)[cases["office"]]
    hour = cases["submitted"] % DAY // 3600
    rush = np.where((hour >= 9) & (hour < 11), 1.3, 0.9)
    bad = cases["office"] == world.offices.index(WAITING_OFFICE)
    worse = 1 + (LONGER_WAIT - 1) * grown(cases["submitted"], world.plot.long_waits, 60) * bad
    seconds = rng.exponential(WAIT * pace * rush * worse).clip(0, 3 * 3600)
    return np.asarray(seconds, dtype=np.int64)


def _book(world: World, rows: np.ndarray, slot: Ints) -> None:
    """Booked some days before the first free slot; some choose a later one."""
    rng, count = world.rng("booking"), len(rows)
    pace = world.spread("lead", len(world.offices), 0.2)[rows["office"]]
    season = np.array(FAMILIES_FROM_ABROAD)[month_numbers(slot) % 12]
    lead = np.maximum(1, rng.lognormal(np.log(LEAD_DAYS), 0.5, count) * pace * season)
    chosen = rng.geometric(0.45, count) - 1
    day = slot // DAY
    booked = (day - lead.astype(np.int64) - chosen) * DAY + rng.integers(7 * 3600, 22 * 3600, count)
    first = world.clock.after(booked // DAY + lead.astype(np.int64), np.zeros(count, np.int64))
    free = np.minimum(first, day) * DAY + OPENS + SLOT * rng.integers(0, 45, count)
    for name, values in (("booked", booked), ("free", free), ("slot", slot)):
        rows[name] = np.where(rows["appointment"], values, NEVER)


def _did_not_come(world: World, kept: np.ndarray) -> np.ndarray:
    """Those who stayed away, for each of the appointments kept at most one."""
    rng = world.rng("missed")
    care = world.spread("no-shows", len(world.offices), 0.12)[kept["office"]]
    kept_now = KEPT_BY_REMINDER * grown(kept["slot"], world.plot.reminders, 120)
    missed = (NO_SHOWS * care * (1 - kept_now)).clip(0, 0.4)
    edges = np.cumsum([missed / (1 - missed), *(np.full(len(kept), s) for s in GIVEN_UP.values())],
                      axis=0)  # fmt: skip
    drawn = rng.random(len(kept))
    status = NO_SHOW + (drawn >= edges[0]).astype(np.int64) + (drawn >= edges[1])
    rows = kept[drawn < edges[2]].copy()
    rows["status"] = status[drawn < edges[2]]
    rows["slot"] = rows["slot"] // DAY * DAY + OPENS + SLOT * rng.integers(0, 45, len(rows))
    early = rows["booked"] + (rng.random(len(rows)) * (rows["slot"] - rows["booked"])).astype("i8")
    closing = rows["slot"] // DAY * DAY + CLOSES
    rows["settled"] = np.where(rows["status"] == NO_SHOW, closing, early)
    for name in ("ticket", "called", "end"):
        rows[name] = NEVER
    return np.asarray(rows)


def appointments(world: World) -> Rows:
    """By the columns of the contract; an appointment is booked until it is kept or not."""
    rows = visits(world)
    cases = world.cases[rows["case"]]
    mark = np.where(rows["appointment"], rows["status"], len(STATUSES))
    names = [ids_of(cases[mark == n], letter) for n, letter in enumerate("TNXRW")]
    born = np.where(rows["appointment"], rows["booked"], rows["ticket"])
    counters = np.where(rows["called"] < NEVER, world.rng("counter").integers(0, 6, len(rows)), -1)
    return Rows(
        {
            "appointment_id": _in_place(names, mark),
            "booking_type": codes(("walk_in", "appointment"), rows["appointment"]),
            "office_code": codes(world.offices, rows["office"]),
            "service_code": codes(SERVICES, cases["service"]),
            "booked_at": Moments(rows["booked"]),
            "slot_start": _planned(rows["slot"]),
            "first_free_slot": _planned(rows["free"]),
            "status": Known(codes(STATUSES, rows["status"]), rows["settled"], "booked"),
            "ticket_at": Moments(rows["ticket"]),
            "called_at": Moments(rows["called"]),
            "service_end_at": Moments(rows["end"]),
            "counter_no": Known(codes([f"{n}" for n in range(1, 7)], counters), rows["called"]),
            "is_test": pa.array(np.zeros(len(rows), dtype=bool)),
        },
        (born, rows["settled"], rows["end"]),
    )


def _in_place(parts: list[pa.Array], mark: np.ndarray) -> pa.Array:
    """The parts put back where their mark stands."""
    order = np.argsort(np.argsort(mark, kind="stable"), kind="stable")
    return pa.concat_arrays(parts).take(pa.array(order))


def _planned(seconds: Ints) -> pa.Array:
    """Moments that are known before they come."""
    return pa.array(np.minimum(seconds, 2**40).astype("datetime64[s]"), mask=seconds >= NEVER)


def satisfaction(world: World) -> Rows:
    """Answers of some of those who were served; who waited long is rarely happy."""
    rng, seen = world.rng("answers"), visits(world)
    seen = seen[seen["status"] == ATTENDED]
    share = min(0.5, ANSWERS * PEOPLE_FACTOR)
    seen = seen[rng.random(len(seen)) < share]
    since = np.where(seen["appointment"], np.maximum(seen["slot"], seen["ticket"]), seen["ticket"])
    waited = (seen["called"] - since) / 60
    online = np.flatnonzero(world.cases["channel"] == ONLINE)
    online = online[rng.random(len(online)) < min(0.5, ANSWERS_ONLINE * PEOPLE_FACTOR)]
    cases = world.cases[np.concatenate([seen["case"], online])]
    done = np.concatenate([seen["end"], world.cases["submitted"][online]])
    minutes = np.concatenate([waited, np.zeros(len(online))])
    return _answers(world, cases, done + rng.integers(30, 900, len(done)), minutes)


def _answers(world: World, cases: Cases, answered: Ints, minutes: np.ndarray) -> Rows:
    rng, place = world.rng("scores"), world.place_of_office[cases["office"]]
    short = blank_shortage(world.spec)
    no_blank = cases["service"] == SERVICES.index(SHORTAGE_SERVICE)
    no_blank &= cases["submitted"] >= moment(short.start)
    no_blank &= cases["submitted"] < moment(short.end or short.start)
    happy = (HAPPY - UNHAPPY_MINUTE * minutes - IN_SHORTAGE * no_blank).clip(0.1, 0.97)
    drawn = rng.random(len(cases))
    good = np.where(drawn < 0.55 * happy, 5, 4)
    score = np.where(drawn < happy, good, rng.integers(1, 4, len(drawn)))
    return Rows(
        {
            "response_id": ids_of(cases, "S"),
            "answered_at": Moments(answered),
            "office_code": codes(world.offices, cases["office"]),
            "service_code": codes(SERVICES, cases["service"]),
            "channel": codes(CHANNELS, cases["channel"]),
            "score": pa.array(score),
            "language": world.languages("answers", place),
        },
        (answered,),
    )
