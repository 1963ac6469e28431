"""The risks above what is sought or borne, the worst first, each with what is done about it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.appetite.known import Known
from dashboard.components.risks.words import level_text, person_name, risk_in_text, risk_link
from dashboard.components.tables import csv_file
from dashboard.context import PageContext
from data.language.texts import Texts
from risks.appetite.above import Above
from risks.register.kinds import AcceptanceState

COLUMNS = ("risk", "category", "level", "bound", "done", "owner")
NEWLINE = "  \n"
ROWS_AT_ONCE, HEIGHT = 12, 640  # more rows scroll under their header; pixels


def draw(context: PageContext, known: Known) -> None:
    """The table and its file; below it the risks of which nothing is said."""
    texts = context.texts
    if known.above:
        _table(context, known)
        _file(context, known)
    elif known.appetite:
        empty(texts, "appetite.none_above", "appetite.none_above_why")
    else:
        empty(texts, "appetite.nothing_said", "appetite.nothing_said_do")
    if known.silent and known.appetite:
        title = texts.text("appetite.silent_risks", count=len(known.silent))
        with st.expander(title):
            for one in known.silent:
                risk_link(context, one)


def _table(context: PageContext, known: Known) -> None:
    texts = context.texts
    lines = [
        [risk_in_text(context, one.risk), *map(_lines, _cells(texts, known, one))]
        for one in known.above
    ]
    st.table(
        pd.DataFrame(lines, columns=[texts.text(f"appetite.head.{name}") for name in COLUMNS]),
        border="horizontal",
        hide_index=True,
        height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
        alt=texts.text("appetite.above_alt"),
    )


def _cells(texts: Texts, known: Known, one: Above) -> list[Sequence[str]]:
    """What stands in each column after the risk itself, one or more lines each."""
    limit = one.said.tolerable if one.bound.value == "tolerable" else one.said.optimal
    return [
        [known.categories.get(one.said.category, one.said.category)],
        [level_text(texts, known.criteria, one.risk.level)],
        [texts.word(one.bound), level_text(texts, known.criteria, limit)],
        done_about(texts, one),
        [person_name(texts, known.people, one.risk.owner)],
    ]


def done_about(texts: Texts, one: Above) -> list[str]:
    """What is done about a risk above appetite, line by line; nothing is said to be nothing."""
    said = []
    if one.treatments:
        said.append(texts.text("appetite.treated", count=len(one.treatments), due=one.next_due))
    if one.late:
        said.append(f"▲ {texts.text('appetite.late', count=one.late)}")
    if one.acceptance is not None:
        is_borne = one.acceptance.state is AcceptanceState.ACCEPTED
        key = "appetite.borne" if is_borne else "appetite.asked"
        said.append(texts.text(key, until=one.acceptance.valid_until))
    if one.escalations:
        first = min(each.raised_at for each in one.escalations)
        said.append(f"▲ {texts.text('appetite.owed', since=first.astimezone(texts.zone).date())}")
    return said or [f"▲ {texts.text('appetite.unattended')}"]


def _lines(cell: Sequence[str]) -> str:
    return NEWLINE.join(map(plain, cell))


def _file(context: PageContext, known: Known) -> None:
    texts = context.texts
    heads = [texts.text(f"appetite.head.{name}") for name in COLUMNS]
    st.download_button(
        texts.text("shell.download_csv"),
        lambda: csv_file(
            heads,
            (
                [f"{one.risk.code} {one.risk.title}"]
                + ["; ".join(cell) for cell in _cells(texts, known, one)]
                for one in known.above
            ),
        ),
        file_name=f"appetite-{context.today.isoformat()}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="appetite.download",
    )
