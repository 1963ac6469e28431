"""`cra kpi restated`: what was published first, what stands now, and which load changed it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dashboard.command_line.kpi import Code, FrequencyOption, Office, Service, span_of, where_of
from dashboard.command_line.kpi_output import figure_as_dict, print_table
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.definitions import HEADLINE
from kpis.readings import Ask, values_of
from kpis.register import read_kpi
from kpis.restatements import Cause, Restatement, restated

HEAD = ("period", "first", "first_at", "now", "now_at", "event", "file")


def restated_values(
    code: Code,
    first: Annotated[
        str | None, typer.Option("--from", metavar="PERIOD", help="2025-03, 2025-Q1, 2025-W07.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="PERIOD")] = None,
    frequency: FrequencyOption = None,
    office: Office = None,
    service: Service = None,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Values that are no longer what was published first, and the loads that changed them."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.KPI_VIEW) as reader:
            kpi = read_kpi(reader, code.upper())
            span = span_of(reader, kpi, first, last, frequency, None)
            ask = Ask(kpi.code, *span, where=where_of(office, service), measures=(HEADLINE,))
            found = restated(reader, kpi, values_of(reader, kpi, ask))
        if as_json:
            print_json([_as_dict(*one) for one in found])
        elif found:
            heads = [texts.text(f"kpi_page.head.{name}") for name in HEAD]
            print_table(heads, [_row(texts, *one) for one in found])
        else:
            typer.echo(texts.text("kpi_page.no_restatements"))


def _row(texts: Texts, each: Restatement, causes: tuple[Cause, ...]) -> list[str]:
    from dashboard.components.entering.lineage import cause_in_words  # it brings the pages along

    return [
        texts.period(each.period),
        texts.figure(each.first.figure),
        texts.value(each.first_published_at),
        texts.figure(each.now.figure),
        texts.value(each.restated_at),
        ", ".join(str(one.event) for one in causes) or texts.value(None),
        ", ".join(cause_in_words(texts, one) for one in causes) or texts.value(None),
    ]


def _as_dict(each: Restatement, causes: tuple[Cause, ...]) -> dict[str, Any]:
    return {
        "period": each.period.code,
        "first": figure_as_dict(each.first.figure),
        "first_published_at": each.first_published_at,
        "now": figure_as_dict(each.now.figure),
        "restated_at": each.restated_at,
        "causes": [
            {"event": one.event, "batch": one.batch or None, "file": one.file_name or None}
            for one in causes
        ],
    }
