"""`cra kpi`: list KPIs, print values, explain one, measure anew."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from dashboard.command_line.kpi_output import (
    show_explanation,
    show_explanation_as_json,
    show_kpis,
)
from dashboard.command_line.kpi_values import show_values
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    progress,
    refusing,
)
from dashboard.jobs.risk_watch import follow_publication
from data.access.permissions import Permission
from data.errors import Invalid
from data.extracts.past import past
from data.period import Frequency, Period
from data.workspace import Reader
from kpis.completeness import completeness_of_all
from kpis.lineage import explain as explain_value
from kpis.readings import Ask, values_of
from kpis.refreshing import refresh as refresh_readings
from kpis.register import Kpi, read_kpi, read_kpis
from kpis.sources import sources
from kpis.targets import read_targets

app = typer.Typer(no_args_is_help=True)
PERIODS_SHOWN = 13  # a year, and the same period one year ago


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Code = Annotated[str, typer.Argument(metavar="CODE", help="The KPI, such as SD-01.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
FrequencyOption = Annotated[
    Frequency | None, typer.Option(help="The KPI's own when not given.", show_default=False)
]
Office = Annotated[str | None, typer.Option(metavar="CODE", help="Within one office.")]
Service = Annotated[str | None, typer.Option(metavar="CODE", help="Within one service.")]


@app.callback()
def kpis() -> None:
    """Key performance indicators."""


@app.command("list")
def list_kpis(output: FormatOption = Format.TABLE, as_of: AsOf = None, as_email: As = None) -> None:
    """The KPIs, what they are measured in and what is aimed at."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.KPI_VIEW) as reader:
            found = read_kpis(reader)
            targets = read_targets(reader, list(found))
            today = known.today
        show_kpis(list(found.values()), targets, today, texts, output.value)


@app.command()
def values(
    code: Code,
    by: Annotated[
        str | None, typer.Option(metavar="DIM[,DIM]", help="Broken down: office,service.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="PERIOD", help="2025-03, 2025-Q1, 2025-W07.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="PERIOD")] = None,
    frequency: FrequencyOption = None,
    office: Office = None,
    service: Service = None,
    as_of: AsOf = None,
    output: FormatOption = Format.TABLE,
    as_email: As = None,
) -> None:
    """The values of a KPI, as its page prints them; in full in CSV and JSON."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        with workspace.read(actor, Permission.KPI_VIEW) as reader:
            kpi = read_kpi(reader, code.upper())
            event = _event(reader, as_of)
            span = span_of(reader, kpi, first, last, frequency, event)
            dimensions = tuple(name.strip() for name in by.split(",")) if by else ()
            ask = Ask(kpi.code, *span, dimensions, where_of(office, service), None, event)
            readings = values_of(reader, kpi, ask)
            known = completeness_of_all(reader, kpi, readings, event)
        show_values(kpi, ask, readings, known, texts, output.value)


@app.command()
def explain(
    code: Code,
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The latest when not given.")
    ] = None,
    frequency: FrequencyOption = None,
    office: Office = None,
    service: Service = None,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Where a value comes from: formula, loads, rows counted, rows left out and why."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        with workspace.read(actor, Permission.KPI_VIEW) as reader:
            kpi = read_kpi(reader, code.upper())
            event = _event(reader, as_of)
            _, last = span_of(reader, kpi, period, period, frequency, event)
            found = explain_value(
                reader, kpi.code, last, where=where_of(office, service), as_of=event
            )
        if as_json:
            show_explanation_as_json(found)
        else:
            show_explanation(found, texts)


@app.command()
def refresh(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="All when none is named.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Count every row anew; the values stay the same.")
    ] = False,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Measure what the extracts say now, and publish what changed."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        with progress(texts, quiet=as_json) as step:
            done = refresh_readings(
                workspace,
                by=actor,
                codes=[code.upper() for code in codes] if codes else None,
                rebuild=rebuild,
                progress=lambda part: step("kpis.progress.measuring", part),
            )
        follow_publication(workspace)
        if as_json:
            print_json({"event": done.event, "written": done.written})
            return
        for code, count in done.written.items():
            typer.echo(texts.text("kpis.refreshed", code=code, count=count))
        if not done.written:
            typer.echo(texts.text("kpis.refreshed_nothing", event=str(done.event)))


def where_of(office: str | None, service: str | None) -> dict[str, str]:
    """The part of the agency asked about."""
    given = {"office": office, "service": service}
    return {dimension: member for dimension, member in given.items() if member}


def _event(reader: Reader, text: str | None) -> int | None:
    """An event's number, as such or as the last one of a day; anything else is Invalid."""
    return None if text is None else past(reader, text).event


def span_of(
    reader: Reader,
    kpi: Kpi,
    first: str | None,
    last: str | None,
    frequency: Frequency | None,
    event: int | None,
) -> tuple[Period, Period]:
    """The periods asked for; without any, the last ones of which something is known."""
    begin, end = (Period.parse(text) if text else None for text in (first, last))
    given = begin or end
    wanted = frequency or (given.frequency if given else kpi.definition.frequency)
    if end is None:
        until = sources(reader, as_of=event).clock(kpi.definition.formula.contract).cut_off
        today = datetime.now(reader.settings.zone).date()  # where nothing is loaded yet
        end = Period.covering(until or today, wanted)
    end = Period.covering(end.last_day, wanted)
    begin = Period.covering(begin.start, wanted) if begin else end.shift(1 - PERIODS_SHOWN)
    if end.start < begin.start:
        raise Invalid("kpis.refused.backwards", first=begin, last=end)
    return begin, end
