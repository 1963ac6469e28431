"""The forms of indicators: a new one, other thresholds, the end of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import choose
from dashboard.components.kpi_names import member_names
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain, refusal
from dashboard.context import PageContext
from data.errors import Refusal
from data.period import Frequency
from kpis.register import Kpi
from risks.indicators.actions import Said, keep_indicator, retire_indicator
from risks.indicators.record import Indicator
from risks.indicators.thresholds import STALE_AFTER, DangerSide, Thresholds

FORM = "indicator"
NUMBERS = ("periods", "min_cases", "stale_after_days")


def draw(context: PageContext, indicators: Sequence[Indicator], kpis: Mapping[str, Kpi]) -> None:
    """Choose an indicator or a new one, say from where on it warns."""
    texts = context.texts
    with st.expander(texts.text("indicators.keep"), icon=":material/edit:"):
        by_code = {one.code: one for one in indicators}
        code = choose(texts, "indicators", {one.code: one.title for one in indicators})
        indicator = by_code.get(code)
        version = indicator.row_version if indicator else 0
        given = _given(indicator, kpis)
        form = drafted.begin(context, FORM, code, version, given)
        catch_up(form, version, given, lambda name: texts.text(_label(name)))
        _watched(context, form, indicator, kpis)
        _limits(context, form)
        form.say_kept()
        _save(context, form, indicator)
        if indicator is not None:
            _retire(context, indicator)


def _given(one: Indicator | None, kpis: Mapping[str, Kpi]) -> dict[str, Any]:
    if one is None:
        return {
            "title": "",
            "kpi_code": next(iter(kpis), None),
            "frequency": Frequency.MONTH.value,
            "office_code": None,
            "service_code": None,
            "direction": DangerSide.ABOVE.value,
            "amber": None,
            "red": None,
            "periods": 2,
            "min_cases": 0,
            "stale_after_days": STALE_AFTER[Frequency.MONTH],
        }
    said = {name: getattr(one, name) for name in ("title", "kpi_code", "office_code")}
    numbers = {name: getattr(one, name) for name in ("amber", "red", *NUMBERS)}
    return {
        **said,
        "service_code": one.service_code,
        "frequency": one.frequency.value,
        "direction": one.direction.value,
        **numbers,
    }


def _watched(
    context: PageContext, form: DraftedForm, indicator: Indicator | None, kpis: Mapping[str, Kpi]
) -> None:
    """Title and, of a new one, what it watches; that stays what it is once it is kept."""
    texts = context.texts
    st.text_input(
        texts.text("indicators.title"), key=form.key("title"), max_chars=200, on_change=form.keep
    )
    if indicator is not None:
        st.caption(plain(texts.text("indicators.watches_fixed", kpi=indicator.kpi_code)))
        return
    st.selectbox(
        texts.text("indicators.kpi"),
        list(kpis),
        key=form.key("kpi_code"),
        format_func=lambda code: f"{code} {named(texts, kpis[code].definition.names)}",
        on_change=form.keep,
    )
    frequency, *members = st.columns(3)
    with frequency:
        st.selectbox(
            texts.text("indicators.frequency"),
            [one.value for one in Frequency],
            key=form.key("frequency"),
            format_func=lambda value: texts.word(Frequency(value)),
            on_change=form.keep,
        )
    for column, dimension in zip(members, ("office", "service"), strict=True):
        with column:
            _member(context, form, dimension)


def _member(context: PageContext, form: DraftedForm, dimension: str) -> None:
    names = member_names(context, dimension)
    st.selectbox(
        context.texts.text(f"indicators.{dimension}"),
        [None, *names],
        key=form.key(f"{dimension}_code"),
        format_func=lambda code: names.get(code, "") or context.texts.text("indicators.whole"),
        on_change=form.keep,
    )


def _limits(context: PageContext, form: DraftedForm) -> None:
    """On which side it is dangerous, from where on, and how much it takes to believe it."""
    texts = context.texts
    st.segmented_control(
        texts.text("indicators.direction"),
        [one.value for one in DangerSide],
        key=form.key("direction"),
        required=True,
        format_func=lambda value: texts.word(DangerSide(value)),
        on_change=form.keep,
    )
    for column, name in zip(st.columns(2), ("amber", "red"), strict=True):
        with column:
            st.number_input(
                texts.text(f"indicators.{name}"),
                key=form.key(name),
                format="%g",
                on_change=form.keep,
                help=texts.text("indicators.limit_help"),
            )
    for column, name in zip(st.columns(3), NUMBERS, strict=True):
        with column:
            st.number_input(
                texts.text(f"indicators.{name}"),
                min_value=0,
                key=form.key(name),
                on_change=form.keep,
                help=texts.text(f"indicators.{name}_help"),
            )


def _said(form: DraftedForm) -> Said:
    thresholds = Thresholds(
        DangerSide(form["direction"]),
        form["amber"],
        form["red"],
        *(int(form[name] or 0) for name in NUMBERS),
    )
    return Said(
        title=form["title"],
        kpi_code=form["kpi_code"],
        frequency=Frequency(form["frequency"]),
        thresholds=thresholds,
        office_code=form["office_code"],
        service_code=form["service_code"],
    )


def _save(context: PageContext, form: DraftedForm, indicator: Indicator | None) -> None:
    texts = context.texts
    if not st.button(texts.text("indicators.save"), key="indicators.save", type="primary"):
        return
    if None in (form["amber"], form["red"], form["kpi_code"]):
        st.warning(texts.text("indicators.incomplete"), icon=":material/info:")
        return
    form.send(lambda: _kept(context, form, indicator), "indicators.saved", "indicator")


def _kept(context: PageContext, form: DraftedForm, indicator: Indicator | None) -> str:
    return keep_indicator(
        context.workspace,
        by=context.actor,
        said=_said(form),
        code=indicator.code if indicator else None,
        version=form.version if indicator else None,
    ).code


def _label(name: str) -> str:
    """What a field is called: 'kpi_code' is the text 'indicators.kpi'."""
    return f"indicators.{name.removesuffix('_code')}"


def _retire(context: PageContext, indicator: Indicator) -> None:
    texts = context.texts
    if not st.button(texts.text("indicators.retire"), key="indicators.retire"):
        return
    try:
        retire_indicator(
            context.workspace,
            by=context.actor,
            code=indicator.code,
            version=indicator.row_version,
        )
    except Refusal as refused:
        refusal(texts, refused)
        return
    session.say_next("indicators.retired_done", indicator=indicator.code)
    st.rerun()
