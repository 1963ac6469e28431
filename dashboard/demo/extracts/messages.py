"""Documents that are about to expire, and the text messages that say so."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import pseudonyms
from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, days
from dashboard.demo.extracts.plot import grown
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import World
from dashboard.demo.streams import choose

EXPIRING_YEARLY = 400_000  # assumption, at scale 1.0
TYPES = ("PASSPORT", "ID_CARD", "DRIVING_LICENCE")
TYPE_SHARES = np.array([0.50, 0.36, 0.14])
HOLDERS = ("active", "deceased", "emigrated", "renounced")
HOLDER_SHARES = np.array([0.925, 0.025, 0.044, 0.006])
WINDOW = 120  # days before its expiry on which a document comes into the list
FIRST, SECOND = 75, 30  # days before its expiry on which the reminders are sent
REPEATED = 4  # days after which a failed message is tried again
# Assumptions, shares between 0 and 1
PHONE, PHONE_MORE = 0.74, 0.16  # have a phone on file; more as the campaign goes on
CONSENT, CONSENT_MORE = 0.80, 0.12
IN_TIME, AFTERWARDS = 0.41, 0.68  # renew before expiry; of the others, later
REMINDED_MORE = 0.24  # more of those reminded renew before expiry
OUTCOMES = ("delivered", "failed", "unknown")
OUTCOME_SHARES = np.array([0.90, 0.075, 0.025])
FAILURES = ("NUMBER_UNKNOWN", "HANDSET_OFF", "REFUSED_BY_NETWORK")
DOCUMENT = np.dtype([
    ("kind", "i1"), ("expiry", "i8"), ("place", "i2"), ("holder", "i1"), ("phone", "?"),
    ("consent", "?"), ("reminded", "?"), ("renewed", "i8"), ("pseudo", "S12"),
])  # fmt: skip
MESSAGE = np.dtype([
    ("document", "i8"), ("number", "i1"), ("day", "i8"), ("sent", "i8"), ("outcome", "i1"),
    ("settled", "i8"),
])  # fmt: skip


def expiring_documents(world: World) -> Rows:
    """A document stands in the list from a window before its expiry on; then it may be renewed."""
    rows = _documents(world)
    listed = (rows["expiry"] - WINDOW) * DAY
    return Rows(
        {
            "document_pseudo": pa.array(rows["pseudo"].astype("U12")),
            "document_type": codes(TYPES, rows["kind"]),
            "expiry_date": days(rows["expiry"]),
            "municipality_code": codes(world.places, rows["place"]),
            "holder_status": codes(HOLDERS, rows["holder"]),
            "phone_on_file": pa.array(rows["phone"]),
            "sms_consent": pa.array(rows["consent"]),
            "language": world.languages("documents", rows["place"]),
            "renewal_submitted_at": Moments(rows["renewed"]),
        },
        (listed, rows["renewed"]),
    )


def sms(world: World) -> Rows:
    """Two reminders for each document whose holder can be reached; failed ones once more."""
    documents = _documents(world)
    rows = _messages(world, documents)
    language = world.languages("documents", documents["place"]).take(pa.array(rows["document"]))
    failure = world.rng("sms.failure").integers(0, len(FAILURES), len(rows))
    failed = rows["outcome"] == OUTCOMES.index("failed")
    delivered = np.where(rows["outcome"] == OUTCOMES.index("delivered"), rows["settled"], NEVER)
    numbers = rows["number"].astype(np.int64)
    pseudo = documents["pseudo"][rows["document"]].astype("U12")
    identifiers = [f"{name}-{number}" for name, number in zip(pseudo, numbers, strict=True)]
    return Rows(
        {
            "sms_id": pa.array(identifiers, pa.string()),
            "document_pseudo": pa.array(pseudo),
            "template": codes(("EXPIRY_75", "EXPIRY_30", "EXPIRY_75"), numbers - 1),
            "language": language,
            "planned_for": days(rows["day"]),
            "sent_at": Moments(rows["sent"]),
            "status": Known(codes(OUTCOMES, rows["outcome"]), rows["settled"], "pending"),
            "delivered_at": Moments(delivered),
            "failure_code": Known(codes(FAILURES, np.where(failed, failure, -1)), rows["settled"]),
        },
        (rows["day"] * DAY, rows["settled"]),
    )


def _documents(world: World) -> np.ndarray:
    """Every document that expires from the first month until the window after the last."""
    rng = world.rng("documents")
    first, last = world.start // DAY, world.end // DAY + WINDOW
    count = int(rng.poisson(EXPIRING_YEARLY * world.spec.scale * (last - first) / 365))
    rows = np.zeros(count, dtype=DOCUMENT)
    rows["pseudo"] = pseudonyms(rng, count)
    rows["expiry"] = np.sort(rng.integers(first, last, count))
    rows["kind"] = choose(rng, TYPE_SHARES, count)
    rows["place"] = choose(rng, world.people, count)
    rows["holder"] = choose(rng, HOLDER_SHARES, count)
    campaign = grown(rows["expiry"] * DAY, world.plot.reminders, 365)
    rows["phone"] = rng.random(count) < PHONE + PHONE_MORE * campaign
    rows["consent"] = rng.random(count) < CONSENT + CONSENT_MORE * campaign
    started = (rows["expiry"] - FIRST) * DAY >= moment(world.plot.reminders)
    reachable = rows["phone"] & rows["consent"] & (rows["holder"] == 0)
    rows["reminded"] = reachable & started
    rows["renewed"] = _renewals(world, rows)
    return rows


def _renewals(world: World, rows: np.ndarray) -> Ints:
    """When a renewal is asked for: before expiry, afterwards, or never."""
    rng, count = world.rng("renewals"), len(rows)
    drawn = rng.random(count)
    in_time = drawn < IN_TIME + REMINDED_MORE * rows["reminded"]
    later = ~in_time & (rng.random(count) < AFTERWARDS)
    before = rows["expiry"] - rng.integers(0, FIRST, count)
    after = rows["expiry"] + 1 + rng.exponential(70, count).astype(np.int64)
    day = world.clock.after(np.where(in_time, before, after), np.zeros(count, np.int64))
    day = np.where(in_time, np.minimum(day, rows["expiry"]), day)
    asked = (in_time | later) & (rows["holder"] == 0)
    return np.where(asked, day * DAY + rng.integers(8 * 3600, 15 * 3600, count), NEVER)


def _messages(world: World, documents: np.ndarray) -> np.ndarray:
    """The first reminder, the second for who has not renewed, and failed first ones again."""
    of = np.flatnonzero(documents["reminded"])
    expiry, renewed = documents["expiry"][of], documents["renewed"][of]
    first = _sent(world, of, 1, expiry - FIRST)
    waiting = renewed >= (expiry - SECOND) * DAY
    second = _sent(world, of[waiting], 2, expiry[waiting] - SECOND)
    failed = first["outcome"] == OUTCOMES.index("failed")
    again = _sent(world, of[failed], 3, first["day"][failed] + REPEATED)
    rows = np.concatenate([first, second, again])
    return np.asarray(rows[rows["day"] * DAY >= world.start])


def _sent(world: World, of: Ints, number: int, day: Ints) -> np.ndarray:
    rng, count = world.rng(f"sms.{number}"), len(of)
    rows = np.zeros(count, dtype=MESSAGE)
    rows["document"], rows["number"], rows["day"] = of, number, day
    rows["sent"] = day * DAY + rng.integers(9 * 3600, 11 * 3600, count)
    rows["outcome"] = choose(rng, OUTCOME_SHARES, count)
    delay = np.where(rows["outcome"] == 0, rng.exponential(600, count) + 5, 2 * DAY)
    rows["settled"] = rows["sent"] + delay.astype(np.int64)
    return rows
