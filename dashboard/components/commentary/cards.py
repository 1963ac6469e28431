"""An action as a card: what, who, until when, how it goes; and the form that says how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard import session
from dashboard.components.kpis.acting import due_line
from dashboard.components.messages import plain, refusal
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.actor import WHOLE_AGENCY
from data.access.permissions import Permission
from data.agency.directory import unit_of_office
from data.errors import Refusal
from data.language.texts import Texts
from kpis.commentary import Action, ActionState, Update, update_action
from kpis.commentary.actions import LONGEST_UPDATE
from kpis.commentary.due import overdue
from kpis.commentary.states import NEXT

STATE_SIGNS = {
    ActionState.PLANNED: "○",
    ActionState.IN_PROGRESS: "◐",
    ActionState.DONE: "●",
    ActionState.CANCELLED: "✕",
}


def card(
    context: PageContext,
    action: Action,
    updates: Sequence[Update],
    *,
    about: str,
    today: date,
    expanded: bool = False,
) -> None:
    """One action; `about` says of what it is. Whoever may say how it goes finds the form here."""
    texts = context.texts
    with st.container(border=True, gap="xsmall", key=f"action-{action.id}"):
        st.markdown(f"**{plain(action.what)}**")
        st.markdown(plain(f"{action.assignee} · {due_line(texts, action)}"))
        st.caption(plain(f"{state_text(texts, action.state)} · {about} · №{action.id}"))
        _warning(texts, action, today)
        if action.result:
            st.markdown(plain(texts.text("actions.result", result=action.result)))
        if updates:
            with st.expander(texts.text("actions.updates", count=len(updates))):
                for update in updates:
                    st.markdown(plain(update_line(texts, update)))
        if action.is_open and may_tell(context, action):
            label = texts.text("actions.update")
            with st.expander(label, icon=":material/edit:", expanded=expanded):
                _form(context, action)


def state_text(texts: Texts, state: ActionState) -> str:
    """The state as shape and word."""
    return f"{STATE_SIGNS[state]} {texts.word(state)}"


def update_line(texts: Texts, update: Update) -> str:
    """When and by whom, what it changed, what was said."""
    changed = [texts.word(update.state)] if update.state else []
    if update.due:
        changed.append(texts.text("actions.new_due", due=texts.day_short(update.due)))
    said = ": ".join([", ".join(changed), update.text]) if changed else update.text
    return f"{moment_short(texts, update.at)} · {update.author} · {said}"


def may_tell(context: PageContext, action: Action) -> bool:
    """Whether to offer the form; whether it is taken is decided behind the door."""
    mine = action.assignee_id == context.actor.person_id
    return context.may(Permission.ACTION_UPDATE) and (mine or may_decide(context, action))


def may_decide(context: PageContext, action: Action) -> bool:
    """Whether to offer its end without a result and a new day."""
    unit = WHOLE_AGENCY
    if action.office is not None:
        unit = unit_of_office(context.workspace, by=context.actor, office=action.office)
    return context.may_in(Permission.ACTION_ASSIGN, unit)


def _warning(texts: Texts, action: Action, today: date) -> None:
    found = overdue(action, today)
    if found:
        since = texts.day_short(found.since)
        said = texts.text(f"actions.late.{found.kind.value}", since=since)
        st.markdown(f":material/warning: **{plain(said)}**")


def _form(context: PageContext, action: Action) -> None:
    """What is said; the state and, for whoever decides, the day it brings."""
    texts, decides = context.texts, may_decide(context, action)
    key = f"action.{action.id}.{action.row_version}"  # a new version begins with an empty form
    with st.form(key, border=False):
        text = st.text_area(
            texts.text("actions.said"),
            max_chars=LONGEST_UPDATE,
            help=texts.text("actions.said_help"),
            key=f"{key}.text",
        )
        state = _state(texts, action, key, decides=decides)
        due = _due(texts, action, key) if decides else None
        if st.form_submit_button(texts.text("actions.save"), key=f"{key}.save"):
            _save(context, action, text, state, due)


def _state(texts: Texts, action: Action, key: str, *, decides: bool) -> ActionState | None:
    """The state it brings, None where it stays as it is."""
    follows = [state for state in ActionState if state in NEXT[action.state]]
    offered = [one for one in follows if decides or one is not ActionState.CANCELLED]
    return st.selectbox(
        texts.text("actions.new_state"),
        offered,
        index=None,
        format_func=texts.word,
        placeholder=texts.text("actions.same_state", state=action.state),
        key=f"{key}.state",
    )


def _due(texts: Texts, action: Action, key: str) -> date:
    return st.date_input(
        texts.text("actions.due"),
        action.due,
        format="DD.MM.YYYY",
        help=texts.text("actions.due_help"),
        key=f"{key}.due",
    )


def _save(
    context: PageContext, action: Action, text: str, state: ActionState | None, due: date | None
) -> None:
    try:
        update_action(
            context.workspace,
            by=context.actor,
            action_id=action.id,
            version=action.row_version,
            text=text,
            state=state,
            due=due,
        )
    except Refusal as refused:
        refusal(context.texts, refused)
        return
    session.say_next("actions.saved")
    st.rerun()
