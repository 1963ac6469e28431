"""A house in which values are entered: KPIs of every kind, three offices, people with roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.figure import Unit
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.catalogue import Entry as Defined
from kpis.defining.actions import define_kpi
from kpis.definitions import Definition, Formula, Words
from kpis.direction import Direction
from kpis.entered import Entered, EnteredKind, RuleOverTime
from kpis.entering import Written, approve_readings, attach_note, save_reading, submit_reading
from kpis.entries import Entry, Slot, read_entries
from kpis.readings import Ask, Reading, values
from tests.kpis.conftest import open_offices, settings_in

OFFICES = ("O01", "O02", "O03")
SHARE, HOURS, HEADS, SCORE = "EN-91", "EN-92", "EN-93", "EN-94"
SINCE = date(2024, 1, 1)
JAN, FEB, MAR = (Period.parse(f"2024-0{n}") for n in (1, 2, 3))


def person(role: Role, name: str = "", *, units: frozenset[str] | None = None) -> Actor:
    unit = "CRA" if units is None else sorted(units)[0]
    email = f"{name or role}@example.org"
    return Actor(email=email, name=email, language="en", grants=(Grant(role, unit, units),))


OWNER, OTHER = person(Role.KPI_OWNER, "owner"), person(Role.KPI_OWNER, "other")
MANAGER = person(Role.MANAGER, "manager")
LOCAL = person(Role.KPI_OWNER, "local", units=frozenset({"O01"}))

SPECS = {
    SHARE: Entered(
        kind=EnteredKind.RATIO, unit=Unit.PERCENT, decimals=1, since=SINCE, by_office=True
    ),
    HOURS: Entered(
        kind=EnteredKind.VALUE,
        unit=Unit.HOURS,
        decimals=1,
        since=SINCE,
        by_office=True,
        least=0.0,
    ),
    HEADS: Entered(
        kind=EnteredKind.VALUE,
        unit=Unit.CASES,
        decimals=0,
        since=SINCE,
        over_time=RuleOverTime.LAST,
        by_office=True,
    ),
    SCORE: Entered(
        kind=EnteredKind.VALUE,
        unit=Unit.INDEX,
        decimals=2,
        since=SINCE,
        over_time=RuleOverTime.MEAN,
        least=1.0,
        most=5.0,
    ),
}


def settled(home: Path, specs: dict[str, Entered] = SPECS) -> Workspace:
    """The house, with nothing entered."""
    workspace = Workspace.open(settings_in(home))
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM)
    open_offices(workspace, OFFICES)
    for code, spec in specs.items():
        define(workspace, code, spec)
    return workspace


def define(workspace: Workspace, code: str, spec: Entered) -> None:
    words = Words(*(f"{code} ({language})" for language in ("sq", "sr", "en")))
    definition = Definition(
        code=code,
        names=words,
        explanation=words,
        direction=Direction.HIGHER,
        frequency=Frequency.MONTH,
        formula=Formula.of_entered(spec),
    )
    entry = Defined(definition, challenge=1, position=900, scorecard=True, target=None)
    define_kpi(workspace, by=SYSTEM, entry=entry, reason="test")


def write(
    workspace: Workspace,
    slot: Slot,
    numerator: float,
    denominator: float | None = None,
    *,
    by: Actor = OWNER,
    reason: str = "",
) -> Entry:
    """A draft with evidence."""
    written = Written(numerator, denominator)
    entry = save_reading(workspace, by=by, slot=slot, written=written, reason=reason)
    attach_note(workspace, by=by, entry=entry, note="Sheet 7 of the binder")
    return again(workspace, entry)


def submit(
    workspace: Workspace,
    slot: Slot,
    numerator: float,
    denominator: float | None = None,
    *,
    by: Actor = OWNER,
    reason: str = "",
) -> Entry:
    entry = write(workspace, slot, numerator, denominator, by=by, reason=reason)
    submit_reading(workspace, by=by, entry=entry, confirmed=True)
    return again(workspace, entry)


def approved(
    workspace: Workspace,
    slot: Slot,
    numerator: float,
    denominator: float | None = None,
    *,
    reason: str = "",
) -> Entry:
    """A value through both pairs of hands."""
    entry = submit(workspace, slot, numerator, denominator, reason=reason)
    approve_readings(workspace, by=OTHER, entries=[entry])
    return again(workspace, entry)


def again(workspace: Workspace, entry: Entry) -> Entry:
    """The entry as it stands now."""
    (found,) = entries_of(workspace, ids=[entry.id])
    return found


def entries_of(
    workspace: Workspace, *, codes: Sequence[str] | None = None, ids: Sequence[int] | None = None
) -> tuple[Entry, ...]:
    with workspace.read(SYSTEM, Permission.READING_VIEW) as reader:
        return read_entries(reader, codes=codes, ids=ids)


def told(workspace: Workspace, code: str, period: str, **where: str) -> Reading:
    """The reading everybody sees."""
    at = Period.parse(period)
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (found,) = values(reader, Ask(code, at, at, where=where))
    return found
