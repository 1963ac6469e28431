"""How often and how costly, in figures: optional, and what they come to is shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.conflict import Field
from dashboard.components.risks.risk.forms import writing
from data.errors import Refusal
from data.language.texts import Texts
from risks.exposure import FrequencyKind, SeverityKind
from risks.register.record import Quantity

NAMES = ("frequency", "chance", "rate", "severity", "low", "mode", "high")
PERCENT = 100


def given_of(quantity: Quantity | None) -> dict[str, Any]:
    """What the fields hold of an estimate, or of none."""
    if quantity is None:
        return {
            "quantified": False,
            "frequency": FrequencyKind.BERNOULLI.value,
            "severity": SeverityKind.LOGNORMAL.value,
        } | dict.fromkeys(("chance", "rate", "low", "mode", "high"))
    is_chance = quantity.frequency is FrequencyKind.BERNOULLI
    return {
        "quantified": True,
        "frequency": quantity.frequency.value,
        "chance": quantity.rate * PERCENT if is_chance else None,
        "rate": None if is_chance else quantity.rate,
        "severity": quantity.severity.value,
        "low": quantity.low,
        "mode": quantity.mode,
        "high": quantity.high,
    }


def quantity_of(values: Mapping[str, Any]) -> Quantity | None:
    """The estimate that the fields make up; None where none is wanted or a figure is missing."""
    if not values["quantified"]:
        return None
    frequency = FrequencyKind(values["frequency"])
    severity = SeverityKind(values["severity"])
    is_chance, is_pert = frequency is FrequencyKind.BERNOULLI, severity is SeverityKind.PERT
    rate = values["chance"] if is_chance else values["rate"]
    needed = (rate, values["low"], values["high"], *((values["mode"],) if is_pert else ()))
    if None in needed:
        return None
    return Quantity(
        frequency=frequency,
        rate=rate / PERCENT if is_chance else rate,
        severity=severity,
        low=values["low"],
        high=values["high"],
        mode=values["mode"] if is_pert else None,
    )


def is_half_said(values: Mapping[str, Any]) -> bool:
    """Whether figures are wanted and some of them are missing."""
    return bool(values["quantified"]) and quantity_of(values) is None


def draw(form: DraftedForm, number: int) -> None:
    """The figures, where they are wanted; `number` is that of the risk."""
    texts = form.context.texts
    st.toggle(
        texts.text("risk_page.field.quantified"),
        key=form.key("quantified"),
        on_change=form.keep,
        help=texts.text("risk_page.help.quantified"),
    )
    if not form["quantified"]:
        return
    often, costly = st.columns(2)
    with often:
        _often(texts, form)
    with costly:
        _costly(texts, form)
    st.markdown(f"**{plain(comes_to(texts, form.values, number))}**")


def comes_to(texts: Texts, values: Mapping[str, Any], number: int) -> str:
    """The loss expected in a year, or what is missing or impossible."""
    quantity = quantity_of(values)
    if quantity is None:
        return texts.text("risk_page.figures_missing")
    try:
        expected = quantity.quantified(number).expected_loss
    except Refusal as refused:
        return texts.said(refused)
    return texts.text("risk_page.expected_loss", loss=texts.number(expected, 0))


def said(texts: Texts, quantity: Quantity) -> str:
    """An estimate in words: how often, and from what to what it costs."""
    is_chance = quantity.frequency is FrequencyKind.BERNOULLI
    key = "risk_page.often_chance" if is_chance else "risk_page.often_rate"
    rate = texts.percent(quantity.rate * PERCENT) if is_chance else texts.number(quantity.rate)
    sums = {name: texts.number(getattr(quantity, name) or 0, 0) for name in ("low", "mode", "high")}
    cost = texts.text(f"risk_page.cost_{quantity.severity.value}", **sums)
    return f"{texts.text(key, rate=rate)}; {cost}"


def fields(texts: Texts) -> list[Field]:
    """The figures as they are merged."""
    words = {
        "frequency": {one.value: texts.word(one) for one in FrequencyKind},
        "severity": {one.value: texts.word(one) for one in SeverityKind},
    }
    return [
        writing.field(texts, "quantified"),
        *(
            writing.field(texts, name, writing.listed(words[name]) if name in words else None)
            for name in NAMES
        ),
    ]


def _often(texts: Texts, form: DraftedForm) -> None:
    writing.pick(form, "frequency", {one.value: texts.word(one) for one in FrequencyKind})
    is_chance = form["frequency"] == FrequencyKind.BERNOULLI.value
    name = "chance" if is_chance else "rate"
    st.number_input(
        texts.text(f"risk_page.field.{name}"),
        key=form.key(name),
        min_value=0.0,
        max_value=100.0,
        step=1.0 if is_chance else 0.1,
        format="%g",
        placeholder=texts.text("risk_page.not_stated"),
        on_change=form.keep,
    )


def _costly(texts: Texts, form: DraftedForm) -> None:
    writing.pick(form, "severity", {one.value: texts.word(one) for one in SeverityKind})
    is_pert = form["severity"] == SeverityKind.PERT.value
    labels = ("low_pert", "mode", "high_pert") if is_pert else ("low", "high")
    names = ("low", "mode", "high") if is_pert else ("low", "high")
    for column, name, label in zip(st.columns(len(names)), names, labels, strict=True):
        with column:
            st.number_input(
                texts.text(f"risk_page.field.{label}"),
                key=form.key(name),
                min_value=0.0,
                step=1000.0,
                format="%.0f",
                placeholder=texts.text("risk_page.not_stated"),
                on_change=form.keep,
            )
