"""Can the period's numbers be trusted, what is broken, who mends it, is it getting better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from dashboard.components.data_quality import signs, words
from dashboard.components.extracts.names import extract_name
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.extracts.quality import ExtractQuality, ExtractState, fates
from kpis.standing import CONCERN
from kpis.variation import ControlChart, VariationIcon

BROKEN = (ExtractState.MISSING, ExtractState.PARTIAL, ExtractState.SILENT)
BETTER = frozenset({VariationIcon.IMPROVEMENT_LOW, VariationIcon.IMPROVEMENT_HIGH})
Charts = Mapping[str, ControlChart]


def draw(
    context: PageContext,
    found: Sequence[ExtractQuality],
    charts: Charts,
    offices: Mapping[str, str],
) -> None:
    """The answer in a sentence, then what it rests on, then what has to be mended and by whom."""
    in_use = [one for one in found if one.loads]
    with st.container(key="kpi-answer"):
        st.markdown(plain(sentence(context, in_use)))
    for said in (_refused(context, in_use), _direction(context, charts)):
        st.markdown(plain(said))
    mending = [*_mending(context, in_use, offices)]
    if mending:
        with st.container(border=True, gap="small"):
            st.markdown(f"**{plain(context.texts.text('data_quality.to_mend'))}**")
            st.markdown("\n".join(f"- {line}" for line in mending))


def sentence(context: PageContext, in_use: Sequence[ExtractQuality]) -> str:
    """'March 2025: 21 of 24 extracts know the whole period.'"""
    whole = [one for one in in_use if one.state is ExtractState.COMPLETE]
    waiting = [one for one in in_use if one.state is ExtractState.NOT_DUE]
    key = "all" if len(whole) == len(in_use) else "waiting" if waiting else "some"
    return context.texts.text(
        f"data_quality.answer.{key}",
        period=context.period,
        whole=len(whole),
        count=len(in_use),
        waiting=len(waiting),
    )


def _refused(context: PageContext, in_use: Sequence[ExtractQuality]) -> str:
    """How much of what came stayed outside."""
    loads = [load for one in in_use for load in one.of_period]
    rows, texts = fates(loads), context.texts
    return texts.text(
        "data_quality.refused",
        quarantined=rows.quarantined,
        read=rows.read,
        share=words.share(texts, rows.quarantined, rows.read),
    )


def _direction(context: PageContext, charts: Charts) -> str:
    """Where the share of refused rows really changes."""
    texts = context.texts
    better = [extract_name(texts, name) for name, one in charts.items() if one.variation in BETTER]
    worse = [extract_name(texts, name) for name, one in charts.items() if one.variation in CONCERN]
    if not better and not worse:
        judged = sum(one.variation is not None for one in charts.values())
        return texts.text("data_quality.direction.steady", judged=judged, count=len(charts))
    return texts.text("data_quality.direction.changing", better=better or None, worse=worse or None)


def _mending(
    context: PageContext, in_use: Sequence[ExtractQuality], offices: Mapping[str, str]
) -> Iterator[str]:
    """What is broken, the worst first; extracts alike in it and in their sender stand together."""
    alike: dict[tuple[str, str, str], list[ExtractQuality]] = {}
    for one in sorted(in_use, key=lambda each: list(ExtractState).index(each.state)):
        for sign, what in _faults(context, one, offices):
            alike.setdefault((sign, what, _brought_by(one)), []).append(one)
    for (sign, what, by), group in alike.items():
        names = context.texts.value(words.names_of(context.texts, group))
        who = signs.small(context.texts.text("data_quality.brought_by", by=by))
        yield f"{sign} **{plain(names)}**: {plain(what)}. {who}"


def _faults(
    context: PageContext, one: ExtractQuality, offices: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What an extract lacks that was due; that it is overdue, where that is not the same."""
    texts = context.texts
    if one.state in BROKEN:
        yield signs.SIGNS[one.state], texts.value(words.lacking(texts, one, offices))
    if one.is_stale and not (one.missing and one.state in BROKEN):
        yield signs.STALE, words.expected(texts, one)


def _brought_by(one: ExtractQuality) -> str:
    return one.loads[-1].batch.loaded_by
