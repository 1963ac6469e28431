"""The way of each risk: raised, judged, proposed, taken in, then whatever its script says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from dashboard.demo.register.days import ANSWERED, Days, slot, working
from dashboard.demo.register.judging import first_look
from dashboard.demo.register.scripts import RiskScript, Row
from dashboard.demo.register.stage import COORDINATOR, Cue, Stage
from dashboard.demo.register.steps import VERBS, draft
from risks.deciding.actions import decide_proposal, propose_risk
from risks.register.kinds import Kind

DRAFT = "draft"  # a stage at which a risk is left
Done = Callable[[Stage], None]


def risk_cues(script: RiskScript, days: Days) -> Iterator[Cue]:
    """Everything scripted for a risk, what is of one day minute by minute."""
    of_day: Counter[date] = Counter()
    for day, name, play in (*_opening(script, days), *_steps(script, days)):
        if of_day[day] == ANSWERED:
            raise ValueError(f"too much in one day: {script.row['key']} {day}")
        moment = days.moment(day, slot(script.number, of_day[day]))
        of_day[day] += 1
        yield Cue(moment, f"{script.row['key']}: {name}", play)


def _opening(script: RiskScript, days: Days) -> Iterator[tuple[date, str, Done]]:
    row, raised = script.row, days.day(script.row["raised"])
    yield raised, "draft", partial(draft, script=script)
    if row.get("stage") == DRAFT:
        return
    for kind in Kind:
        if kind.value in row:
            yield raised, kind.value, partial(first_look, script=script, kind=kind)
    yield raised, "propose", partial(_propose, script)
    if "approved" in row:
        approved = working(raised + timedelta(days=row["approved"]))
        yield approved, "approve", partial(_approve, script)


def _steps(script: RiskScript, days: Days) -> Iterator[tuple[date, str, Done]]:
    for step in script.steps:
        yield days.day(step["at"]), step["do"], partial(_step, script, step)


def _step(script: RiskScript, step: Row, stage: Stage) -> None:
    VERBS[step["do"]](stage, script, step)


def _propose(script: RiskScript, stage: Stage) -> None:
    stage.do(propose_risk, script)


def _approve(script: RiskScript, stage: Stage) -> None:
    stage.do(decide_proposal, script, COORDINATOR, approve=True)
