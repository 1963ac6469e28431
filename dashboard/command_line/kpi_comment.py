"""`cra kpi comment`: say what happened to a KPI in a period, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.command_line.session import As, Json, opened, print_json, refusing
from data.access.permissions import Permission
from data.period import Period
from kpis.commentary import Commentary, read_history, write_commentary


def comment(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The KPI, such as SD-01.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="2025-03, 2025-Q1, 2025.")],
    what: Annotated[str, typer.Option(help="What happened.")],
    why: Annotated[str, typer.Option(help="Why it happened.")],
    office: Annotated[str | None, typer.Option(metavar="CODE", help="Of one office.")] = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """Say what happened to a KPI in a period and why; what stood before stays on record."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        wanted = Period.parse(period)
        with workspace.read(actor, Permission.COMMENT_WRITE) as reader:
            standing = _standing(read_history(reader, code.upper()), wanted, office)
        number = write_commentary(
            workspace,
            by=actor,
            code=code.upper(),
            period=wanted,
            office=office,
            happened=what,
            cause=why,
            replaces=standing,
        )
        if as_json:
            print_json({"id": number, "replaces": standing})
        else:
            typer.echo(texts.text("command.commented", code=code.upper(), period=wanted))


def _standing(history: tuple[Commentary, ...], period: Period, office: str | None) -> int | None:
    """The version that stands of this period and part."""
    for one in history:
        if (one.period, one.office, one.replaced_at) == (period, office, None):
            return one.id
    return None
