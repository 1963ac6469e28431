"""What a risk is, in words: anew, or for a risk that is raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.kpis.figures import named
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.risk.acting import REASON, ActForm
from dashboard.components.risks.risk.forms import writing
from dashboard.components.risks.risk.known import Known
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.register import read_kpis
from risks.register.actions import word_risk
from risks.register.kinds import Part
from risks.register.naming import Naming
from risks.register.record import Risk
from risks.register.states import Status
from risks.register.wording import LONGEST, Wording

TEXTS = ("cause", "event", "consequence")


def given_of(risk: Risk | None) -> dict[str, Any]:
    """What the fields hold of a risk, or of none yet."""
    said: dict[str, Any] = {name: getattr(risk, name) if risk else "" for name in ("title", *TEXTS)}
    said["category_code"] = risk.category_code if risk else None
    for name in ("objectives", "kpis"):
        said[name] = list(getattr(risk, name)) if risk else []
    return said


def wording_of(values: Mapping[str, Any]) -> Wording:
    """What the fields say."""
    return Wording(
        title=values["title"] or "",
        category_code=values["category_code"],
        objectives=tuple(values["objectives"] or ()),
        kpis=tuple(values["kpis"] or ()),
        **{name: values[name] or "" for name in TEXTS},
    )


def draw_fields(
    context: PageContext, form: DraftedForm, naming: Naming, *, category_locked: bool = False
) -> None:
    """Title; cause, event, consequence; category; what it threatens and where it would show."""
    texts = context.texts
    writing.line(form, "title", longest=LONGEST[Part.TITLE])
    for name in TEXTS:
        writing.text(form, name, longest=LONGEST[Part(name)], helped=True)
    writing.one_of(
        form,
        "category_code",
        _named(context, naming.categories),
        disabled=category_locked,
        helped=texts.text("risk_page.category_locked") if category_locked else None,
    )
    for column, name, options in zip(
        st.columns(2),
        ("objectives", "kpis"),
        (_objectives(context, naming), kpi_names(context)),
        strict=True,
    ):
        with column:
            writing.some_of(form, name, options)


def kpi_names(context: PageContext) -> dict[str, str]:
    """The KPIs in use, by code."""
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader)
    return {
        code: f"{code} {named(context.texts, kpi.definition.names)}" for code, kpi in kpis.items()
    }


def _objectives(context: PageContext, naming: Naming) -> dict[str, str]:
    named_ones = _named(context, naming.objectives)
    return {code: f"{code} {name}" for code, name in named_ones.items()}


def _named(context: PageContext, names: Mapping[str, Any]) -> dict[str, str]:
    return {code: context.texts.value(one) for code, one in names.items()}


def _draw(known: Known, form: DraftedForm, _variant: str) -> None:
    is_draft = known.risk.status is Status.DRAFT
    locked = not (is_draft or known.hand.coordinates)
    draw_fields(known.context, form, known.naming, category_locked=locked)


def _send(known: Known, form: DraftedForm, _variant: str, version: int) -> Risk:
    values = form.values
    return word_risk(
        known.context.workspace,
        by=known.context.actor,
        code=known.risk.code,
        version=version,
        wording=wording_of(values),
        reason=values.get(REASON) or "",
    )


def _fields(known: Known) -> list[Field]:
    texts, context = known.texts, known.context
    shown = {
        "category_code": writing.listed(_named(context, known.naming.categories)),
        "objectives": writing.listed(_objectives(context, known.naming)),
        "kpis": writing.listed(kpi_names(context)),
    }
    names = ("title", *TEXTS, "category_code", "objectives", "kpis")
    return [writing.field(texts, name, shown.get(name)) for name in names]


WORD = ActForm(
    given=lambda known, _: given_of(known.risk),
    draw=_draw,
    send=_send,
    fields=_fields,
    asks_reason=True,
)
