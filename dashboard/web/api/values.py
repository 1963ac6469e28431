"""Values of a KPI: the readings its page draws and `cra kpi values` prints."""

from __future__ import annotations

from typing import Any

from dashboard.components.office_notes import network_of
from dashboard.web.api.answers import Listing
from dashboard.web.api.figures import named, reading_of
from dashboard.web.api.kpis import published_version
from dashboard.web.api.members import names_in
from dashboard.web.api.question import Question
from data.access.permissions import Permission
from data.errors import Invalid
from data.period import Frequency, Period
from data.workspace import Reader
from kpis.completeness import completeness_of_all
from kpis.network import OFFICE, successors_in
from kpis.readings import Ask, values_of
from kpis.register import Kpi, read_kpi, reference_version_of
from kpis.sources import sources

PERIODS_TOLD = 13  # a year, and the same period one year ago, as on the command line
MOST_PERIODS = 300


def list_values(question: Question) -> Listing:
    """The readings asked for, by period, cell and line; a gap has its reason."""
    with question.workspace.read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        ask = _ask(question, reader, kpi)
        readings = values_of(reader, kpi, ask)
        known = completeness_of_all(reader, kpi, readings, ask.as_of)
        head = _head(question, reader, kpi, ask)
        version = reference_version_of(reader, kpi, ask.as_of)
        successors = successors_in(reader, version) if version else {}
    offices = {each.cell.members.get(OFFICE, "") for each in readings}
    network = network_of(question.workspace, question.actor, successors, offices)
    head |= {"reference_version": version, "network": network}
    head["names"] = names_in(question, readings, ask.last)
    pairs = zip(readings, known, strict=True)
    return Listing([reading_of(each, one, question.texts) for each, one in pairs], head)


def _ask(question: Question, reader: Reader, kpi: Kpi) -> Ask:
    """The question as the readings take it."""
    event, measures = question.event(reader), question.names("measure")
    for name in measures or ():
        kpi.definition.formula.measure(name)
    return Ask(
        kpi.code,
        *span_asked(question, reader, kpi, event),
        by=question.names("by") or (),
        where=question.part(),
        measures=measures,
        as_of=event,
    )


def span_asked(
    question: Question, reader: Reader, kpi: Kpi, event: int | None
) -> tuple[Period, Period]:
    """The periods asked for; without any, the last ones of which something is known."""
    first, last = question.period("from"), question.period("to")
    given = first or last
    own = given.frequency if given else kpi.definition.frequency
    frequency = question.frequency() or own
    end = Period.covering(last.last_day, frequency) if last else None
    end = end or newest_known(reader, kpi, event, frequency, question)
    begin = Period.covering(first.start, frequency) if first else end.shift(1 - PERIODS_TOLD)
    _check_span(begin, end)
    return begin, end


def newest_known(
    reader: Reader, kpi: Kpi, event: int | None, frequency: Frequency, question: Question
) -> Period:
    """The last period of which the extract of the KPI tells anything; today's without a load."""
    known = sources(reader, as_of=event).clock(kpi.definition.formula.contract).cut_off
    return Period.covering(known or question.today, frequency)


def _check_span(first: Period, last: Period) -> None:
    if last.start < first.start:
        raise Invalid("kpis.refused.backwards", first=first, last=last)
    if first.shift(MOST_PERIODS - 1).start < last.start:
        raise Invalid("api.refused.too_many_periods", most=MOST_PERIODS)


def _head(question: Question, reader: Reader, kpi: Kpi, ask: Ask) -> dict[str, Any]:
    """What holds for all the values: of what, by which definition, as of which event."""
    definition, published = kpi.definition, kpi.published
    as_published = published.event_number if published else None
    return {
        "code": kpi.code,
        "name": named(definition.names, question.texts),
        "unit": definition.unit.value,
        "frequency": ask.first.frequency.value,
        "from": ask.first.code,
        "to": ask.last.code,
        "by": list(ask.by),
        "where": dict(ask.where),
        "definition_version": (
            published_version(reader, kpi) if ask.as_of is None else definition.version
        ),
        "event": as_published if ask.as_of is None else ask.as_of,
    }
