"""Tokens for programs on the page of their holder: make one, see them, take one back."""

from __future__ import annotations

import streamlit as st

from dashboard.components.forms import confirm
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.language.texts import Texts
from data.tokens import (
    LIFETIMES,
    LONGEST_NAME,
    TokenView,
    create_token,
    list_tokens,
    revoke_token,
)


def draw(context: PageContext) -> None:
    """One's own tokens, and the form for another."""
    texts = context.texts
    st.subheader(texts.text("tokens.title"), anchor=False)
    st.caption(plain(texts.text("tokens.explained")))
    _new(context)
    found = list_tokens(context.workspace, by=context.actor)
    for token in found:
        _line(context, token)
    if not found:
        st.caption(texts.text("tokens.none"))


def _new(context: PageContext) -> None:
    """The form; what it makes is shown in this very run and in no other."""
    texts = context.texts
    with st.form("account.token", border=False, clear_on_submit=True):
        name = st.text_input(
            texts.text("tokens.name"), max_chars=LONGEST_NAME, key="account.token.name"
        )
        days = st.selectbox(
            texts.text("tokens.lifetime"),
            LIFETIMES,
            index=1,
            format_func=lambda days: texts.text("tokens.for_days", days=days),
            key="account.token.days",
        )
        wanted = st.form_submit_button(texts.text("tokens.create"))
    if wanted:
        _made(context, name, days)


def _made(context: PageContext, name: str, days: int) -> None:
    texts = context.texts
    token = create_token(context.workspace, by=context.actor, name=name, days=days)
    said = texts.text("tokens.once", name=" ".join(name.split()), until=token.expires_at)
    st.success(plain(said), icon=":material/key:")
    st.code(token.key, language=None)


def _line(context: PageContext, token: TokenView) -> None:
    texts = context.texts
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(f"**{plain(token.name)}**")
    left.caption(plain(_told(texts, token)))
    if right.button(texts.text("tokens.revoke"), key=f"account.token.revoke.{token.id}"):
        _ask(context, token)


def _told(texts: Texts, token: TokenView) -> str:
    values = {
        "ending": f"…{token.ending}",
        "created": moment_short(texts, token.created_at),
        "until": moment_short(texts, token.expires_at),
    }
    if token.last_used_at is None:
        return texts.text("tokens.line_unused", **values)
    return texts.text("tokens.line", used=moment_short(texts, token.last_used_at), **values)


def _ask(context: PageContext, token: TokenView) -> None:
    texts = context.texts
    confirm(
        texts,
        title=texts.text("tokens.revoke_title", name=token.name),
        consequences=[texts.text("tokens.revoke_will")],
        action=texts.text("tokens.revoke"),
        act=lambda: revoke_token(context.workspace, by=context.actor, token_id=token.id),
        done="tokens.revoked",
    )
