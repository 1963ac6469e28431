"""Which periods are locked, since when and by whom; and the way to lock and unlock them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import streamlit as st

from dashboard import session
from dashboard.components.entering.known import Names, names_of
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from data.period import Frequency, Period
from kpis.definitions import Definition
from kpis.entering.waiting import entered_kpis
from kpis.locks import Lock, lock_period, read_locks, unlock_period
from kpis.locks.actions import LONGEST

HEAD = ("kpi", "period", "locked", "unlocked", "reason")
OFFERED = {Frequency.MONTH: 18, Frequency.QUARTER: 8, Frequency.YEAR: 4}
EVERY = ""


def draw(context: PageContext) -> None:
    """The locks, those that hold first; below, whoever may lock does."""
    with context.workspace.read(context.actor, Permission.READING_VIEW) as reader:
        locks = sorted(read_locks(reader), key=lambda lock: not lock.holds)
        kinds = {code: kpi.definition for code, kpi in entered_kpis(reader).items()}
    names = names_of(context)
    st.markdown(plain(context.texts.text("entering.locks_about")))
    if locks:
        heads = tuple(context.texts.text(f"entering.head.{name}") for name in HEAD)
        rows = tuple(tuple(_row(context, names, kinds, lock)) for lock in locks)
        draw_words(Sheet(heads, rows), alt=context.texts.text("entering.view_locks"))
    else:
        st.caption(context.texts.text("entering.no_locks"))
    if context.may(Permission.READING_LOCK):
        new, held = st.columns(2, gap="large")
        with new:
            _form(context, names, kinds)
        with held:
            _unlocking(context, names, kinds, [lock for lock in locks if lock.holds])


def _row(
    context: PageContext, names: Names, kinds: Mapping[str, Definition], lock: Lock
) -> Iterator[str]:
    texts = context.texts
    yield _of(context, names, kinds, lock.code)
    yield texts.period(lock.period)
    yield f"{lock.locked_by} {moment_short(texts, lock.locked_at)}"
    unlocked = f"{lock.unlocked_by} {moment_short(texts, lock.unlocked_at)}"
    yield texts.value(None) if lock.holds else unlocked
    yield lock.unlock_reason or texts.value(None)


def _of(
    context: PageContext, names: Names, kinds: Mapping[str, Definition], code: str | None
) -> str:
    if not code:
        return context.texts.text("entering.every_kpi")
    return names.kpi(kinds[code]) if code in kinds else code


def _form(context: PageContext, names: Names, kinds: Mapping[str, Definition]) -> None:
    texts = context.texts
    periods = _periods(context)
    with st.form("entering.lock", border=True):
        code = st.selectbox(
            texts.text("entering.kpi"),
            [EVERY, *kinds],
            format_func=lambda one: _of(context, names, kinds, one),
            key="entering.lock.kpi",
        )
        period = st.selectbox(
            texts.text("entering.period"),
            list(periods),
            format_func=lambda one: texts.period(periods[one]),
            key="entering.lock.period",
        )
        label = texts.text("entering.lock")
        if st.form_submit_button(label, key="entering.lock.yes") and period:
            _act(context, "entering.locked", lambda: _lock(context, code, periods[period]))


def _lock(context: PageContext, code: str | None, period: Period) -> None:
    lock_period(context.workspace, by=context.actor, period=period, code=code or None)


def _periods(context: PageContext) -> dict[str, Period]:
    """The last months, quarters and years up to what is looked at."""
    newest = {one: Period.covering(context.period.last_day, one) for one in OFFERED}
    found = [newest[one].shift(-n) for one, count in OFFERED.items() for n in range(count)]
    return {period.code: period for period in found}


def _unlocking(
    context: PageContext, names: Names, kinds: Mapping[str, Definition], held: list[Lock]
) -> None:
    if not held:
        return
    texts = context.texts
    by_id = {lock.id: lock for lock in held}

    def named(number: int) -> str:
        lock = by_id[number]
        return f"{_of(context, names, kinds, lock.code)} · {texts.period(lock.period)}"

    with st.form("entering.unlock", border=True):
        chosen = st.selectbox(
            texts.text("entering.which_lock"),
            list(by_id),
            format_func=named,
            key="entering.unlock.which",
        )
        label = texts.text("entering.unlock_reason")
        reason = st.text_input(label, max_chars=LONGEST, key="entering.unlock.reason")
        label = texts.text("entering.unlock")
        if st.form_submit_button(label, key="entering.unlock.yes") and chosen:
            _act(
                context,
                "entering.unlocked",
                lambda: unlock_period(
                    context.workspace, by=context.actor, lock_id=chosen, reason=reason or ""
                ),
            )


def _act(context: PageContext, done: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next(done)
    st.rerun()
