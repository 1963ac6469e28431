"""My account: who I am here, my language, my tokens, my password, my open sessions."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import api_tokens
from dashboard.components.forms import confirm
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.access.actor import WHOLE_AGENCY
from data.access.passwords import MAX_LENGTH, MIN_LENGTH
from data.agency.directory import units
from data.errors import Invalid
from data.language.languages import Language, LocalText
from data.people import change_password, set_language
from data.signing_in import sign_out_everywhere


def draw(context: PageContext) -> None:
    """What is one's own: to see, and to change."""
    left, right = st.columns(2, gap="large")
    with left:
        _who(context)
        _language(context)
        api_tokens.draw(context)
    with right:
        _password(context)
        _sessions(context)


def _who(context: PageContext) -> None:
    texts, actor = context.texts, context.actor
    names = {
        unit.code: LocalText.name_of(unit).within(context.language)
        for unit in units(context.workspace, by=actor)
    }
    st.markdown(f"**{plain(actor.name)}**  \n{plain(actor.email)}")
    for grant in actor.grants:
        unit = names.get(grant.unit_code, grant.unit_code)
        st.markdown(f"- {plain(texts.word(grant.role))} · {plain(unit)}")
    if not any(grant.unit_code == WHOLE_AGENCY for grant in actor.grants):
        st.caption(texts.text("account.limited"))


def _language(context: PageContext) -> None:
    texts = context.texts
    with st.form("account.language", border=False):
        chosen = st.radio(
            texts.text("account.language"),
            list(Language),
            index=list(Language).index(Language(context.actor.language)),
            format_func=texts.word,
            horizontal=True,
            key="account.language.chosen",
        )
        if st.form_submit_button(texts.text("shell.save")) and chosen:
            set_language(context.workspace, by=context.actor, language=chosen.value)
            session.keep_chosen(context.link_with(language=None).parameters())
            st.query_params.from_dict(context.link_with(language=None).parameters())
            session.say_next("account.language_set")
            st.rerun()


def _password(context: PageContext) -> None:
    texts = context.texts
    st.subheader(texts.text("account.password"), anchor=False)
    with st.form("account.password", border=False, enter_to_submit=False):
        current = _secret(context, "access.current_password", "current")
        new = _secret(context, "access.new_password", "new")
        again = _secret(context, "access.new_password_again", "again")
        st.caption(texts.text("access.password_rule", shortest=MIN_LENGTH))
        if st.form_submit_button(texts.text("account.change_password")):
            if new != again:
                raise Invalid("access.passwords_differ")
            change_password(context.workspace, by=context.actor, current=current, new=new)
            st.rerun()


def _secret(context: PageContext, label_key: str, name: str) -> str:
    return st.text_input(
        context.texts.text(label_key),
        type="password",
        max_chars=MAX_LENGTH,
        key=f"account.password.{name}",
    )


def _sessions(context: PageContext) -> None:
    texts = context.texts
    st.subheader(texts.text("account.sessions"), anchor=False)
    if st.button(texts.text("account.sign_out_everywhere"), key="account.everywhere"):
        confirm(
            texts,
            title=texts.text("account.sign_out_everywhere"),
            consequences=[texts.text("account.everywhere_will")],
            action=texts.text("account.sign_out_everywhere"),
            act=lambda: _everywhere(context),
            done="account.signed_out_everywhere",
        )


def _everywhere(context: PageContext) -> None:
    sign_out_everywhere(context.workspace, context.actor)
