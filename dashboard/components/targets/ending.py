"""A target's end: from a day on nothing is aimed at, or it is taken back as never set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard import session
from dashboard.components.messages import refusal
from dashboard.components.targets import words
from dashboard.components.targets.typed import begin_anew, field_key
from dashboard.context import PageContext
from data.errors import Refusal
from kpis.register import Kpi
from kpis.targets import TargetEntry
from kpis.targets.actions import end_target, withdraw_target
from kpis.targets.wishes import LONGEST


def draw(
    context: PageContext, kpi: Kpi, office: str | None, entries: Sequence[TargetEntry]
) -> None:
    """Offered while a target stands."""
    standing = [entry for entry in entries if entry.replaced_at is None]
    if not standing:
        return
    with st.expander(context.texts.text("targets.end_or_withdraw"), icon=":material/flag:"):
        ending, taking_back = st.columns(2, gap="large")
        with ending:
            _end(context, kpi, office)
        with taking_back:
            _withdraw(context, kpi, office, standing)


def _end(context: PageContext, kpi: Kpi, office: str | None) -> None:
    texts = context.texts
    st.caption(texts.text("targets.end_office" if office else "targets.end_agency"))
    day = st.date_input(
        texts.text("targets.ends_on"),
        context.period.end,
        format="DD.MM.YYYY",
        key=field_key(kpi.code, office, "end.day"),
    )
    reason = _reason(context, kpi, office, "end")
    if st.button(texts.text("targets.end"), key="targets.end") and day:
        _do_end(context, kpi, office, day, reason)


def _do_end(context: PageContext, kpi: Kpi, office: str | None, day: date, reason: str) -> None:
    try:
        end_target(
            context.workspace,
            by=context.actor,
            code=kpi.code,
            valid_from=day,
            reason=reason,
            office_code=office,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    _done("targets.was_ended")


def _withdraw(
    context: PageContext, kpi: Kpi, office: str | None, standing: Sequence[TargetEntry]
) -> None:
    texts = context.texts
    st.caption(texts.text("targets.withdraw_why"))
    by_id = {entry.id: entry for entry in standing}
    chosen = st.selectbox(
        texts.text("targets.withdraw_which"),
        list(by_id),
        format_func=lambda one: _called(context, kpi, by_id[one]),
        key=field_key(kpi.code, office, "withdraw.which"),
    )
    reason = _reason(context, kpi, office, "withdraw")
    if st.button(texts.text("targets.withdraw"), key="targets.withdraw") and chosen:
        try:
            withdraw_target(context.workspace, by=context.actor, target_id=chosen, reason=reason)
        except Refusal as refused:
            refusal(texts, refused)
            return
        _done("targets.was_withdrawn")


def _called(context: PageContext, kpi: Kpi, entry: TargetEntry) -> str:
    texts = context.texts
    if entry.target is None:
        return f"{texts.day_short(entry.valid_from)} · {texts.text('targets.ended')}"
    said = words.aim(texts, kpi.definition, entry.target)
    return f"{texts.day_short(entry.valid_from)} · {said}"


def _reason(context: PageContext, kpi: Kpi, office: str | None, name: str) -> str:
    return st.text_input(
        context.texts.text("targets.reason"),
        max_chars=LONGEST,
        key=field_key(kpi.code, office, f"{name}.reason"),
    )


def _done(key: str) -> None:
    begin_anew()
    session.say_next(key)
    st.rerun()
