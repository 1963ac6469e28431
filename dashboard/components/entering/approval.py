"""What waits for a second person: look, then approve or give back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.components.entering import evidence
from dashboard.components.entering.known import Names, expected_of, names_of, said_of
from dashboard.components.forms import confirm
from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import empty, plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from dashboard.jobs.approving import approve_and_follow
from data.access.permissions import Permission
from data.errors import Refusal
from kpis.entering import return_reading
from kpis.entering.checks import LONGEST_REASON
from kpis.entering.waiting import Expected
from kpis.entries.reading import Entry

HEAD = ("office", "value", "before", "entered", "reason", "evidence")
ALL = 0  # stands for every value of a group where one may be chosen
Pair = tuple[Expected, Entry]


def draw(context: PageContext) -> None:
    """The values submitted, those of one KPI and period together."""
    waiting = [
        (row, row.on_its_way)
        for row in expected_of(context, Permission.READING_APPROVE)
        if row.is_submitted and row.on_its_way is not None
    ]
    if not waiting:
        empty(context.texts, "entering.nothing_submitted", "entering.nothing_submitted_why")
        return
    names = names_of(context)
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in waiting:
        slot = pair[0].slot
        groups.setdefault((slot.code, slot.period.code), []).append(pair)
    for pairs in groups.values():
        with st.container(border=True):
            _group(context, names, pairs)


def _group(context: PageContext, names: Names, pairs: Sequence[Pair]) -> None:
    texts, (first, _entry) = context.texts, pairs[0]
    key = f"entering.approve.{first.slot.code}.{first.slot.period.code}"
    period = texts.period(first.slot.period)
    st.subheader(plain(f"{names.kpi(first.definition)}, {period}"), anchor=False)
    heads = tuple(texts.text(f"entering.head.{name}") for name in HEAD)
    rows = tuple(tuple(_row(context, names, *pair)) for pair in pairs)
    draw_words(Sheet(heads, rows), alt=texts.text("entering.view_approve"))
    mine = [pair for pair in pairs if context.actor.email in pair[1].writers]
    others = [pair for pair in pairs if pair not in mine]
    if first.lock is not None:
        locked = {"period": first.lock.period, "by": first.lock.locked_by}
        st.info(plain(texts.text("entering.locked_first", **locked)), icon=":material/lock:")
    if mine:
        st.caption(plain(texts.text("entering.yours", count=len(mine))))
    if others and context.may(Permission.READING_APPROVE):
        _decision(context, names, others, key)


def _row(context: PageContext, names: Names, row: Expected, entry: Entry) -> Iterator[str]:
    texts, definition = context.texts, row.definition
    yield names.office(row.slot.office)
    said = said_of(texts, definition, entry)
    yield f"{said} · {texts.text('entering.confirmed_unusual')}" if entry.confirmed else said
    yield said_of(texts, definition, row.approved) if row.approved else texts.value(None)
    yield f"{', '.join(sorted(entry.writers))} {moment_short(texts, entry.submitted_at)}"
    yield entry.reason or texts.value(None)
    yield "; ".join(map(evidence.in_short, entry.evidence))


def _decision(context: PageContext, names: Names, pairs: Sequence[Pair], key: str) -> None:
    """All at once, or one with its evidence: approve, or give back with a comment."""
    chosen = _choice(context, names, pairs, key) if len(pairs) > 1 else pairs
    if len(chosen) == 1:
        evidence.draw(context, chosen[0][1], key=key)
    with st.container(horizontal=True):
        label = context.texts.text("entering.approve", count=len(chosen))
        if st.button(label, type="primary", icon=":material/check:", key=f"{key}.yes"):
            _ask(context, names, chosen)
        if len(chosen) == 1 and st.button(
            context.texts.text("entering.return"), icon=":material/undo:", key=f"{key}.no"
        ):
            _give_back(context, chosen[0][1])


def _choice(context: PageContext, names: Names, pairs: Sequence[Pair], key: str) -> Sequence[Pair]:
    by_id = {entry.id: (row, entry) for row, entry in pairs}
    every = context.texts.text("entering.all_of_them", count=len(pairs))
    chosen = st.selectbox(
        context.texts.text("entering.which"),
        [ALL, *by_id],
        format_func=lambda one: every if one == ALL else names.office(by_id[one][0].slot.office),
        key=f"{key}.which",
        width=360,
    )
    return [by_id[chosen]] if chosen in by_id else pairs


def _ask(context: PageContext, names: Names, chosen: Sequence[Pair]) -> None:
    texts, (row, entry) = context.texts, chosen[0]
    period = texts.period(row.slot.period)
    value = said_of(texts, row.definition, entry)
    if len(chosen) > 1:
        value = texts.text("entering.all_of_them", count=len(chosen))
    confirm(
        texts,
        title=texts.text("entering.approve_title"),
        consequences=[
            f"{names.kpi(row.definition)}, {period}: {value}",
            texts.text("entering.will_be_published"),
            texts.text("entering.cannot_be_undone"),
        ],
        action=texts.text("entering.approve", count=len(chosen)),
        act=partial(
            approve_and_follow,
            context.workspace,
            by=context.actor,
            entries=[one for _row, one in chosen],
        ),
        done="entering.approved",
    )


def _give_back(context: PageContext, entry: Entry) -> None:
    texts = context.texts

    @st.dialog(texts.text("entering.return_title"))
    def dialog() -> None:
        comment = st.text_area(
            texts.text("entering.comment"), max_chars=LONGEST_REASON, key="entering.return.comment"
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(texts.text("shell.cancel"), key="entering.return.cancel"):
                st.rerun()
            if st.button(texts.text("entering.return"), type="primary", key="entering.return.yes"):
                _returned(context, entry, comment or "")

    dialog()


def _returned(context: PageContext, entry: Entry, comment: str) -> None:
    try:
        return_reading(context.workspace, by=context.actor, entry=entry, comment=comment)
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("entering.given_back")
    st.rerun()
