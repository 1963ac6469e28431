"""`cra kpi compare`: the members of a dimension beside each other, what differs most first."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dashboard.command_line.kpi_output import print_csv, print_table, reading_as_dict
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
from data.period import Period
from kpis.comparing import ComparedMember, Comparison
from kpis.comparing import compare as compared


def compare(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The KPI, such as SD-01.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="2025-03, 2025-Q1, 2025.")],
    by: Annotated[str, typer.Option(metavar="DIM", help="Office, municipality, channel.")],
    service: Annotated[str | None, typer.Option(metavar="CODE", help="Within one service.")] = None,
    as_of: AsOf = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Compare offices, or the members of another breakdown: which differ by more than chance."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        where = {"service": service} if service else {}
        then = looking_back(workspace, actor, as_of)
        with then.read(actor, Permission.KPI_VIEW) as reader:
            found = compared(reader, code.upper(), Period.parse(period), by.lower(), where)
        if as_json:
            print_json(_as_dict(found))
        else:
            _show(found, texts, csv=csv)


def _show(found: Comparison, texts: Texts, *, csv: bool) -> None:
    """The table of the page, and how it was judged."""
    # The table is that of the page, which is drawn by a library that takes long to load.
    from dashboard.components.comparison.table import sheet_of
    from dashboard.components.comparison.words import Told

    sheet = sheet_of(Told(found, {}, texts))
    if csv:
        print_csv(sheet.headers, sheet.rows)
        return
    print_table(sheet.headers, sheet.rows)
    if found.why_none is not None:
        typer.echo(texts.word(found.why_none))


def _as_dict(found: Comparison) -> dict[str, Any]:
    funnel = found.funnel
    return {
        "code": found.kpi.code,
        "period": found.period.code,
        "by": found.by,
        "together": funnel.target if funnel else None,
        "phi": funnel.phi if funnel else None,
        "why_no_funnel": found.why_none.value if found.why_none else None,
        "members": [_member_as_dict(each, found.by) for each in found.members],
    }


def _member_as_dict(each: ComparedMember, by: str) -> dict[str, Any]:
    """A member in full; without a funnel there are no limits, and its past is the measure."""
    place = each.compared
    limits = place.limits if place else None
    names = ("lower_95", "upper_95", "lower_99_8", "upper_99_8")
    return {
        **reading_as_dict(each.reading, (by,)),
        "difference": each.difference.value if each.difference else None,
        "verdict": place.verdict.value if place else None,
        "z": place.z if place else None,
        "limits": {name: getattr(limits, name) for name in names} if limits else None,
    }
