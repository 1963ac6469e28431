"""The top line of every page: where am I, period, unit, language, who."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.charts.tokens import palette
from dashboard.components import as_of, office_notes
from dashboard.components.messages import plain
from dashboard.context import Link, PageContext, newest_period, periods_offered
from dashboard.cookies import session_token, sign_out_proof
from data.agency.directory import offices_today, services, the_agency
from data.language.languages import Language, LocalText, Named
from data.language.texts import Texts
from data.people import set_language
from data.period import Frequency, Period

STYLE = Template(Path(__file__).with_name("frame.css").read_text(encoding="utf-8"))


def draw(context: PageContext, title_key: str, offered: frozenset[str]) -> None:
    """Title on the left; on the right what can be chosen here, the language, and who it is."""
    _style()
    with st.container(key="top-line"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(gap=None):
                _whose_house(context)
                st.title(context.texts.text(title_key), anchor=False)
            with st.container(horizontal=True, width="content"):
                _language(context)
                _who(context)
        if offered:
            _choices(context, offered)


def _choices(context: PageContext, offered: frozenset[str]) -> None:
    """What is looked at; every choice is also in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="top-choices"):
        if "period" in offered:
            _period(context)
        if "office" in offered:
            _named(context, session.OFFICE, "office", offices_today)
        if "service" in offered:
            _named(context, session.SERVICE, "service", services)
        if "as_of" in offered:
            as_of.choose(context, _follow)
    if "as_of" in offered:
        as_of.say(context, _follow)
    if "office" in offered and context.office is not None:
        office_notes.of_office(context)


def _style() -> None:
    colours = palette(st.context.theme.type)
    sheet = STYLE.substitute(muted=colours.muted, on_primary=colours.on(colours.primary))
    st.html(f"<style>{sheet}</style>")


def _whose_house(context: PageContext) -> None:
    """The agency's name, and on every page of a demo agency that it is one."""
    texts = context.texts
    agency = the_agency(context.workspace, by=context.actor)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = LocalText.name_of(agency).within(context.language) if agency else ""
        st.caption(plain(name or texts.text("shell.product")), width="content")
        if agency and agency.demo:
            st.badge(texts.text("shell.demo"), icon=":material/science:", color="orange")


def _period(context: PageContext) -> None:
    """How long the period is, and which one."""
    texts, chosen = context.texts, context.period
    st.session_state[session.FREQUENCY] = chosen.frequency
    st.selectbox(
        texts.text("shell.frequency"),
        list(Frequency),
        key=session.FREQUENCY,
        format_func=texts.word,
        on_change=partial(_change_frequency, context),
        width=130,
    )
    st.session_state[session.PERIOD] = chosen
    st.selectbox(
        texts.text("shell.period"),
        periods_offered(newest_period(context.workspace, context.actor, chosen.frequency), chosen),
        key=session.PERIOD,
        format_func=texts.period,
        on_change=partial(_change, context.link, "period", session.PERIOD),
        width=180,
    )


def _change_frequency(context: PageContext) -> None:
    """The period of the new length that ends last within the newest one that is over."""
    frequency: Frequency = st.session_state[session.FREQUENCY]
    newest = newest_period(context.workspace, context.actor, frequency)
    period = min(Period.covering(context.period.last_day, frequency), newest)
    _follow(replace(context.link, period=period))


def _named(context: PageContext, key: str, name: str, listed: Callable[..., Sequence[Any]]) -> None:
    """One of the offices or services, or all of them."""
    texts = context.texts
    rows: dict[str, Named] = {row.code: row for row in listed(context.workspace, by=context.actor)}
    chosen = getattr(context.link, name)
    st.session_state[key] = chosen
    # A link may name what no register knows, such as an office of a trial extract.
    unknown = [] if chosen is None or chosen in rows else [chosen]
    st.selectbox(
        texts.text(f"shell.{name}"),
        [*rows, *unknown],
        index=None,  # without it Streamlit offers no way back to all of them
        key=key,
        format_func=lambda code: (
            LocalText.name_of(rows[code]).within(texts.language) if code in rows else code
        ),
        placeholder=texts.text(f"shell.every_{name}"),
        on_change=partial(_change, context.link, name, key),
        width=170,
    )


def _change(link: Link, name: str, key: str) -> None:
    _follow(replace(link, **{name: st.session_state[key]}))


def _follow(link: Link) -> None:
    session.keep_chosen(link.parameters())
    st.query_params.from_dict(link.parameters())


def _language(context: PageContext) -> None:
    """The three languages, each in its own name; the choice is kept with the person."""
    st.session_state[session.LANGUAGE] = context.language
    st.selectbox(
        context.texts.text("shell.language"),
        list(Language),
        key=session.LANGUAGE,
        format_func=context.texts.word,
        on_change=partial(_change_language, context),
        label_visibility="collapsed",
        width=110,
    )


def _change_language(context: PageContext) -> None:
    language: Language = st.session_state[session.LANGUAGE]
    now = context.workspace.at(None)  # a person's own language is no state of the past
    set_language(now, by=context.actor, language=language.value)
    _follow(replace(context.link, language=None))


def _who(context: PageContext) -> None:
    """Who is signed in, with which roles, and the way out."""
    texts, actor = context.texts, context.actor
    with st.popover(plain(actor.name), icon=":material/account_circle:"):
        st.markdown(f"**{plain(actor.name)}**  \n{plain(actor.email)}")
        for grant in actor.grants:
            st.caption(plain(f"{texts.word(grant.role)} · {grant.unit_code}"))
        st.page_link(context.places["account"], query_params=context.link.parameters())
        _sign_out(context, texts)


def _sign_out(context: PageContext, texts: Texts) -> None:
    """A plain form to a plain route: it takes the cookie away, which a page cannot."""
    token = session_token(st.context.cookies, context.workspace.settings) or ""
    label = escape(texts.text("shell.sign_out"))
    st.html(
        '<form method="post" action="/sign-out">'
        f'<input type="hidden" name="proof" value="{escape(sign_out_proof(token))}">'
        f'<button type="submit" class="cra-sign-out">{label}</button>'
        "</form>"
    )
