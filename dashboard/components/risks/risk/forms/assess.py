"""Judging a risk: likelihood and every dimension of impact, each a step with its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.risk.acting import REASON, ActForm
from dashboard.components.risks.risk.forms import quantity, writing
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from data.errors import Invalid
from data.language.texts import Texts
from risks.criteria.scale import Criteria, impact_of
from risks.register.actions import assess_risk
from risks.register.assessing import Judged
from risks.register.kinds import Confidence, Kind
from risks.register.record import Assessment, Risk

IMPACT = "impact."  # before the code of a dimension, in the name of a field
NOT_JUDGED = 0  # among the steps offered; what is sent of it is nothing
COLUMNS = 3


def given(known: Known, variant: str) -> dict[str, Any]:
    """The newest assessment of the kind, made by the criteria in force; else nothing judged."""
    last = known.risk.assessment(Kind(variant))
    if last is not None and last.criteria_version != known.criteria.version:
        last = None  # steps of other scales say nothing here
    return {
        "likelihood": (last.likelihood if last else None) or NOT_JUDGED,
        **{
            IMPACT + one.code: (last.impacts.get(one.code) if last else None) or NOT_JUDGED
            for one in known.criteria.dimensions
        },
        "rationale": "",
        "confidence": (last.confidence if last else Confidence.MEDIUM).value,
        "exception": "",
        **quantity.given_of(last.quantity if last else None),
    }


def judged(values: Mapping[str, Any], variant: str) -> Judged:
    """What the fields say; a step that is not chosen is not judged, never 0."""
    if quantity.is_half_said(values):
        raise Invalid("risk_page.refused.figures_missing")
    return Judged(
        kind=Kind(variant),
        likelihood=values["likelihood"] or None,
        impacts=impacts_in(values),
        rationale=values["rationale"] or "",
        confidence=Confidence(values["confidence"]),
        exception=values["exception"] or None,
        quantity=quantity.quantity_of(values),
    )


def impacts_in(values: Mapping[str, Any]) -> dict[str, int]:
    """The steps judged, by dimension."""
    return {
        name.removeprefix(IMPACT): step
        for name, step in values.items()
        if name.startswith(IMPACT) and step
    }


def likelihood_steps(texts: Texts, criteria: Criteria) -> dict[int, str]:
    """Each step with its word and the chances in a year that it stands for."""
    steps = {NOT_JUDGED: texts.text("risk_page.not_judged")}
    for number, one in enumerate(criteria.likelihood, start=1):
        low, high = (texts.percent(chance * 100, 0) for chance in (one.low, one.high))
        band = texts.text("risk_page.band", low=low, high=high)
        steps[number] = f"{number} · {texts.value(one.names)} ({band})"
    return steps


def impact_steps(texts: Texts, criteria: Criteria, code: str) -> dict[int, str]:
    """Each step of a dimension with what it means there."""
    steps = {NOT_JUDGED: texts.text("risk_page.not_judged")}
    for number, names in enumerate(criteria.dimension(code).steps, start=1):
        steps[number] = f"{number} · {texts.value(names)}"
    return steps


def _draw(known: Known, form: DraftedForm, variant: str) -> None:
    """The scales side by side, the level they come to, why, how sure, and figures if wanted."""
    texts, criteria = known.texts, known.criteria
    scales = {"likelihood": likelihood_steps(texts, criteria)} | {
        IMPACT + one.code: impact_steps(texts, criteria, one.code) for one in criteria.dimensions
    }
    names = list(scales)
    for start in range(0, len(names), COLUMNS):
        row = names[start : start + COLUMNS]
        for column, name in zip(st.columns(COLUMNS), row, strict=False):
            with column:
                _scale(known, form, name, scales[name])
    st.markdown(plain(live_level(known, form.values, variant)))
    writing.text(form, "rationale", helped=True)
    writing.pick(form, "confidence", {one.value: texts.word(one) for one in Confidence})
    writing.text(form, "exception", rows=2, helped=True)
    quantity.draw(form, known.risk.number)


def label_of(known: Known, name: str) -> str:
    """What a scale is called."""
    if name == "likelihood":
        return known.texts.text("risk_page.field.likelihood")
    return known.texts.value(known.criteria.dimension(name.removeprefix(IMPACT)).names)


def _scale(known: Known, form: DraftedForm, name: str, steps: Mapping[int, str]) -> None:
    if form[name] not in steps:
        st.session_state[form.key(name)] = NOT_JUDGED
    st.radio(
        label_of(known, name),
        list(steps),
        key=form.key(name),
        format_func=lambda step: steps.get(step, ""),
        on_change=form.keep,
    )


def live_level(known: Known, values: Mapping[str, Any], variant: str) -> str:
    """The level that the steps chosen come to, and against the newest assessment of its kind."""
    texts, criteria = known.texts, known.criteria
    level = criteria.level(values["likelihood"] or None, impact_of(impacts_in(values)))
    if level is None:
        return texts.text("risk_page.level_open")
    said = texts.text("risk_page.level_now", level=level_text(texts, criteria, level))
    last = known.risk.assessment(Kind(variant))
    return f"{said} {_against(known, last, level)}".strip()


def _against(known: Known, last: Assessment | None, level: str) -> str:
    if last is None or last.level is None or last.criteria_version != known.criteria.version:
        return ""
    before, now = known.criteria.rank(last.level), known.criteria.rank(level)
    way = "same" if now == before else "up" if now > before else "down"
    name = level_text(known.texts, known.criteria, last.level)
    return known.texts.text(f"risk_page.against_{way}", level=name)


def _send(known: Known, form: DraftedForm, variant: str, version: int) -> Risk:
    values = form.values
    return assess_risk(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        judged=judged(values, variant),
        reason=values.get(REASON) or "",
    )


def _fields(known: Known) -> list[Field]:
    texts, criteria = known.texts, known.criteria

    def steps(options: Mapping[int, str]) -> Any:
        return lambda value: options.get(value or NOT_JUDGED, "")

    scales = [Field("likelihood", label_of(known, "likelihood"), steps(_likely(known)))]
    scales += [
        Field(IMPACT + d.code, texts.value(d.names), steps(impact_steps(texts, criteria, d.code)))
        for d in criteria.dimensions
    ]
    confidence = writing.listed({one.value: texts.word(one) for one in Confidence})
    return [*scales, writing.field(texts, "confidence", confidence), *quantity.fields(texts)]


def _likely(known: Known) -> dict[int, str]:
    return likelihood_steps(known.texts, known.criteria)


def _kinds(known: Known) -> dict[str, str]:
    """The current one first: it is what the risk is measured by."""
    ordered = (Kind.CURRENT, Kind.TARGET, Kind.INHERENT)
    return {one.value: known.texts.text(f"risk_page.kind.{one.value}") for one in ordered}


ASSESS = ActForm(
    given=given,
    draw=_draw,
    send=_send,
    fields=_fields,
    variants=_kinds,
    subjects=lambda _: [one.value for one in Kind],
    asks_reason=True,
)
