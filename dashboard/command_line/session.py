"""What every command shares: who acts, how refusals are said, how progress shows."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from dashboard.founding import is_prepared, prepare
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import NotFound, Refusal
from data.extracts.past import past
from data.language.languages import Language
from data.language.texts import Texts
from data.settings import Settings
from data.signing_in import actor_by_email
from data.workspace import Workspace

As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="EMAIL", help="Who acts; CRA_AS when not given.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="EVENT|DATE", help="As known after an event or on a day."),
]
Step = Callable[[str, float], None]

errors = Console(stderr=True)
REFUSED, WRONG_USE = 1, 2


@contextmanager
def installation() -> Iterator[tuple[Workspace, Texts]]:
    """The workspace the environment names, as it is, and its language."""
    settings = Settings.from_environment()
    workspace = Workspace.open(settings)
    try:
        yield workspace, Texts(Language(settings.language), settings.zone)
    finally:
        workspace.database.dispose()


@contextmanager
def house() -> Iterator[tuple[Workspace, Texts]]:
    """The workspace of this installation, ready to work in, and its language."""
    with installation() as (workspace, texts):
        if not is_prepared(workspace):
            prepare(workspace)
        yield workspace, texts


@contextmanager
def opened(as_email: str | None) -> Iterator[tuple[Workspace, Actor, Texts]]:
    """The workspace and who acts in it, speaking his language; somebody unknown is refused."""
    with house() as (workspace, texts):
        email = as_email or os.environ.get("CRA_AS", "")
        if not email:
            errors.print(texts.text("command.who"))
            raise typer.Exit(WRONG_USE)
        actor = actor_by_email(workspace, email)
        if actor is None:
            raise NotFound("command.unknown_person", email=email)
        yield workspace, actor, Texts(Language(actor.language), workspace.settings.zone)


def looking_back(workspace: Workspace, by: Actor, as_of: str | None) -> Workspace:
    """The house as it was known then; now when nothing is said."""
    if as_of is None:
        return workspace
    with workspace.read(by, Permission.KPI_VIEW) as reader:
        return workspace.at(past(reader, as_of))


@contextmanager
def refusing() -> Iterator[None]:
    """Say a refusal in words and leave with exit code 1; anything else is a bug and stays one."""
    try:
        yield
    except Refusal as refusal:
        errors.print(_words(refusal), style="red", markup=False)
        raise typer.Exit(REFUSED) from refusal


@contextmanager
def progress(texts: Texts, *, quiet: bool = False) -> Iterator[Step]:
    """A progress bar on the terminal's error stream; the step is a message key."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=1.0)

        def step(key: str, done: float) -> None:
            bar.update(task, description=texts.text(key), completed=done)

        yield step


def print_json(document: Any) -> None:
    """One JSON document on standard output, as UTF-8."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def _words(refusal: Refusal) -> str:
    settings = Settings.from_environment()
    return Texts(Language(settings.language), settings.zone).said(refusal)
