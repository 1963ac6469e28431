"""Commentary of a KPI's period and the actions on it: to read, and to write for whoever may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard import session
from dashboard.components.commentary.cards import card
from dashboard.components.kpi_names import member_names
from dashboard.components.kpis.acting import part_name
from dashboard.components.messages import plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.actor import WHOLE_AGENCY
from data.access.permissions import Permission
from data.agency.directory import unit_of_office
from data.errors import Refusal
from kpis.commentary import (
    Action,
    Answer,
    Commentary,
    Update,
    assign_action,
    read_actions,
    read_answers,
    read_history,
    read_updates,
    write_commentary,
)
from kpis.commentary.actions import LONGEST_ACTION, LONGEST_COMMENT
from kpis.commentary.due import COMMENT_DAYS
from kpis.commentary.reading import Colleague, read_colleagues
from kpis.scorecard import KpiView


@dataclass(frozen=True, slots=True)
class Told:
    """Everything said and done about the KPI, and how far it answers the period looked at."""

    answer: Answer
    history: tuple[Commentary, ...]
    actions: tuple[Action, ...]
    updates: dict[int, tuple[Update, ...]]

    def versions(self, view: KpiView) -> list[Commentary]:
        """The versions of this very period and part, the newest first."""
        part = (view.period, view.cell.members.get("office"))
        return [one for one in self.history if (one.period, one.office) == part]


def draw(context: PageContext, view: KpiView) -> None:
    """What is owed; on the left what was said, on the right what is done."""
    told = _read(context, view)
    _owed(context, told.answer)
    if "service" in view.cell.members:
        st.caption(context.texts.text("commentary.not_of_services"))
    left, right = st.columns(2, gap="large")
    with left:
        _commentary(context, view, told)
    with right:
        _actions(context, view, told)


def _read(context: PageContext, view: KpiView) -> Told:
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        answer = read_answers(reader, [view.row])[view.row.code]
        actions = read_actions(reader, [view.row.code])
        updates = read_updates(reader, actions)
        return Told(answer, read_history(reader, view.row.code), actions, updates)


def _owed(context: PageContext, answer: Answer) -> None:
    """Whether commentary and an action are owed, and until when."""
    texts = context.texts
    if not answer.is_required:
        return
    due = answer.comment_due
    if due is not None:
        key = "commentary.overdue" if due < answer.today else "commentary.owed"
        said = texts.text(key, due=texts.day_short(due), days=COMMENT_DAYS)
        st.markdown(f":material/assignment_late: {plain(said)}")
    if answer.is_without_action:
        st.markdown(f":material/person_off: {plain(texts.text('commentary.action_owed'))}")


def _commentary(context: PageContext, view: KpiView, told: Told) -> None:
    texts = context.texts
    st.subheader(texts.text("commentary.title", period=view.period), anchor=False)
    said = told.answer.commentary
    if said is None:
        st.caption(texts.text("commentary.none"))
    else:
        _version(context, said, view)
    versions = told.versions(view)
    standing = next((one for one in versions if one.replaced_at is None), None)
    earlier = [one for one in versions if one.replaced_at is not None]
    if earlier:
        with st.expander(texts.text("commentary.earlier", count=len(earlier))):
            for one in earlier:
                _version(context, one, view)
    if _may(context, view, Permission.COMMENT_WRITE):
        label = texts.text("commentary.rewrite" if standing else "commentary.write")
        with st.expander(label, icon=":material/edit_note:"):
            _write(context, view, standing)


def _version(context: PageContext, one: Commentary, view: KpiView) -> None:
    texts = context.texts
    with st.container(border=True, gap="xsmall", key=f"commentary-{one.id}"):
        for key, text in (("happened", one.happened), ("cause", one.cause)):
            st.caption(texts.text(f"commentary.{key}"))
            st.markdown(_paragraphs(text))
        of = [] if one.period == view.period else [texts.period(one.period)]
        st.caption(plain(" · ".join([one.author, moment_short(texts, one.at), *of])))


def _paragraphs(text: str) -> str:
    """A text of several lines, each kept as it is."""
    return "  \n".join(plain(line) for line in text.splitlines())


def _write(context: PageContext, view: KpiView, standing: Commentary | None) -> None:
    texts = context.texts
    of = (view.row.code, view.period.code, view.cell.members.get("office"))
    key = f"commentary.{'.'.join(map(str, of))}.{standing.id if standing else 0}"
    with st.form(key, border=False):
        happened, cause = (
            st.text_area(
                texts.text(f"commentary.{part}"),
                value,
                max_chars=LONGEST_COMMENT,
                key=f"{key}.{part}",
            )
            for part, value in (
                ("happened", standing.happened if standing else ""),
                ("cause", standing.cause if standing else ""),
            )
        )
        if st.form_submit_button(texts.text("commentary.save"), key=f"{key}.save"):
            _save(context, view, happened, cause, standing)


def _save(
    context: PageContext, view: KpiView, happened: str, cause: str, standing: Commentary | None
) -> None:
    try:
        write_commentary(
            context.workspace,
            by=context.actor,
            code=view.row.code,
            period=view.period,
            office=view.cell.members.get("office"),
            happened=happened,
            cause=cause,
            replaces=standing.id if standing else None,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("commentary.saved")
    st.rerun()


def _actions(context: PageContext, view: KpiView, told: Told) -> None:
    """Those of this part that are open, then those of single offices, then those that are over."""
    texts = context.texts
    st.subheader(texts.text("commentary.actions"), anchor=False)
    office = view.cell.members.get("office")
    held = [one for one in told.actions if office is None or one.holds_for(office)]
    open_ones = [one for one in held if one.is_open]
    over = sorted(set(held) - set(open_ones), key=lambda one: one.id, reverse=True)
    if not open_ones:
        st.caption(texts.text("commentary.no_open_action"))
    _cards(context, told, open_ones)
    if over:
        with st.expander(texts.text("commentary.actions_over", count=len(over))):
            for one in over:
                st.markdown(plain(f"{one.what} · {one.assignee} · {one.result or ''}"))
                st.caption(plain(texts.word(one.state)))
    if _may(context, view, Permission.ACTION_ASSIGN):
        with st.expander(texts.text("actions.assign"), icon=":material/add_task:"):
            _assign(context, view, len(told.actions))


def _cards(context: PageContext, told: Told, actions: Sequence[Action]) -> None:
    offices = member_names(context, "office") if any(one.office for one in actions) else {}
    for one in actions:
        answers = context.texts.text("actions.answers", period=one.period)
        about = f"{part_name(context.texts, one.office, offices)} · {answers}"
        card(context, one, told.updates[one.id], about=about, today=told.answer.today)


def _assign(context: PageContext, view: KpiView, given: int) -> None:
    """The form for one more; `given` how many there are, so that the next one begins empty."""
    texts = context.texts
    colleagues = {one.email: one for one in _colleagues(context)}
    key = f"actions.assign.{view.row.code}.{view.cell.members.get('office')}.{given}"
    with st.form(key, border=False):
        what = st.text_area(texts.text("actions.what"), max_chars=LONGEST_ACTION, key=f"{key}.what")
        who = st.selectbox(
            texts.text("actions.who"),
            list(colleagues),
            index=None,
            format_func=lambda email: f"{colleagues[email].name} ({email})",
            placeholder=texts.text("actions.choose_person"),
            key=f"{key}.who",
        )
        due = st.date_input(texts.text("actions.due"), None, format="DD.MM.YYYY", key=f"{key}.due")
        if st.form_submit_button(texts.text("actions.give"), key=f"{key}.save"):
            if who is None or due is None:
                st.warning(texts.text("actions.who_and_when"), icon=":material/info:")
            else:
                _give(context, view, what, who, due)


def _give(context: PageContext, view: KpiView, what: str, who: str, due: date) -> None:
    try:
        assign_action(
            context.workspace,
            by=context.actor,
            code=view.row.code,
            period=view.period,
            office=view.cell.members.get("office"),
            what=what,
            assignee=who,
            due=due,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("actions.given")
    st.rerun()


def _colleagues(context: PageContext) -> tuple[Colleague, ...]:
    with context.workspace.read(context.actor, Permission.ACTION_ASSIGN) as reader:
        return read_colleagues(reader)


def _may(context: PageContext, view: KpiView, permission: Permission) -> bool:
    office = view.cell.members.get("office")
    unit = WHOLE_AGENCY
    if office is not None:
        unit = unit_of_office(context.workspace, by=context.actor, office=office)
    return context.may_in(permission, unit)
