"""What follows for the risks when values are published, and with every tick; and who is told.

Notices are told from how things stand, so that whoever comes later, or again, tells the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.jobs.found import Found, Watch, told_of
from dashboard.jobs.steps import Work, plain
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.notices import NewNotice, NoticeKind, close_notices, write_notices
from data.workspace import Reader, Workspace
from risks.criteria.reading import all_criteria
from risks.following.actions import follow_criteria
from risks.indicators.evaluating.actions import Evaluation, evaluate_indicators
from risks.indicators.reading import IndicatorView, read_indicators
from risks.indicators.thresholds import IndicatorState
from risks.register.reading import read_register
from risks.register.record import Risk
from risks.register.states import Status
from risks.watching.actions import watch_risks

OF_RISKS = (
    NoticeKind.RISK_INDICATOR_RED,
    NoticeKind.RISK_INDICATOR_STALE,
    NoticeKind.RISK_REOPENED,
    NoticeKind.RISK_ESCALATED,
)
_OF_STATES = {
    IndicatorState.RED: NoticeKind.RISK_INDICATOR_RED,
    IndicatorState.STALE: NoticeKind.RISK_INDICATOR_STALE,
}
_BY_THE_SYSTEM = "risks.ended."  # what re-opened a risk, where it was no person


def watch_indicators(work: Work) -> dict[str, Any]:
    """The step after values were published: indicators are evaluated, and it is told what is new.

    It is the system's, whoever asked for the work.
    """
    work.progress("job_step.indicators", 0.0)
    return plain(follow_publication(work.workspace))


def follow_publication(workspace: Workspace) -> dict[str, Any]:
    """Evaluate the indicators and tell of it: what turned, what was done, which notices are new."""
    done = evaluate_indicators(workspace, by=SYSTEM)
    found = of_risks(workspace)
    for kind, still in found.still.items():
        close_notices(workspace, kind=kind, still=still)
    new = write_notices(workspace, found.notices)
    return {**_told(done), "notices": [told_of(one) for one in new]}


def ask_anew(work: Work) -> dict[str, Any]:
    """The step after other criteria came into force: every active risk is to be assessed by them.

    It is the system's, whoever decided on the criteria.
    """
    work.progress("job_step.follow_criteria", 0.0)
    return {"asked_anew": follow_criteria(work.workspace)}


def watched_risks(watch: Watch) -> Found:
    """What time brings about in the register is done, and told."""
    workspace = watch.workspace
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        if not all_criteria(reader):
            return Found()
    followed = follow_criteria(workspace)
    done = [{"risk": one.code, "because": one.because} for one in watch_risks(workspace)]
    found = of_risks(workspace)
    return Found({"done": done, "asked_anew": followed}, found.notices, found.still)


def of_risks(workspace: Workspace) -> Found:
    """The notices on everything in the register that needs somebody now."""
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        notices = tuple(_notices(reader))
    still = {
        kind: frozenset(one.subject for one in notices if one.kind is kind) for kind in OF_RISKS
    }
    return Found({}, notices, still)


def _notices(reader: Reader) -> Iterator[NewNotice]:
    for view in read_indicators(reader):
        kind = _OF_STATES.get(view.state)
        if kind is not None:
            yield _of_indicator(kind, view)
    for risk in read_register(reader):
        yield from _of_risk(risk)


def _of_indicator(kind: NoticeKind, view: IndicatorView) -> NewNotice:
    indicator = view.indicator
    values: dict[str, Any] = {"indicator": indicator.code, "kpi": indicator.kpi_code}
    if kind is NoticeKind.RISK_INDICATOR_RED and view.red_since is not None:
        values["period"] = view.red_since.code
    return NewNotice(kind, indicator.code, f"tick.notice.{kind.value}", values)


def _of_risk(risk: Risk) -> Iterator[NewNotice]:
    why = risk.reopened_because or ""
    if risk.status is Status.OPEN and why.startswith(_BY_THE_SYSTEM):
        yield _of(NoticeKind.RISK_REOPENED, risk.code, {"risk": risk.code, "why": why})
    for one in risk.open_escalations:
        values = {"risk": risk.code, "cause": one.cause.value}
        yield _of(NoticeKind.RISK_ESCALATED, f"{risk.code} {one.id}", values)


def _of(kind: NoticeKind, subject: str, values: Mapping[str, Any]) -> NewNotice:
    return NewNotice(kind, subject, f"tick.notice.{kind.value}", values)


def _told(done: Evaluation) -> dict[str, Any]:
    return {
        "readings": done.readings,
        "turned": [
            {
                "indicator": one.code,
                "before": one.before.value if one.before else None,
                "state": one.state.value,
                "period": one.period,
            }
            for one in done.turned
        ],
        "acted": [
            {"risk": one.risk, "indicator": one.indicator, "step": one.step.value}
            for one in done.acted
        ],
    }
