"""What is done without a script: owners look at their risks, heads answer, the system watches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from dashboard.demo.register.days import ANSWERED, LOOKED_AT, NIGHT, Days, slot, working
from dashboard.demo.register.scripts import FINISHES, RiskScript, phrases, risk_scripts, rows_of
from dashboard.demo.register.stage import DIRECTOR, Cue, Stage, address, head_over
from risks.deciding.actions import answer_escalation
from risks.indicators.evaluating.actions import evaluate_indicators
from risks.register.actions import review_risk
from risks.register.kinds import Outcome
from risks.register.record import Escalation, Risk
from risks.register.states import Status
from risks.watching.actions import watch_risks

EXTRACTS_IN, SITTING = 3, 9  # days of the month
AHEAD = timedelta(days=14)  # what falls due until then is looked at in the same sitting
# The owner is about to judge it in words of his own: soon, or once what was done can be felt.
WORDS_FOLLOW, FELT = timedelta(days=31), timedelta(days=100)
FRESH = timedelta(days=13)
ANSWERED_AFTER = timedelta(days=13)
THURSDAY = timedelta(days=3)  # after a Monday
WAITING = frozenset({Status.ACCEPTANCE_REQUESTED, Status.CLOSE_REQUESTED})


def habits(days: Days) -> Iterator[Cue]:
    """Everything done by habit: each month and each week, for each risk at its own minute."""
    for month in days.months():
        extracts = month + timedelta(days=EXTRACTS_IN - 1)
        yield Cue(days.moment(extracts, NIGHT), "indicators", _evaluate, repeats=True)
        yield Cue(days.moment(extracts, NIGHT + 1), "watch", _watch, repeats=True)
        sitting = working(month + timedelta(days=SITTING - 1))
        for one in risk_scripts():
            moment = days.moment(sitting, slot(one.number, LOOKED_AT))
            yield Cue(moment, f"look at {one.row['key']}", partial(_look, one))
    for monday in days.mondays():
        yield Cue(days.moment(monday, NIGHT + 2), "watch", _watch, repeats=True)
        for one in risk_scripts():
            moment = days.moment(monday + THURSDAY, slot(one.number, ANSWERED))
            yield Cue(moment, f"answer on {one.row['key']}", partial(_answer, one))


def _evaluate(stage: Stage) -> None:
    evaluate_indicators(stage.workspace)
    stage.turn()


def _watch(stage: Stage) -> None:
    if watch_risks(stage.workspace):
        stage.turn()


def _look(script: RiskScript, stage: Stage) -> None:
    """The owner, or who stands in for him, looks at a risk that asks for it."""
    risk = stage.find(script)
    if risk is None or not risk.is_active or risk.status in WAITING:
        return
    if (_is_due(risk, stage) or risk.reassess) and not _is_left(script, stage):
        note = stage.say(_words(risk))
        by = _looks(stage, risk.owner)
        stage.do(review_risk, script, by, outcome=Outcome.CONFIRM, note=note)


def _is_due(risk: Risk, stage: Stage) -> bool:
    """Whether its review is due or nearly so, and nobody judged it just now."""
    is_fresh = risk.current is not None and risk.current.assessed_at > stage.now - FRESH
    return risk.next_review is not None and risk.next_review <= stage.today + AHEAD and not is_fresh


def _is_left(script: RiskScript, stage: Stage) -> bool:
    """Whether nobody looks: its owner is silent by then, or will soon speak for himself."""
    if "silent" in script.row and stage.days.day(script.row["silent"]) <= stage.today:
        return True
    judged = [stage.days.day(one["at"]) for one in script.judged]
    ahead = min((day for day in judged if day > stage.today), default=None)
    if ahead is None or ahead > stage.today + FELT:
        return False
    return ahead <= stage.today + WORDS_FOLLOW or _is_done_since(script, stage, judged)


def _is_done_since(script: RiskScript, stage: Stage, judged: list[date]) -> bool:
    """Whether a treatment was finished that he has not judged the risk after: he will."""
    last = max([stage.today - FELT, *(day for day in judged if day <= stage.today)])
    ends = (stage.days.day(one["at"]) for one in script.steps if one["do"] == FINISHES)
    return any(last < day <= stage.today for day in ends)


def _words(risk: Risk) -> dict[str, str]:
    pool = phrases()["asked" if risk.reassess else "reviewed"]
    words: dict[str, str] = pool[(risk.number + len(risk.reviews)) % len(pool)]
    return words


def _looks(stage: Stage, owner: str) -> str:
    for row in rows_of("stand_ins"):
        begin, end = (stage.days.day(row[name]) for name in ("from", "to"))
        if address(row["owner"]) == owner and begin <= stage.today <= end:
            return address(row["deputy"])
    return owner


def _answer(script: RiskScript, stage: Stage) -> None:
    """Whoever owes an answer for some days gives it."""
    risk = stage.find(script)
    if risk is None or _is_unanswered(script, stage):
        return
    for one in risk.open_escalations:
        if one.raised_at <= stage.now - ANSWERED_AFTER:
            by = DIRECTOR if one.to_role == DIRECTOR else head_over(stage, risk)
            said = stage.say(_reply(risk, one))
            stage.do(answer_escalation, script, by, escalation_id=one.id, answer=said)


def _is_unanswered(script: RiskScript, stage: Stage) -> bool:
    since = script.row.get("unanswered")
    return since is not None and stage.days.day(since) <= stage.today


def _reply(risk: Risk, escalation: Escalation) -> dict[str, str]:
    pool = phrases()["answers"][escalation.cause.value]
    words: dict[str, str] = pool[(risk.number + len(risk.escalations)) % len(pool)]
    return words
