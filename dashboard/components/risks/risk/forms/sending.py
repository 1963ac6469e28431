"""How the forms of decisions send what their fields say, and tell what is missing before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.known import Known
from data.errors import Invalid, Refusal
from risks.register.record import Risk

YES, NO = "yes", "no"
Values = Mapping[str, Any]


def act(action: Any, said: Callable[[Known, Values, str], dict[str, Any]]) -> Any:
    """What a form sends: the action on the risk in the version seen, with what its fields say."""

    def send(known: Known, form: DraftedForm, variant: str, version: int) -> Risk:
        context = known.context
        values = said(known, form.values, variant)
        done: Risk = action(
            context.workspace,
            by=context.actor,
            code=known.risk.code,
            version=version,
            **values,
        )
        return done

    return send


def lacks(rule: Callable[[Known], object]) -> Callable[[Known], Refusal | None]:
    """Why a rule would not let it through as the risk stands, in the rule's own words."""

    def lacking(known: Known) -> Refusal | None:
        try:
            rule(known)
        except Invalid as refused:
            return refused
        return None

    return lacking


def yes_or_no(key: str) -> Callable[[Known, DraftedForm, str], None]:
    """One way or the other, and why."""

    def draw(known: Known, form: DraftedForm, _variant: str) -> None:
        options = {one: known.texts.text(f"risk_page.{key}.{one}") for one in (YES, NO)}
        writing.pick(form, "decision", options)
        writing.text(form, "why", rows=2)

    return draw


DECISION = {"decision": YES, "why": ""}


def texts_only(*names: str) -> Callable[[Known, DraftedForm, str], None]:
    """Nothing but texts."""

    def draw(_known: Known, form: DraftedForm, _variant: str) -> None:
        for name in names:
            writing.text(form, name, rows=2)

    return draw
