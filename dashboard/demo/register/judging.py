"""How people of the demo judge risks: scores, words and figures of the script."""

from __future__ import annotations

from dashboard.demo.register.scripts import RiskScript, Row, Text, phrases
from dashboard.demo.register.stage import Stage
from risks.exposure import FrequencyKind, SeverityKind
from risks.register.actions import assess_risk
from risks.register.assessing import Judged
from risks.register.kinds import Confidence, Kind
from risks.register.record import Quantity

LIKELIHOOD = "likelihood"


def first_look(stage: Stage, script: RiskScript, kind: Kind) -> None:
    """One of the assessments with which a risk is proposed."""
    row = script.row
    text: Text = row["why"] if kind is Kind.CURRENT else phrases()[kind.value]
    figures = quantity_of(row.get("quantity")) if kind is Kind.CURRENT else None
    stage.do(assess_risk, script, judged=_judged(stage, kind, row[kind.value], text, figures))


def target(stage: Stage, script: RiskScript, step: Row) -> None:
    """What is aimed at now."""
    said = _judged(stage, Kind.TARGET, step["scores"], phrases()[Kind.TARGET.value], None)
    stage.do(assess_risk, script, judged=said)


def judged_anew(stage: Stage, script: RiskScript, step: Row) -> Judged:
    """A step's words on how the risk is; figures once given stand until others are given."""
    last = stage.risk(script).current
    figures = quantity_of(step.get("quantity")) or (last.quantity if last else None)
    return _judged(
        stage,
        Kind.CURRENT,
        step["scores"],
        step["text"],
        figures,
        confidence=Confidence(step.get("confidence", Confidence.MEDIUM)),
        exception=step.get("exception"),
    )


def quantity_of(row: Row | None) -> Quantity | None:
    """The figures of a row; none where it gives none."""
    if row is None:
        return None
    kinds = {
        "frequency": FrequencyKind(row["frequency"]),
        "severity": SeverityKind(row["severity"]),
    }
    return Quantity(**{**row, **kinds})


def _judged(
    stage: Stage,
    kind: Kind,
    scores: Row,
    text: Text,
    figures: Quantity | None,
    *,
    confidence: Confidence = Confidence.MEDIUM,
    exception: Text | None = None,
) -> Judged:
    return Judged(
        kind=kind,
        likelihood=scores[LIKELIHOOD],
        impacts={name: value for name, value in scores.items() if name != LIKELIHOOD},
        rationale=stage.say(text),
        confidence=confidence,
        exception=stage.say(exception) if exception else None,
        quantity=figures,
    )
