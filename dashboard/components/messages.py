"""What the product says beside its figures: refusals, errors, what was done, empty places."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import session
from data.errors import Conflict, PermissionDenied, Refusal
from data.language.texts import Texts


def refusal(texts: Texts, refused: Refusal) -> None:
    """Why something was not done, and what to do about it."""
    icon = ":material/block:" if isinstance(refused, PermissionDenied) else ":material/info:"
    icon = ":material/sync_problem:" if isinstance(refused, Conflict) else icon
    st.warning(plain(texts.said(refused)), icon=icon)


def bug(texts: Texts, reference: str) -> None:
    """That something went wrong here, with the number to quote."""
    st.error(texts.text("shell.error", reference=reference), icon=":material/error:")


def notice(texts: Texts) -> None:
    """What the last action did, said once."""
    said = session.take_notice()
    if said:
        key, values = said
        st.success(plain(texts.text(key, **values)), icon=":material/check_circle:")


def empty(texts: Texts, title_key: str, what_to_do_key: str) -> None:
    """An empty place: what will be here, and how to bring it."""
    with st.container(border=True):
        st.markdown(f"**{plain(texts.text(title_key))}**")
        st.caption(plain(texts.text(what_to_do_key)))


def signed_out(texts: Texts, address: str) -> None:
    """The whole page of somebody who is not signed in."""
    st.header(texts.text("shell.signed_out"))
    st.write(texts.text("shell.signed_out_why"))
    st.html(f'<a href="{escape(address, quote=True)}">{escape(texts.text("shell.to_sign_in"))}</a>')


def plain(text: str) -> str:
    """Text that people or files brought along, safe from being read as Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$:^=" else sign for sign in text)
