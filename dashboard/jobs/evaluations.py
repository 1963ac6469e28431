"""What is judged on schedule, one line each: a room that has something to watch adds a line.

An evaluation gets what it kept last time and gives what it keeps now, with notices on what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dashboard.jobs.found import Found, Watch, told_of
from dashboard.jobs.risk_watch import watched_risks
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.extracts.completeness import calendars, overdue
from data.extracts.history import known_until
from data.jobs import JobState, newest_job
from data.notices import NewNotice, NoticeKind, close_notices, write_notices
from data.period import Frequency, Period
from data.workspace import Workspace
from kpis.scorecard import ScorecardRow, scorecard
from kpis.standing import BEHIND, is_concern

TICK = "tick"
LATE_MONTHS = 4  # named in a notice


Evaluation = Callable[[Watch], Found]


def overdue_extracts(watch: Watch) -> Found:
    """Extracts in use of which months are missing that should be here by now."""
    late = {
        one.contract: [month.period for month in overdue(one, watch.today)]
        for one in calendars(watch.workspace, by=SYSTEM, today=watch.today)
    }
    late = {name: months for name, months in late.items() if months}
    notices = tuple(_late(name, months) for name, months in late.items())
    return Found(
        {name: [month.code for month in months] for name, months in late.items()},
        notices,
        {NoticeKind.EXTRACT_OVERDUE: frozenset(one.subject for one in notices)},
    )


def turned_kpis(watch: Watch) -> Found:
    """KPIs that fell behind their target, or began to really worsen, since the last time."""
    rows = _rows(watch.workspace)
    behind = {row.code: row for row in rows if row.status.kind in BEHIND}
    worse = {row.code: row for row in rows if is_concern(row)}
    keep = {"behind": sorted(behind), "special_cause": sorted(worse)}
    return Found(
        keep,
        (
            *_turned(watch, behind, "behind", NoticeKind.KPI_BEHIND),
            *_turned(watch, worse, "special_cause", NoticeKind.KPI_SPECIAL_CAUSE),
        ),
        {
            NoticeKind.KPI_BEHIND: frozenset(behind),
            NoticeKind.KPI_SPECIAL_CAUSE: frozenset(worse),
        },
    )


EVALUATIONS: dict[str, Evaluation] = {
    "extracts_overdue": overdue_extracts,
    "kpis_turned": turned_kpis,
    "risks": watched_risks,
}


def evaluate_all(workspace: Workspace, progress: Callable[[str, float], None]) -> dict[str, Any]:
    """Judge everything; write notices on what is new, close those that no longer apply."""
    before = _kept_before(workspace)
    today = datetime.now(workspace.settings.zone).date()
    kept: dict[str, Any] = {}
    told: list[NewNotice] = []
    for done, (name, judge) in enumerate(EVALUATIONS.items()):
        progress("job_step.evaluate", done / len(EVALUATIONS))
        found = judge(Watch(workspace, today, before.get(name)))
        for kind, still in found.still.items():
            close_notices(workspace, kind=kind, still=still)
        told += write_notices(workspace, found.notices)
        kept[name] = found.keep
    return {"kept": kept, "notices": [told_of(one) for one in told]}


def _kept_before(workspace: Workspace) -> dict[str, Any]:
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        last = newest_job(reader, kind=TICK, states=[JobState.DONE])
    return dict(last.result.get("evaluate", {}).get("kept", {})) if last else {}


def _late(contract: str, months: list[Period]) -> NewNotice:
    """The last months are part of what is said: another month late is another notice."""
    named = [month.code for month in months[-LATE_MONTHS:]]
    span = (months[0].start, months[-1].last_day)
    return NewNotice(
        NoticeKind.EXTRACT_OVERDUE,
        f"{contract} {months[-1].code}",
        "tick.notice.overdue",
        {"extract": contract, "months": named},
        contract=contract,
        span=span,
    )


def _rows(workspace: Workspace) -> tuple[ScorecardRow, ...]:
    """Each KPI in the newest month that is over and known of; one without months in a quarter."""
    now, known = datetime.now(workspace.settings.zone), known_until(workspace, by=SYSTEM)
    if known is None:
        return ()
    day = min(now, known.astimezone(workspace.settings.zone)).date()
    rows: dict[str, ScorecardRow] = {}
    with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for frequency in (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR):
            period = Period.covering(day, frequency).shift(-1)
            found = {row.code: row for row in scorecard(reader, period=period).rows}
            rows = found | rows
    return tuple(rows.values())


def _turned(
    watch: Watch, rows: Mapping[str, ScorecardRow], name: str, kind: NoticeKind
) -> list[NewNotice]:
    if watch.before is None:
        return []  # nothing can have turned since
    known = set(watch.before.get(name, ()))
    return [
        NewNotice(
            kind,
            code,
            f"tick.notice.{name}",
            {"kpi": code, "period": row.period.code},
            span=(row.period.start, row.period.last_day),
        )
        for code, row in rows.items()
        if code not in known
    ]
