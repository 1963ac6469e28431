"""`cra db`: the registers and what this version of the product needs in them."""

from __future__ import annotations

import typer

from dashboard.command_line.session import house, refusing
from dashboard.founding import prepare

app = typer.Typer(no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database of registers."""


@app.command()
def upgrade() -> None:
    """Bring schema, reference data and KPI definitions to this version; nothing is lost."""
    with refusing(), house() as (workspace, texts):
        prepare(workspace)
        typer.echo(texts.text("command.db_current"))
