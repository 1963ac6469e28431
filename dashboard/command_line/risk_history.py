"""How `cra risk history` tells the past of a risk: every change, each value before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import typer

from dashboard.command_line import risk_details as details
from dashboard.command_line.kpi_output import GAP
from dashboard.command_line.risk_output import Spoken
from dashboard.components.extracts.names import text_or
from data.codec import plain
from data.language.texts import Texts
from risks.register.steps import Moved, Step

LINES: Mapping[str, Callable[[Any, Spoken], str]] = {
    "assessments": details.assessment_line,
    "treatments": details.treatment_line,
    "controls": details.control_line,
    "indicators": details.indicator_line,
    "reviews": details.review_line,
    "acceptances": details.acceptance_line,
    "escalations": details.escalation_line,
    "comments": details.comment_line,
}


def show_history(past: Sequence[Step], spoken: Spoken) -> None:
    """Each change under when it was, who made it, and why."""
    typer.echo(f"\n{spoken.texts.text('risk_command.part.history')}")
    for step in past:
        tag = text_or(spoken.texts, f"audit_tag.{step.tag}", step.tag)
        at = spoken.texts.moment(step.at)
        head = [at, spoken.lexicon.person(step.actor), tag, reason_of(step, spoken.texts)]
        typer.echo(GAP + GAP.join(part for part in head if part))
        then = replace(spoken, today=step.at.date())  # what was late on that day
        for one in step.moved:
            typer.echo(GAP * 2 + _line(one, then))


def steps_as_list(past: Sequence[Step], texts: Texts) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "version": step.version,
            "at": step.at.isoformat(),
            "actor": step.actor,
            "tag": step.tag,
            "because": reason_of(step, texts) or None,
            "changes": [
                {
                    "part": one.part,
                    "part_id": one.part_id,
                    "field": one.field,
                    "old": plain(one.old),
                    "new": plain(one.new),
                }
                for one in step.moved
            ],
        }
        for step in past
    ]


def reason_of(step: Step, texts: Texts) -> str:
    """What somebody gave as the reason, or what made the system act."""
    cause = dict(step.cause or {})
    if "key" in cause:
        return text_or(texts, cause["key"], cause["key"], **cause.get("values", {}))
    return str(cause.get("reason", ""))


def _line(one: Moved, spoken: Spoken) -> str:
    texts = spoken.texts
    part = texts.text(f"risk_command.part.{one.part}") if one.part else ""
    if one.field is None:
        return f"{part}: + {LINES[one.part or ''](one.new, spoken)}"
    name = f"{part}, {_field(one.field, texts)}" if part else _field(one.field, texts)
    return f"{name}: {_value(one.old, spoken)} → {_value(one.new, spoken)}"


def _field(name: str, texts: Texts) -> str:
    """What a value is called; one that no catalogue names is named as it is kept."""
    return text_or(texts, f"risk_field.{name}", name)


def _value(value: Any, spoken: Spoken) -> str:
    if isinstance(value, tuple) and value and not isinstance(value[0], str):
        return str(len(value))  # of due dates that were moved, each of which is told by itself
    if isinstance(value, str) and type(value) is str:
        return details.said(value, spoken) or spoken.texts.value(None)
    return spoken.texts.value(value or None if isinstance(value, tuple) else value)
