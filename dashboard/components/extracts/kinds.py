"""The kinds of file that are recognised, and what each must look like."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.components.extracts.names import extract_name, titles
from dashboard.components.messages import plain
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.extracts.contracts import Column, ColumnType
from data.extracts.loading import profiles_at_hand
from data.extracts.profile import ISO, Profile

SIGNS = {",": "comma", ";": "semicolon", ".": "point", "\t": "tabulator", "|": "bar"}
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "extract-profiles.md"


def draw(context: PageContext) -> None:
    """Every profile in a list; what the chosen one expects; how to write one of one's own."""
    texts = context.texts
    profiles = profiles_at_hand(context.workspace, by=context.actor)
    named = titles(texts, profiles)
    st.markdown(texts.text("extracts_page.kinds_sentence", count=len(profiles)))
    chosen = st.selectbox(
        texts.text("loading.head.profile"),
        list(named),
        format_func=lambda one: named[one],
        key="extracts.kind",
        width=480,
    )
    if chosen is not None:
        _expectations(context, profiles.get(chosen))
    _guide(context)


def _expectations(context: PageContext, profile: Profile) -> None:
    texts, rules, formats = context.texts, profile.file, profile.formats
    origin = "extracts_page.built_in" if profile.built_in else "extracts_page.own_profile"
    st.caption(
        plain(f"{profile.id} · {extract_name(texts, profile.contract.name)} · {texts.text(origin)}")
    )
    signs = tuple(_sign(context, one) for one in rules.separators)
    as_text = {"encodings": rules.encodings, "separators": signs} if "csv" in rules.kinds else {}
    told = {
        "kinds": rules.kinds,
        **as_text,
        "header_row": rules.header_row,
        "date": _format(context, formats.date, "extracts_page.iso_date"),
        "timestamp": _format(context, formats.timestamp, "extracts_page.iso_timestamp"),
        "decimal": _sign(context, formats.decimal),
        "scope": texts.text(f"extracts_page.scope.{profile.scope}"),
    }
    rows = [
        [texts.text(f"extracts_page.expects.{key}"), plain(texts.value(value))]
        for key, value in told.items()
    ]
    st.table(pd.DataFrame(rows), border=False, hide_index=True, hide_header=True, width="content")
    _columns(context, profile)
    st.caption(texts.text("extracts_page.headers_folded"))


def _columns(context: PageContext, profile: Profile) -> None:
    """Column by column: the headers it is found under, its kind, whether it must be there."""
    texts, contract = context.texts, profile.contract
    mapped = [(contract.column(one.name), one) for one in profile.columns]
    table(
        {
            texts.text("extracts_page.column"): [column.name for column, _ in mapped],
            texts.text("extracts_page.headers"): [" · ".join(one.headers) for _, one in mapped],
            texts.text("extracts_page.type"): [_type(context, column) for column, _ in mapped],
            texts.text("extracts_page.needed"): [_needed(context, column) for column, _ in mapped],
            texts.text("extracts_page.codes"): [
                ", ".join(column.codes) or texts.value(None) for column, _ in mapped
            ],
        }
    )


def _type(context: PageContext, column: Column) -> str:
    kind: ColumnType = column.type
    return context.texts.text(f"column_type.{kind.value}")


def _needed(context: PageContext, column: Column) -> str:
    if column.required:
        return context.texts.text("extracts_page.needed.row")
    return context.texts.text(
        "extracts_page.needed.file" if column.expected else "extracts_page.needed.no"
    )


def _sign(context: PageContext, sign: str) -> str:
    """A punctuation mark by its name, since alone it is hardly seen."""
    return context.texts.text(f"extracts_page.sign.{SIGNS[sign]}") if sign in SIGNS else sign


def _format(context: PageContext, written: str, iso_key: str) -> str:
    return context.texts.text(iso_key) if written == ISO else written


def _guide(context: PageContext) -> None:
    """The documented format of profiles, for an installation that writes its own."""
    texts = context.texts
    st.subheader(texts.text("extracts_page.own_profiles"), anchor=False)
    st.markdown(
        plain(
            texts.text(
                "extracts_page.own_profiles_why", folder=context.workspace.settings.profiles.name
            )
        )
    )
    guide = _guide_text()
    if guide and st.button(
        texts.text("extracts_page.guide"), icon=":material/menu_book:", key="extracts.guide"
    ):

        @st.dialog(texts.text("extracts_page.guide"), width="large")
        def dialog() -> None:
            st.markdown(guide)

        dialog()


@cache
def _guide_text() -> str:
    """The guide that comes with the product; empty where only the code was installed."""
    return GUIDE.read_text(encoding="utf-8") if GUIDE.is_file() else ""
