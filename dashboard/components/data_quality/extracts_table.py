"""Every extract in a row: what it knows of the period, how fresh it is, what became of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.components.data_quality import signs, words
from dashboard.components.extracts.names import extract_name
from dashboard.components.kpi_drawing import Sheet, download
from dashboard.components.messages import plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.extracts.quality import ExtractQuality, ExtractState, fates
from kpis.variation import ControlChart

PATH = "data-quality"
NEWLINE = "  \n"
HEAD = ("extract", "period", "fresh", "rows", "refused", "last")
FATES = ("read", "accepted", "duplicate", "excluded_total", "excluded_test", "quarantined")
IN_FILE = (
    "extract", "state", "lacks", "known_until", "age", "expected", "stale", *FATES, "share",
    "change", "last_at", "last_by",
)  # fmt: skip


def draw(
    context: PageContext,
    found: Sequence[ExtractQuality],
    charts: Mapping[str, ControlChart],
    offices: Mapping[str, str],
) -> None:
    """The extracts in use, the worst first; those never loaded in a line below."""
    texts = context.texts
    in_use = ordered(context, [one for one in found if one.loads])
    rows = [_row(context, one, charts[one.contract], offices) for one in in_use]
    heads = [texts.text(f"data_quality.head.{name}", period=context.period) for name in HEAD]
    with st.container(key="quality-table"):
        st.table(
            pd.DataFrame(rows, columns=heads),
            border="horizontal",
            hide_index=True,
            alt=texts.text("data_quality.alt", period=context.period),
        )
    st.caption(plain(texts.text("data_quality.how")))
    never = [one for one in found if not one.loads]
    if never:
        names = words.names_of(texts, never)
        sign = signs.SIGNS[ExtractState.NEVER]
        st.markdown(f"{sign} {plain(texts.text('data_quality.never', extracts=names))}")
    download(
        texts,
        "quality.extracts",
        lambda: sheet(context, [*in_use, *never], charts, offices),
        file=f"data-quality-{context.period.code}",
    )


def ordered(context: PageContext, found: Sequence[ExtractQuality]) -> list[ExtractQuality]:
    """The worst first: by what is missing, then those out of date, then by name."""
    worst = list(ExtractState)
    return sorted(
        found,
        key=lambda one: (
            worst.index(one.state),
            not one.is_stale,
            extract_name(context.texts, one.contract).casefold(),
        ),
    )


def _row(
    context: PageContext,
    one: ExtractQuality,
    chart: ControlChart,
    offices: Mapping[str, str],
) -> list[str]:
    texts, last = context.texts, one.loads[-1].batch
    rows = fates(one.of_period)
    lacks = [signs.small(said) for said in words.lacking(texts, one, offices)]
    state = f"{signs.SIGNS[one.state]} {signs.unbroken(texts.word(one.state))}"
    fresh = signs.STALE if one.is_stale else signs.FRESH
    refused = words.refused_share(texts, one.of_period)
    return [
        _name(context, one),
        NEWLINE.join([state, *lacks]),
        NEWLINE.join(
            [
                f"{fresh} {signs.unbroken(words.known_until(texts, one))}",
                signs.small(words.expected_shortly(texts, one)),
            ]
        ),
        NEWLINE.join(
            [
                plain(texts.text("data_quality.read", count=rows.read)),
                signs.small(words.fates_of(texts, rows)),
            ]
        ),
        NEWLINE.join(
            [f"{plain(refused)} {signs.trend(texts, chart)}", signs.verdict(texts, chart)]
        ),
        NEWLINE.join([plain(moment_short(texts, last.loaded_at)), signs.small(last.loaded_by)]),
    ]


def _name(context: PageContext, one: ExtractQuality) -> str:
    """A link to the same page with this extract looked at."""
    label = plain(extract_name(context.texts, one.contract))
    return f"[{label}]({PATH}{context.link_with(part=one.contract).query()})"


def sheet(
    context: PageContext,
    found: Sequence[ExtractQuality],
    charts: Mapping[str, ControlChart],
    offices: Mapping[str, str],
) -> Sheet:
    """The table as a file."""
    headers = tuple(context.texts.text(f"data_quality.file.{name}") for name in IN_FILE)
    return Sheet(
        headers,
        tuple(_file_row(context, one, charts.get(one.contract), offices) for one in found),
    )


def _file_row(
    context: PageContext,
    one: ExtractQuality,
    chart: ControlChart | None,
    offices: Mapping[str, str],
) -> tuple[str, ...]:
    texts, rows = context.texts, fates(one.of_period).as_dict()
    last = one.loads[-1].batch if one.loads else None
    return (
        extract_name(texts, one.contract),
        texts.word(one.state),
        "; ".join(words.lacking(texts, one, offices)),
        one.known_until.isoformat() if one.known_until else "",
        str(one.age_days if one.age_days is not None else ""),
        texts.text(f"data_quality.expected.{one.expected.value}"),
        texts.value(one.is_stale),
        *(str(rows[name]) for name in FATES),
        words.refused_share(texts, one.of_period),
        texts.said(chart.summary) if chart else "",
        moment_short(texts, last.loaded_at) if last else "",
        last.loaded_by if last else "",
    )
