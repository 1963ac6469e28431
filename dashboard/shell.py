"""The frame around every page: who is it, in which language, on which page.

The one place where refusals and errors become words. Nothing is drawn for somebody not signed in.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import session
from dashboard.components import messages, office_notes, top_line
from dashboard.context import Link, PageContext, language_spoken, newest_period
from dashboard.cookies import session_token
from dashboard.house import the_workspace
from dashboard.navigation import PageEntry, admit, lead
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Refusal
from data.extracts.past import past
from data.language.languages import Language
from data.language.texts import Texts
from data.signing_in import actor_of
from data.workspace import Workspace

ICON = Path(__file__).parent / "web" / "icon.png"
SIDEBAR_WIDTH = 232  # pixels: the longest title of a page in three languages
log = logging.getLogger("cra")


def run() -> None:
    """Draw the page the person is on, or the way to the sign-in page."""
    st.set_page_config(page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
    workspace = the_workspace()
    token = session_token(st.context.cookies, workspace.settings)
    actor = actor_of(workspace, token)
    if actor is None:
        _ask_to_sign_in(workspace)
        return
    link, unreadable = _link()
    texts = _texts(workspace, link.language or Language(actor.language))
    draw = partial(_draw, workspace, actor, texts, link, unreadable)
    lead(actor, texts, draw).run()


def report_error(error: Exception) -> bool:
    """Say what went wrong outside a page's own drawing; a bug gets a reference number, logged."""
    workspace = the_workspace()
    actor = actor_of(workspace, session_token(st.context.cookies, workspace.settings))
    texts = _texts(workspace, Language(actor.language)) if actor else _stranger_texts(workspace)
    if isinstance(error, Refusal):
        messages.refusal(texts, error)
    else:
        reference = secrets.token_hex(4).upper()
        log.error("reference %s", reference, exc_info=error)
        messages.bug(texts, reference)
    return True


def _draw(
    workspace: Workspace,
    actor: Actor,
    texts: Texts,
    link: Link,
    unreadable: Refusal | None,
    entry: PageEntry,
    places: Mapping[str, Page],
) -> None:
    workspace, unreadable = _looked_at(workspace, actor, link, entry, unreadable)
    period = link.period or newest_period(workspace, actor)
    link, moved = office_notes.on_todays_network(workspace, actor, link)
    context = PageContext(workspace, actor, texts, link, period, places)
    try:
        top_line.draw(context, entry.title_key, entry.choices)
        messages.notice(texts)
        if moved and "office" in entry.choices:
            office_notes.say_moved(texts, moved)
        if unreadable:
            raise unreadable
        admit(workspace, actor, entry)
        with _patience(context):
            entry.draw(context)
    except Refusal as refusal:
        messages.refusal(texts, refusal)
    session.end_run()


def _patience(context: PageContext) -> AbstractContextManager[None]:
    """The past is counted when it is first asked for, which takes a while."""
    if context.workspace.then is None:
        return nullcontext()
    return st.spinner(context.texts.text("shell.as_of_counting"))


def _looked_at(
    workspace: Workspace,
    actor: Actor,
    link: Link,
    entry: PageEntry,
    unreadable: Refusal | None,
) -> tuple[Workspace, Refusal | None]:
    """The house as of the time the link names, on pages that can show the past."""
    if link.as_of is None or "as_of" not in entry.choices:
        return workspace, unreadable
    try:
        with workspace.read(actor, Permission.REFERENCE_VIEW) as reader:
            return workspace.at(past(reader, link.as_of)), unreadable
    except Refusal as refusal:
        return workspace, refusal


def _link() -> tuple[Link, Refusal | None]:
    """What is looked at: the address says it, what it leaves open was chosen on an earlier page."""
    try:
        link = Link.read(session.chosen() | st.query_params.to_dict())
    except Refusal as refusal:
        return Link(), refusal
    session.keep_chosen(link.parameters())
    if st.query_params.to_dict() != link.parameters():
        st.query_params.from_dict(link.parameters())
    return link, None


def _ask_to_sign_in(workspace: Workspace) -> None:
    """Nothing but the way to the sign-in page, which leads back to where the person was going."""
    texts = _stranger_texts(workspace)
    wanted = urlsplit(st.context.url or "/").path
    query = urlencode(st.query_params.to_dict())
    back = urlencode({"next": f"{wanted}?{query}" if query else wanted})
    page = st.Page(
        partial(messages.signed_out, texts, f"/sign-in?{back}"), title=texts.text("shell.product")
    )
    st.navigation([page], position="hidden").run()


def _stranger_texts(workspace: Workspace) -> Texts:
    return _texts(workspace, language_spoken(st.context.locale, workspace.settings.language))


def _texts(workspace: Workspace, language: Language) -> Texts:
    return Texts(language, workspace.settings.zone)


if __name__ == "__main__":
    run()
