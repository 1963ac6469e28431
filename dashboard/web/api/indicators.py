"""Key risk indicators: what is watched, from where on it warns, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dashboard.web.api.answers import Document, Listing
from dashboard.web.api.question import Question
from data.access.permissions import Permission
from data.errors import NotFound
from data.figure import Figure
from data.language.texts import Texts
from data.workspace import Reader
from kpis.measures import Measure
from kpis.register import read_kpi
from risks.indicators.reading import (
    EvaluatedReading,
    IndicatorView,
    read_indicator,
    read_indicators,
)

HERE = "/api/v1/risk-indicators"
_CODE = re.compile(r"KRI-[0-9]{1,8}")
Measures = Mapping[str, Measure]  # by the code of the indicator; none where its KPI is not known


def list_indicators(question: Question) -> Listing:
    """The indicators in use, by code; each names those of its risks that the asker may see."""
    with question.looking_back().read(question.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        found = read_indicators(reader)
        measures = _measures(reader, *found)
        sees = reader.by.may(Permission.RISK_VIEW)
        head = {"today": reader.today.isoformat()}
    texts = question.texts
    return Listing([_indicator(one, measures, texts, sees=sees) for one in found], head)


def one_indicator(question: Question) -> Document:
    """One indicator, retired or not, with everything that was evaluated, oldest period first."""
    code = question.path["indicator"].upper()
    if not _CODE.fullmatch(code):
        raise NotFound("risks.indicators.refused.none", code=code[:40])
    with question.looking_back().read(question.actor, Permission.RISK_VIEW_PUBLISHED) as reader:
        found = read_indicator(reader, code)
        measures = _measures(reader, found)
        sees = reader.by.may(Permission.RISK_VIEW)
        head = {"today": reader.today.isoformat()}
    told = _indicator(found, measures, question.texts, sees=sees)
    readings = [_reading(one, measures.get(code), question.texts) for one in found.readings]
    return told | head | {"readings": readings}


def _measures(reader: Reader, *found: IndicatorView) -> Measures:
    known = {}
    for one in (view.indicator for view in found):
        with suppress(NotFound):
            definition = read_kpi(reader, one.kpi_code).definition
            known[one.code] = definition.formula.measure(one.measure)
    return known


def _indicator(
    view: IndicatorView, measures: Measures, texts: Texts, *, sees: bool
) -> dict[str, Any]:
    """An indicator as it stands; who wrote it is told to those who see the register."""
    one, measure = view.indicator, measures.get(view.indicator.code)
    since, evaluated, newest = view.red_since, view.evaluated_at, view.newest
    return {
        "code": one.code,
        "title": one.title,
        "kpi": one.kpi_code,
        "measure": one.measure,
        "office": one.office_code,
        "service": one.service_code,
        "frequency": one.frequency.value,
        "unit": measure.unit.value if measure else None,
        "decimals": measure.decimals if measure else None,
        "dangerous": one.direction.value,
        "amber": one.amber,
        "red": one.red,
        "periods": one.periods,
        "min_cases": one.min_cases,
        "stale_after_days": one.stale_after_days,
        "state": view.state.value,
        "red_since": since.code if since else None,
        "newest": _reading(newest, measure, texts) if newest else None,
        "evaluated_at": evaluated.isoformat(timespec="seconds") if evaluated else None,
        "risks": [
            {"code": link.code, "title": link.title, "effect": link.effect.value}
            for link in view.links
        ],
        "author": one.author if sees else None,
        "retired": one.is_retired,
        "demo": one.demo,
        "version": one.row_version,
        "links": {"self": f"{HERE}/{one.code}", "values": f"/api/v1/kpis/{one.kpi_code}/values"},
    }


def _reading(one: EvaluatedReading, measure: Measure | None, texts: Texts) -> dict[str, Any]:
    known = None
    if one.value is not None and measure is not None:
        known = Figure(one.value, measure.unit, measure.decimals)
    return {
        "period": one.period.code,
        "period_start": one.period.start.isoformat(),
        "period_end": one.period.last_day.isoformat(),
        "value": one.value,
        "shown": str(known.shown) if known else None,
        "text": texts.figure(known) if known else None,
        "missing": one.missing,
        "signal": one.signal.value,
        "state": one.state.value,
        "event": one.event_number,
        "evaluated_at": one.evaluated_at.isoformat(timespec="seconds"),
    }
