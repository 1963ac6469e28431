"""`cra db`: the schema of the registers."""

from __future__ import annotations

import typer

from dashboard.command_line.session import house, refusing
from data.access.actor import SYSTEM
from data.agency.actions import found_agency

app = typer.Typer(no_args_is_help=True)


@app.callback()
def database() -> None:
    """The database of registers."""


@app.command()
def upgrade() -> None:
    """Bring the schema to this version, and give an empty house its reference data."""
    with refusing(), house() as (workspace, texts):
        found_agency(workspace, by=SYSTEM)
        typer.echo(texts.text("command.db_current"))
