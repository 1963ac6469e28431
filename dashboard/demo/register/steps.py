"""What can be done on a risk in the script: each verb as the use case it stands for."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.demo.register.judging import judged_anew, quantity_of, target
from dashboard.demo.register.scripts import RiskScript, Row
from dashboard.demo.register.stage import COORDINATOR, Stage, address
from dashboard.demo.register.watched import control_code, indicator_code
from data.errors import NotFound
from risks.controls.actions import link_control
from risks.deciding.actions import (
    answer_escalation,
    begin_treatment,
    decide_acceptance,
    decide_close,
    decide_proposal,
    escalate_risk,
    request_acceptance,
    request_close,
)
from risks.indicators.actions import link_indicator
from risks.register.actions import assess_risk, assign_risk, comment_on, draft_risk, review_risk
from risks.register.hands import holds
from risks.register.kinds import Effect, Outcome, Response, Side
from risks.register.wording import Wording
from risks.treating.actions import Plan, Progress, add_treatment, move_due, tell_treatment

Verb = Callable[[Stage, RiskScript, Row], None]


def draft(stage: Stage, script: RiskScript) -> None:
    """Its owner begins the risk, marked as part of the demo."""
    row = script.row
    wording = Wording(
        category_code=row["category"],
        objectives=tuple(row["objectives"]),
        kpis=tuple(row["kpis"]),
        **{name: stage.say(row[name]) for name in ("title", "cause", "event", "consequence")},
    )
    author = stage.actor(row["owner"])
    draft_risk(stage.workspace, by=author, wording=wording, unit=row["unit"], demo=True)
    stage.turn()


def _judge(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(assess_risk, script, step.get("by"), judged=judged_anew(stage, script, step))


def _review(stage: Stage, script: RiskScript, step: Row) -> None:
    outcome = Outcome(step["outcome"])
    is_scored = outcome is Outcome.RESCORE
    stage.do(
        review_risk,
        script,
        outcome=outcome,
        note=stage.say(step["text"]),
        judged=judged_anew(stage, script, step) if is_scored else None,
        to_role=step.get("to", "unit_head"),
    )


def _plan(stage: Stage, script: RiskScript, step: Row) -> None:
    owner = address(step["owner"]) if "owner" in step else stage.risk(script).owner
    plan = Plan(
        text=stage.say(step["text"]),
        owner=owner,
        due=stage.days.day(step["due"]),
        cost=step.get("cost"),
        expected=quantity_of(step.get("expected")),
    )
    stage.do(add_treatment, script, step.get("by"), plan=plan)


def _begin(stage: Stage, script: RiskScript, step: Row) -> None:
    one = _treatment(stage, script, step)
    stage.do(tell_treatment, script, treatment_id=one, progress=Progress.BEGIN)


def _finish(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(
        tell_treatment,
        script,
        treatment_id=_treatment(stage, script, step),
        progress=Progress.FINISH,
        evidence=stage.say(step["text"]),
    )


def _move(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(
        move_due,
        script,
        treatment_id=_treatment(stage, script, step),
        due=stage.days.day(step["due"]),
        reason=stage.say(step["text"]),
    )


def _treatment(stage: Stage, script: RiskScript, step: Row) -> str:
    return stage.risk(script).treatments[script.treatment(step["treatment"])].id


def _treat(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(begin_treatment, script, response=Response(step["response"]))


def _ask(stage: Stage, script: RiskScript, step: Row) -> None:
    until = stage.days.day(step["until"])
    rationale = stage.say(step["text"])
    stage.do(request_acceptance, script, rationale=rationale, valid_until=until)


def _accept(stage: Stage, script: RiskScript, step: Row) -> None:
    note = stage.say(step["text"])
    stage.do(decide_acceptance, script, step["by"], accept=True, note=note)


def _refuse(stage: Stage, script: RiskScript, step: Row) -> None:
    note = stage.say(step["text"])
    stage.do(decide_acceptance, script, step["by"], accept=False, note=note)


def _reject(stage: Stage, script: RiskScript, step: Row) -> None:
    reason = stage.say(step["text"])
    stage.do(decide_proposal, script, COORDINATOR, approve=False, reason=reason)


def _escalate(stage: Stage, script: RiskScript, step: Row) -> None:
    reason = stage.say(step["text"])
    stage.do(escalate_risk, script, to_role=step["to"], reason=reason)


def _answer(stage: Stage, script: RiskScript, step: Row) -> None:
    """Answer whatever is laid before a role that somebody holds; nothing there is missed."""
    risk, actor = stage.risk(script), stage.actor(step["by"])
    owed = [one for one in risk.open_escalations if holds(actor, one.to_role, risk.unit_code)]
    if not owed:
        raise NotFound("demo.refused.nothing_owed", code=risk.code)
    for one in owed:
        said = stage.say(step["text"])
        stage.do(answer_escalation, script, step["by"], escalation_id=one.id, answer=said)


def _comment(stage: Stage, script: RiskScript, step: Row) -> None:
    by, code = stage.actor(step["by"]), stage.risk(script).code
    comment_on(stage.workspace, by=by, code=code, text=stage.say(step["text"]))
    stage.turn()


def _ask_close(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(
        request_close,
        script,
        reason=stage.say(step["text"]),
        evidence=stage.say(step["evidence"]),
        source_gone=step.get("gone", False),
    )


def _close(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(decide_close, script, step["by"], close=True)


def _keep_open(stage: Stage, script: RiskScript, step: Row) -> None:
    stage.do(decide_close, script, step["by"], close=False, note=stage.say(step["text"]))


def _assign(stage: Stage, script: RiskScript, step: Row) -> None:
    owner, reason = address(step["owner"]), stage.say(step["text"])
    stage.do(assign_risk, script, COORDINATOR, owner=owner, reason=reason)


def _control(stage: Stage, script: RiskScript, step: Row) -> None:
    control = control_code(stage, step["control"])
    stage.do(link_control, script, control=control, side=Side(step["side"]))


def _indicator(stage: Stage, script: RiskScript, step: Row) -> None:
    indicator = indicator_code(stage, step["indicator"])
    stage.do(link_indicator, script, indicator=indicator, effect=Effect(step["effect"]))


VERBS: dict[str, Verb] = {
    "judge": _judge,
    "target": target,
    "review": _review,
    "plan": _plan,
    "begin": _begin,
    "finish": _finish,
    "move": _move,
    "treat": _treat,
    "ask": _ask,
    "accept": _accept,
    "refuse": _refuse,
    "reject": _reject,
    "escalate": _escalate,
    "answer": _answer,
    "comment": _comment,
    "ask_close": _ask_close,
    "close": _close,
    "keep_open": _keep_open,
    "assign": _assign,
    "control": _control,
    "indicator": _indicator,
}
