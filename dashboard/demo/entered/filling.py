"""Enters the demo values as people would: written by one, proved, approved by another.

Every step looks at what is there first: an installation that was killed goes on where it stopped.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dashboard.demo.spec import DemoSpec
from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.period import Frequency, Period
from data.signing_in import actor_by_email
from data.workspace import Workspace
from kpis.catalogue import Entry as Defined
from kpis.catalogue import entry_of
from kpis.defining.actions import assign_kpi, define_kpi
from kpis.entering import (
    Line,
    Written,
    approve_readings,
    attach_file,
    attach_note,
    save_reading,
    submit_lines,
    submit_reading,
)
from kpis.entering.waiting import Expected, read_expected
from kpis.entries.reading import Entry, Slot, read_entries
from kpis.locks import lock_period, read_locks

HOURS, COUNTERS = "EN-01", "EN-02"
MONTHS = 24
OWNER, SECOND, MANAGER = (
    "kpi-owner@example.org",
    "production-owner@example.org",
    ("manager@example.org"),
)
OBJECTIVES = {HOURS: "3.2", COUNTERS: "3.3"}
REGISTER = "DEMO: training register, page {page}"
ROTA = "DEMO: duty rota of {office}, {month}"
LATE = 3  # offices that have not entered their last month yet
CORRECTED_BACK, HOURS_MISSED = 3, 24  # months before the last; hours found later
WHY = "DEMO: a course held in another town was not in the register"
FILE = b"DEMO: list of courses, invented.\nCourse;Hours\nFirst contact;12\nNew forms;16\n"


def fill_entered(workspace: Workspace, spec: DemoSpec) -> None:
    """Define the two KPIs, enter their values and leave the last ones for a visitor to go on."""
    _define(workspace, spec)
    owner, second, manager = (_somebody(workspace, email) for email in (OWNER, SECOND, MANAGER))
    rows = _expected(workspace, owner)
    lines = list(_lines(spec, [row for row in rows if row.is_missing]))
    if lines:
        submit_lines(workspace, by=owner, lines=lines, confirmed=True)
    waiting = [row.on_its_way for row in _expected(workspace, owner) if row.is_submitted]
    _approve(workspace, second, [entry for entry in waiting if entry], spec)
    _correct(workspace, owner, second, spec)
    _wait(workspace, owner, spec)
    _lock(workspace, manager, spec)


def definitions(spec: DemoSpec) -> list[Defined]:
    """The two KPIs, entered since as many months as there are demo values."""
    since = spec.last.shift(1 - min(MONTHS, spec.months)).start.isoformat()
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(_folder().glob("*.toml"))]
    return [entry_of(table | {"entered": table["entered"] | {"since": since}}) for table in tables]


def _folder() -> Path:
    return Path(__file__).parent


def _define(workspace: Workspace, spec: DemoSpec) -> None:
    for entry in definitions(spec):
        code = entry.definition.code
        define_kpi(workspace, by=SYSTEM, entry=entry, reason="demo")
        assign_kpi(
            workspace,
            by=SYSTEM,
            code=code,
            objective_code=OBJECTIVES[code],
            owner_email=OWNER,
        )


def _somebody(workspace: Workspace, email: str) -> Actor:
    actor = actor_by_email(workspace, email)
    if actor is None:
        raise Invalid("demo.refused.no_steward", email=email)
    return actor


def _expected(workspace: Workspace, by: Actor) -> Sequence[Expected]:
    with workspace.read(by, Permission.READING_ENTER) as reader:
        return read_expected(reader, [HOURS, COUNTERS])


def _lines(spec: DemoSpec, rows: Sequence[Expected]) -> Iterator[Line]:
    """The values of the demo up to its last month, but for the offices that are late."""
    late = [row.slot for row in rows if row.slot.code == COUNTERS and row.slot.period == spec.last]
    for row in rows:
        slot = row.slot
        if slot.period.start > spec.last.start or slot in late[-LATE:]:
            continue
        if slot.code == HOURS and slot.period == spec.last:
            continue  # somebody has just begun with it
        page = spec.first.start.year + slot.period.start.month
        note = REGISTER.format(page=page)
        if slot.office is not None:
            note = ROTA.format(office=slot.office, month=slot.period.code)
        yield Line(slot, _written(spec, slot), note=note)


def _written(spec: DemoSpec, slot: Slot) -> Written:
    """The invented value of a slot: the same for the same seed."""
    month = spec.last.start.year * 12 + spec.last.start.month
    ago = month - slot.period.start.year * 12 - slot.period.start.month
    place = [ord(letter) for letter in slot.office or ""]
    dice = np.random.default_rng([spec.seed, ago, *place])
    if slot.code == HOURS:
        summer = 60 if slot.period.start.month == 8 else 0
        lately = 45 if ago < 8 else 0
        return Written(float(round(210 + lately - summer + dice.normal(0, 14))))
    counters = 1 + sum(place) % 5
    planned = counters * int(dice.integers(148, 177))
    share = min(0.995, 0.93 - 0.015 * (sum(place) % 4) + dice.normal(0, 0.015))
    return Written(float(round(planned * share)), float(planned))


def _approve(workspace: Workspace, by: Actor, waiting: Sequence[Entry], spec: DemoSpec) -> None:
    """All but what a visitor finds waiting."""
    ready = [entry for entry in waiting if entry.slot.period.start < spec.last.start]
    ready += [entry for entry in waiting if entry.slot.period == spec.last and entry.slot.office]
    if ready:
        approve_readings(workspace, by=by, entries=ready)


def _correct(workspace: Workspace, owner: Actor, second: Actor, spec: DemoSpec) -> None:
    """One value that turned out to be too low, with its reason."""
    slot = Slot(HOURS, spec.last.shift(-CORRECTED_BACK))
    known = [entry for entry in _entries(workspace, owner) if entry.slot == slot]
    if len(known) != 1 or not known[0].is_approved:
        return
    value = known[0].numerator + HOURS_MISSED
    line = Line(slot, Written(value), reason=WHY, note=REGISTER.format(page="7, annex"))
    submit_lines(workspace, by=owner, lines=[line], confirmed=True)
    waiting = [e for e in _entries(workspace, owner) if e.slot == slot and e.is_open]
    approve_readings(workspace, by=second, entries=waiting)


def _wait(workspace: Workspace, owner: Actor, spec: DemoSpec) -> None:
    """The last hours of training wait for approval, with a file."""
    slot = Slot(HOURS, spec.last)
    if any(entry.slot == slot for entry in _entries(workspace, owner)):
        return
    entry = save_reading(workspace, by=owner, slot=slot, written=_written(spec, slot))
    attach_note(workspace, by=owner, entry=entry, note=REGISTER.format(page=12))
    entry = _again(workspace, owner, entry)
    attach_file(workspace, by=owner, entry=entry, name="demo-courses.csv", content=FILE)
    entry = _again(workspace, owner, entry)
    submit_reading(workspace, by=owner, entry=entry, confirmed=True)


def _lock(workspace: Workspace, manager: Actor, spec: DemoSpec) -> None:
    """The first year of values is closed."""
    with workspace.read(manager, Permission.READING_VIEW) as reader:
        if read_locks(reader):
            return
    year = Period.covering(spec.last.shift(-12).start, Frequency.YEAR)
    if year.end <= spec.last.end:
        lock_period(workspace, by=manager, period=year)


def _entries(workspace: Workspace, by: Actor) -> tuple[Entry, ...]:
    with workspace.read(by, Permission.READING_ENTER) as reader:
        return read_entries(reader, codes=[HOURS, COUNTERS])


def _again(workspace: Workspace, by: Actor, entry: Entry) -> Entry:
    with workspace.read(by, Permission.READING_ENTER) as reader:
        return read_entries(reader, ids=[entry.id])[0]
