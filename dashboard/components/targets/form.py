"""A target to be set: its fields, what it would look like, and what there was before."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import session
from dashboard.charts.target_path import target_path
from dashboard.components.kpi_drawing import draw_chart
from dashboard.components.messages import plain, refusal
from dashboard.components.targets import ending, history
from dashboard.components.targets.drawing import path_view
from dashboard.components.targets.house import TargetHouse
from dashboard.components.targets.table import kpi_label
from dashboard.components.targets.typed import Fields, begin_anew, field_key
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Conflict, Refusal
from kpis.register import Kpi
from kpis.targets import TargetEntry, Targets, target_history
from kpis.targets.actions import set_target
from kpis.targets.trying import Trial, try_target
from kpis.targets.wishes import LONGEST, Wish

KPI, OFFICE = "targets.form.kpi", "targets.form.office"
SEEN = "seen"  # which targets stood when the fields were first drawn


def draw(context: PageContext, house: TargetHouse) -> None:
    """Choose KPI and unit; the fields on the left, their picture on the right."""
    kpi, office = _choose(context, house)
    with context.workspace.read(context.actor, Permission.TARGET_SET) as reader:
        entries = target_history(reader, kpi.code)
    standing = _standing(entries, house, kpi, office)
    seen = _seen(kpi, office, entries)
    typing, picture = st.columns([2, 3], gap="large")
    with typing:
        wish, refused = _typed(Fields(context, kpi, office, standing))
        reason = st.text_input(
            context.texts.text("targets.reason"),
            max_chars=LONGEST,
            key=field_key(kpi.code, office, "reason"),
        )
        if st.button(context.texts.text("targets.set"), type="primary", key="targets.form.set"):
            _set(context, wish, refused, reason, seen)
    with picture:
        _picture(context, house, kpi, wish, refused)
    st.subheader(context.texts.text("kpi_page.targets"), anchor=False)
    own = [entry for entry in entries if entry.office == office]
    if own:
        history.draw(context.texts, kpi.definition, own, house.offices)
        ending.draw(context, kpi, office, own)
    else:
        st.caption(context.texts.text("targets.nothing_yet"))


def _choose(context: PageContext, house: TargetHouse) -> tuple[Kpi, str | None]:
    texts, codes = context.texts, list(house.kpis)
    place = codes.index(context.kpi) if context.kpi and context.kpi in codes else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            texts.text("targets.which_kpi"),
            codes,
            index=place,
            format_func=lambda one: kpi_label(texts, house, one),
            key=KPI,
            width=460,
        )
        kpi = house.kpis[code or codes[0]]
        office = None
        if kpi.definition.has_dimension("office"):
            office = st.selectbox(
                texts.text("targets.which_unit"),
                list(house.offices),
                index=None,
                placeholder=texts.text("shell.every_office"),
                format_func=lambda one: house.offices[one],
                key=OFFICE,
                width=260,
            )
    return kpi, office


def _standing(
    entries: tuple[TargetEntry, ...], house: TargetHouse, kpi: Kpi, office: str | None
) -> TargetEntry | None:
    """What the fields begin with: the unit's newest target, one that begins later included."""
    own = [e for e in entries if e.office == office and e.replaced_at is None and e.target]
    if own:
        return own[0]
    standing = Targets(entry for entry in entries if entry.replaced_at is None)
    return standing.entry_in_force(kpi.code, house.day, office)


def _seen(kpi: Kpi, office: str | None, entries: tuple[TargetEntry, ...]) -> frozenset[int]:
    """The targets that stood when the fields were first drawn."""
    ids = frozenset(entry.id for entry in entries)
    kept: frozenset[int] = st.session_state.setdefault(field_key(kpi.code, office, SEEN), ids)
    return kept


def _typed(fields: Fields) -> tuple[Wish | None, Refusal | None]:
    """The target the fields say, or why they say none."""
    try:
        return fields.wish(), None
    except Refusal as refused:
        return None, refused


def _set(
    context: PageContext,
    wish: Wish | None,
    refused: Refusal | None,
    reason: str,
    seen: frozenset[int],
) -> None:
    """Set it, or say in place why not: what was typed stays."""
    if wish is None or wish.target is None:
        if refused is not None:
            refusal(context.texts, refused)
        return
    do = partial(set_target, context.workspace, by=context.actor, code=wish.code)
    try:
        do(
            target=wish.target,
            valid_from=wish.valid_from,
            reason=reason,
            office_code=wish.office,
            path=wish.path,
            known=seen,
        )
    except Refusal as not_done:
        refusal(context.texts, not_done)
        if isinstance(not_done, Conflict):  # told; what stands now is listed below
            st.session_state.pop(field_key(wish.code, wish.office, SEEN), None)
        return
    begin_anew()
    session.say_next("targets.was_set", kpi=wish.code, day=wish.valid_from)
    st.rerun()


def _picture(
    context: PageContext,
    house: TargetHouse,
    kpi: Kpi,
    wish: Wish | None,
    refused: Refusal | None,
) -> None:
    """What it would look like over the KPI's own series; while it cannot stand, why."""
    try:
        if wish is None:
            raise refused or AssertionError("neither a target nor a refusal")
        trial = _tried(context, house, kpi, wish)
    except Refusal as unfinished:
        st.caption(plain(context.texts.said(unfinished)))
        return
    draw_chart(path_view(context, kpi, wish, trial), target_path, key="targets.form.path")
    for doubt in trial.doubts:
        st.warning(plain(context.texts.said(doubt)), icon=":material/help:")


def _tried(context: PageContext, house: TargetHouse, kpi: Kpi, wish: Wish) -> Trial:
    with context.workspace.read(context.actor, Permission.TARGET_SET) as reader:
        return try_target(reader, kpi, wish, house.day)
