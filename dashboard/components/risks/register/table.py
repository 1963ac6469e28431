"""The register as a table that is read like any text: some rows at a time, under their groups.

A page of rows is drawn whatever the register holds, so that 5,000 risks take no longer than fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

import pandas as pd
import streamlit as st

from dashboard.charts.tokens import palette
from dashboard.components.messages import plain
from dashboard.components.risks.register.arranging import Group, Layout, summary
from dashboard.components.risks.register.columns import TOLD, RegisterColumn
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.words import RISK, risk_in_text
from dashboard.context import PageContext
from risks.register.record import Risk

STYLE = Template(Path(__file__).with_name("register.css").read_text(encoding="utf-8"))
Rows = Sequence[tuple[int, Risk]]  # the place of the group, the risk


def style() -> None:
    """How table and answer are set, once on a page."""
    colours = palette(st.context.theme.type)
    sheet = STYLE.substitute(background=colours.background, primary=colours.primary)
    st.html(f"<style>{sheet}</style>")


def draw(
    context: PageContext, looked: Looked, groups: Sequence[Group], layout: Layout, *, key: str
) -> None:
    """One page of the risks; below it the way to the others, and to a risk within this tab."""
    rows = [(place, risk) for place, group in enumerate(groups) for risk in group.risks]
    pages = -(-len(rows) // layout.rows)
    page = _page(rows, layout, key)
    first = (st.session_state.get(page, 1) - 1) * layout.rows
    shown = rows[first : first + layout.rows]
    _table(
        context, looked, groups, shown, layout.columns, begins=first == 0 or _is_new(rows, first)
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        texts = context.texts
        last = first + len(shown)
        said = texts.text("risk_register.rows_of", first=first + 1, last=last, all=len(rows))
        st.caption(plain(said), width="content")
        if pages > 1:
            st.pagination(pages, key=page)
        _open(context, [risk for _place, risk in shown], key)


def _page(rows: Rows, layout: Layout, key: str) -> str:
    """The key of the page looked at: other risks or another order begin at their first page."""
    return f"{key}.page.{hash((layout.rows, tuple((place, risk.id) for place, risk in rows)))}"


def _is_new(rows: Rows, first: int) -> bool:
    """Whether a group begins with this row."""
    return rows[first][0] != rows[first - 1][0]


def _table(
    context: PageContext,
    looked: Looked,
    groups: Sequence[Group],
    rows: Rows,
    columns: Sequence[RegisterColumn],
    *,
    begins: bool,
) -> None:
    texts = context.texts
    heads = [texts.text("risk_register.risk"), *(texts.word(column) for column in columns)]
    lines: list[list[str]] = []
    last = None
    for place, risk in rows:
        if place != last and groups[place].name:
            goes_on = last is None and not begins
            lines.append(_heading(looked, groups[place], len(columns), goes_on=goes_on))
        last = place
        lines.append([risk_in_text(context, risk), *_cells(looked, risk, columns)])
    with st.container(key="register-table"):
        st.table(
            pd.DataFrame(lines, columns=heads),
            border="horizontal",
            hide_index=True,
            alt=texts.text("risk_register.alt"),
        )


def _heading(looked: Looked, group: Group, columns: int, *, goes_on: bool) -> list[str]:
    """The name of a group, how many it has, and that it began on the page before."""
    more = f" ({looked.texts.text('risk_register.goes_on')})" if goes_on else ""
    said = f"**{plain(group.name)}**{plain(more)} · {plain(summary(looked, group))}"
    return [said, *[""] * columns]


def _cells(looked: Looked, risk: Risk, columns: Sequence[RegisterColumn]) -> list[str]:
    return [TOLD[column](looked, risk).markdown for column in columns]


def _open(context: PageContext, risks: Sequence[Risk], key: str) -> None:
    """Open one of these risks in this tab: the links of the table open in another."""
    if RISK not in context.places:
        return
    by_code = {risk.code: risk for risk in risks}
    name = f"{key}.open"
    if st.session_state.get(name) not in by_code:
        st.session_state[name] = None
    chosen = st.selectbox(
        context.texts.text("risk_register.open"),
        list(by_code),
        index=None,
        key=name,
        format_func=lambda code: f"{code} {by_code[code].title}",
        placeholder=context.texts.text("risk_register.open_which"),
        label_visibility="collapsed",
        width=320,
    )
    if chosen:
        link = context.link_with(risk=chosen, part=None)
        st.switch_page(context.places[RISK], query_params=link.parameters())
