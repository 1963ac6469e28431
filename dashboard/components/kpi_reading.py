"""Readings and explanations kept for the next rerun: below the door, bounded, by publication.

A caller comes with a reader, so the door has let him in; aggregates are the same for whoever may
see KPIs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from data.period import Period
from data.workspace import Reader
from kpis.judgement import chart_of, notes_within
from kpis.lineage import Explanation, explain
from kpis.notes import Note, read_notes
from kpis.notes.reading import rebases_among
from kpis.readings import Ask, values_of
from kpis.register import Kpi
from kpis.service_delivery import Delivery, Distribution, delivery, turnaround_distribution
from kpis.stored_readings import Reading
from kpis.variation import ControlChart

KEPT, AT_MOST = 3600, 100  # seconds; answers kept of each kind
Key = tuple[object, ...]


def series_of(reader: Reader, kpi: Kpi, ask: Ask) -> tuple[Reading, ...]:
    """The readings asked for."""
    return _series(_key(reader, [kpi]), _ask_key(ask), reader, kpi, ask)


def charts_of(reader: Reader, kpi: Kpi, ask: Ask) -> Mapping[str, ControlChart]:
    """The judged series of every member of the one breakdown asked for."""
    notes = read_notes(reader, [kpi.code])[kpi.code]
    said = tuple((note.id, note.withdrawn_at is None) for note in notes)
    return _charts((*_key(reader, [kpi]), said), _ask_key(ask), reader, kpi, ask, notes)


def explanation_of(
    reader: Reader, kpi: Kpi, period: Period, where: Mapping[str, str], as_of: int | None
) -> Explanation:
    """What is behind the reading of a period, as published or as of an event."""
    asked = (kpi.code, period.code, tuple(sorted(where.items())), as_of)
    return _explanation(_key(reader, [kpi]), asked, reader, kpi.code, period, where, as_of)


def delivery_of(
    reader: Reader, kpis: Mapping[str, Kpi], period: Period, by: tuple[str, ...], **within: Any
) -> Delivery:
    """The table of service delivery; `within` names an office and a service, or None."""
    asked = (period.code, by, tuple(sorted(within.items())))
    return _delivery(_key(reader, kpis.values()), asked, reader, period, by, within)


def distribution_of(
    reader: Reader, kpis: Mapping[str, Kpi], period: Period, **within: Any
) -> Distribution:
    """How long cases took in a period; `within` as above."""
    asked = (period.code, tuple(sorted(within.items())))
    return _distribution(_key(reader, kpis.values()), asked, reader, period, within)


def _key(reader: Reader, kpis: Any) -> Key:
    """Whose house, which publications, by which definitions."""
    published = [
        (kpi.code, kpi.definition.version_id, kpi.published.id if kpi.published else None)
        for kpi in kpis
    ]
    return (str(reader.settings.home), reader.settings.database_url, reader.then, *published)


def _ask_key(ask: Ask) -> Key:
    where = tuple(sorted(ask.where.items()))
    return (ask.code, ask.first.code, ask.last.code, ask.by, where, ask.measures, ask.as_of)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _series(key: Key, asked: Key, _reader: Reader, _kpi: Kpi, _ask: Ask) -> tuple[Reading, ...]:
    return values_of(_reader, _kpi, _ask)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _charts(
    key: Key, asked: Key, _reader: Reader, _kpi: Kpi, _ask: Ask, _notes: Sequence[Note]
) -> Mapping[str, ControlChart]:
    (dimension,) = _ask.by
    series: dict[str, list[Reading]] = {}
    for each in values_of(_reader, _kpi, _ask):
        series.setdefault(each.cell.members[dimension], []).append(each)
    return {
        member: chart_of(
            _kpi.definition, each, {}, rebases_among(notes_within(_notes, each[0].cell, each))
        )
        for member, each in series.items()
    }


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _explanation(
    key: Key,
    asked: Key,
    _reader: Reader,
    _code: str,
    _period: Period,
    _where: Mapping[str, str],
    _as_of: int | None,
) -> Explanation:
    return explain(_reader, _code, _period, where=_where, as_of=_as_of)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _delivery(
    key: Key,
    asked: Key,
    _reader: Reader,
    _period: Period,
    _by: tuple[str, ...],
    _within: Mapping[str, Any],
) -> Delivery:
    return delivery(_reader, _period, by=_by, **_within)


@st.cache_resource(max_entries=AT_MOST, ttl=KEPT, show_spinner=False)
def _distribution(
    key: Key, asked: Key, _reader: Reader, _period: Period, _within: Mapping[str, Any]
) -> Distribution:
    return turnaround_distribution(_reader, _period, **_within)
