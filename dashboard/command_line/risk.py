"""`cra risk`: list risks, show one and its past, what is due for review and what waits for me."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated

import typer

from dashboard.command_line.kpi import Format, FormatOption
from dashboard.command_line.risk_details import show_risk
from dashboard.command_line.risk_history import show_history, steps_as_list
from dashboard.command_line.risk_output import (
    Spoken,
    due_for_review,
    show_due,
    show_risks,
    show_waiting,
)
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from dashboard.web.api.risk_documents import Speaker, risk_of
from dashboard.web.api.risks import states_of
from data.access.permissions import Permission
from data.errors import NotFound
from data.workspace import Reader
from risks.appetite.above import above_appetite
from risks.appetite.statement import read_appetite
from risks.lexicon import Lexicon, read_lexicon
from risks.register.choosing import UNSAID, Choice, Order, chosen, ordered
from risks.register.hands import owners_stood_in_for
from risks.register.reading import read_past, read_register, read_risk
from risks.register.record import Risk
from risks.register.states import Status
from risks.register.steps import steps
from risks.register.waiting import waiting_for

app = typer.Typer(no_args_is_help=True)
DAYS_AHEAD = 14
Codes = list[str] | None
Code = Annotated[str, typer.Argument(metavar="CODE", help="The risk, such as R-0012.")]
Unit = Annotated[Codes, typer.Option("--unit", metavar="CODE", help="In these units.")]
Category = Annotated[Codes, typer.Option("--category", metavar="CODE", help="Of these.")]
Level = Annotated[
    Codes, typer.Option("--level", metavar="CODE", help="Of these current levels; - for none.")
]
Owner = Annotated[Codes, typer.Option("--owner", metavar="EMAIL", help="Of these owners.")]
InStatus = Annotated[list[Status] | None, typer.Option("--status", help="In these states.")]


@app.callback()
def risks() -> None:
    """The risk register."""


@app.command("list")
def list_risks(
    unit: Unit = None,
    category: Category = None,
    status: InStatus = None,
    owner: Owner = None,
    level: Level = None,
    text: Annotated[str, typer.Option(metavar="WORDS", help="With all these words.")] = "",
    escalated: Annotated[
        bool, typer.Option("--escalated", help="Only those that wait for an answer.")
    ] = False,
    above: Annotated[
        bool, typer.Option("--above-appetite", help="Only those above what is sought.")
    ] = False,
    order: Annotated[Order, typer.Option(help="In which order.")] = Order.NUMBER,
    output: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """The risks one may see, one line each."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW_PUBLISHED) as reader:
            lexicon = read_lexicon(reader)
            wanted = replace(
                read_choice(lexicon, unit, category, status, owner, level),
                text=text,
                is_escalated=True if escalated else None,
                is_above=True if above else None,
            )
            found = _chosen(reader, wanted, lexicon, order)
            spoken = Spoken(lexicon, texts, reader.today)
        show_risks(found, spoken, _form(output, as_json=as_json))


@app.command()
def show(
    code: Code,
    history: Annotated[
        bool, typer.Option("--history", help="With every change, before and after.")
    ] = False,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """One risk with everything said and done about it."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW_PUBLISHED) as reader:
            risk = read_risk(reader, code.upper())
            states = states_of(reader, risk)
            spoken = Spoken(read_lexicon(reader), texts, reader.today, states)
            past = steps(read_past(reader, risk)) if history else None
        if as_json:
            speaker = Speaker(spoken.lexicon, texts, spoken.today, states=states)
            told = risk_of(risk, speaker)
            more = {} if past is None else {"history": steps_as_list(past, texts)}
            print_json(told | more)
            return
        show_risk(risk, spoken)
        if past is not None:
            show_history(past, spoken)


@app.command()
def history(code: Code, as_of: AsOf = None, as_json: Json = False, as_email: As = None) -> None:
    """Every change of a risk: when, by whom, why, and each value before and after."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW) as reader:
            past = steps(read_past(reader, read_risk(reader, code.upper())))
            spoken = Spoken(read_lexicon(reader), texts, reader.today)
        if as_json:
            print_json(steps_as_list(past, texts))
        else:
            show_history(past, spoken)


@app.command("review-due")
def review_due(
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, max=366, help="Also those due so soon.")
    ] = DAYS_AHEAD,
    owner: Owner = None,
    unit: Unit = None,
    output: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """The reviews that are overdue or due soon, by owner, whose is longest overdue first."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW) as reader:
            lexicon = read_lexicon(reader)
            units = _known("unit", unit, lexicon.naming.units)
            wanted = Choice(units=units, owners=frozenset(owner or ()))
            found = due_for_review(chosen(read_register(reader), wanted), reader.today, within)
            spoken = Spoken(lexicon, texts, reader.today)
        show_due(found, spoken, _form(output, as_json=as_json))


@app.command()
def waiting(
    output: FormatOption = Format.TABLE,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """What waits for me: to finish, judge, review, decide and answer, the most pressing first."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        with workspace.read(actor, Permission.RISK_VIEW) as reader:
            owners = owners_stood_in_for(reader, actor.email)
            found = waiting_for(read_register(reader), actor, reader.today, stands_in_for=owners)
            spoken = Spoken(read_lexicon(reader), texts, reader.today)
        show_waiting(found, spoken, _form(output, as_json=as_json))


def read_choice(
    lexicon: Lexicon,
    unit: Codes,
    category: Codes,
    status: list[Status] | None,
    owner: Codes,
    level: Codes,
) -> Choice:
    """What the options ask for."""
    return Choice(
        units=_known("unit", unit, lexicon.naming.units),
        categories=_known("category", category, lexicon.naming.categories),
        statuses=frozenset(status or ()),
        owners=frozenset(owner or ()),
        levels=_levels(level, lexicon),
    )


def _chosen(reader: Reader, wanted: Choice, lexicon: Lexicon, order: Order) -> tuple[Risk, ...]:
    every, criteria = read_register(reader), lexicon.criteria
    if criteria is None:  # and so nothing was ever judged
        return chosen(every, wanted)
    above = {
        one.risk.id for one in above_appetite(every, read_appetite(reader), criteria, reader.today)
    }
    return ordered(chosen(every, wanted, above=above), order, criteria)


def _known(what: str, codes: Codes, known: Collection[str]) -> frozenset[str]:
    """Codes as they are kept; one unknown is refused, for it would find nothing in silence."""
    found = frozenset(code.upper() for code in codes or ())
    for code in sorted(found - set(known)):
        raise NotFound(f"risk_command.refused.no_{what}", code=code)
    return found


def _levels(levels: Codes, lexicon: Lexicon) -> frozenset[str]:
    known = {one.code for criteria in lexicon.versions.values() for one in criteria.levels}
    wanted = {UNSAID if level == "-" else level.lower() for level in levels or ()}
    for level in sorted(wanted - known - {UNSAID}):
        raise NotFound("risk_command.refused.no_level", code=level)
    return frozenset(wanted)


def _form(output: Format, *, as_json: bool) -> Format:
    return Format.JSON if as_json else output
