"""`cra action list`: what is done about KPIs, by whom and until when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

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
from kpis.commentary import Action, read_actions
from kpis.commentary.due import overdue

app = typer.Typer(no_args_is_help=True)


@app.callback()
def actions() -> None:
    """Actions on KPIs."""


@app.command("list")
def list_actions(
    only_overdue: Annotated[
        bool, typer.Option("--overdue", help="Only those overdue or without recent update.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Also those done or cancelled.")] = False,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """The open actions, the first due first."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.KPI_VIEW) as reader:
            found = read_actions(reader, open_only=not every)
        today = known.today
        wanted = [one for one in found if not only_overdue or overdue(one, today)]
        if as_json:
            print_json([_told(one, today) for one in wanted])
        elif wanted:
            _show(wanted, texts, today)
        else:
            typer.echo(texts.text("command.no_actions"))


def _told(one: Action, today: date) -> dict[str, Any]:
    late = overdue(one, today)
    return {
        "id": one.id,
        "kpi": one.code,
        "period": one.period.code if one.period else None,
        "office": one.office,
        "what": one.what,
        "assignee": one.assignee,
        "due": one.due.isoformat(),
        "first_due": one.first_due.isoformat(),
        "state": one.state.value,
        "overdue": late.kind.value if late else None,
        "last_update": one.heard_on.isoformat(),
        "result": one.result,
    }


def _show(found: list[Action], texts: Texts, today: date) -> None:
    table = Table(box=None, header_style="bold")
    for name in ("number", "kpi", "what", "person", "due", "state", "late"):
        table.add_column(texts.text(f"actions.head.{name}"), no_wrap=name in ("kpi", "due"))
    for one in found:
        late = overdue(one, today)
        table.add_row(
            str(one.id),
            one.code or "",
            one.what,
            one.assignee,
            one.due.isoformat(),
            texts.word(one.state),
            texts.word(late.kind) if late else "",
        )
    Console(markup=False, emoji=False).print(table)
