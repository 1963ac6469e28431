"""`cra user`: let people in, give and end roles, shut out; tokens for programs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dashboard.command_line.session import As, house, opened, refusing
from data.access.actor import SYSTEM, WHOLE_AGENCY, Actor
from data.access.roles import Role
from data.agency.actions import found_agency
from data.errors import NotFound
from data.language.languages import Language
from data.language.texts import Texts
from data.people import (
    PersonView,
    add_first_administrator,
    add_person,
    disable_person,
    end_role,
    grant_role,
    list_people,
)
from data.tokens import LIFETIMES, create_token, list_tokens, revoke_token
from data.workspace import Workspace

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
RoleOption = Annotated[Role, typer.Option(help="What the person may do.")]
Unit = Annotated[str, typer.Option(help="The unit in which, with all below it.")]


@app.callback()
def people() -> None:
    """People and their roles."""


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name.")],
    language: Annotated[Language, typer.Option(help="sq, sr or en.")] = Language.EN,
    role: RoleOption = Role.VIEWER,
    unit: Unit = WHOLE_AGENCY,
    first_admin: Annotated[
        bool, typer.Option("--first-admin", help="The first administrator of an empty house.")
    ] = False,
    as_email: As = None,
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    if first_admin:
        with refusing(), house() as (workspace, texts):
            found_agency(workspace, by=SYSTEM)
            add_first_administrator(
                workspace,
                email=email,
                name=name,
                language=language.value,
                password=_password(texts),
            )
            typer.echo(texts.text("people.added", person=name))
        return
    with refusing(), opened(as_email) as (workspace, actor, texts):
        add_person(
            workspace,
            by=actor,
            email=email,
            name=name,
            language=language.value,
            password=_password(texts),
            role=role,
            unit_code=unit,
        )
        typer.echo(texts.text("people.added", person=name))


@app.command()
def role(
    email: Email,
    role: RoleOption,
    unit: Unit = WHOLE_AGENCY,
    end: Annotated[bool, typer.Option("--end", help="Take the role away.")] = False,
    as_email: As = None,
) -> None:
    """Give a person a role in a unit, or end it."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        person = _person(workspace, actor, email)
        if not end:
            grant_role(workspace, by=actor, person_id=person.id, role=role, unit_code=unit)
            typer.echo(texts.text("people.role_given"))
            return
        held = [one for one in person.roles if one.role is role and one.unit.code == unit]
        if not held:
            raise NotFound("people.role_not_held", person=person.name, role=role, unit=unit)
        end_role(workspace, by=actor, grant_id=held[0].grant_id)
        typer.echo(texts.text("people.role_ended"))


@app.command()
def disable(email: Email, as_email: As = None) -> None:
    """Shut a person out at once; every session ends."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        person = _person(workspace, actor, email)
        disable_person(workspace, by=actor, person_id=person.id, version=person.row_version)
        typer.echo(texts.text("people.was_shut_out"))


@app.command()
def token(
    name: Annotated[
        str | None, typer.Argument(help="What the new token is for; without, yours are listed.")
    ] = None,
    days: Annotated[
        int, typer.Option(help=f"How long it is good for: {', '.join(map(str, LIFETIMES))}.")
    ] = LIFETIMES[1],
    revoke: Annotated[
        int | None, typer.Option(metavar="NO", help="Take a token back, by its number.")
    ] = None,
    as_email: As = None,
) -> None:
    """Make a token for the data interface, shown once; list one's own, or revoke one."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        if revoke is not None:
            revoke_token(workspace, by=actor, token_id=revoke)
            typer.echo(texts.text("tokens.revoked"))
        elif name is not None:
            typer.echo(create_token(workspace, by=actor, name=name, days=days).key)
        else:
            _list_tokens(workspace, actor, texts)


def _list_tokens(workspace: Workspace, actor: Actor, texts: Texts) -> None:
    for one in list_tokens(workspace, by=actor):
        until = texts.moment(one.expires_at)
        typer.echo(f"{one.id}  {one.name}  …{one.ending}  {until}")


def _person(workspace: Workspace, actor: Actor, email: str) -> PersonView:
    wanted = email.strip().lower()
    found = [one for one in list_people(workspace, by=actor) if one.email == wanted]
    if not found:
        raise NotFound("people.nobody", email=wanted)
    return found[0]


def _password(texts: Texts) -> str:
    """Typed twice at a terminal, else one line of standard input; never an argument."""
    if sys.stdin.isatty():
        typed: str = typer.prompt(
            texts.text("access.password"), hide_input=True, confirmation_prompt=True
        )
        return typed
    return sys.stdin.readline().rstrip("\r\n")
