"""`cra extract quality`: what each extract lacks of a period, and one of them in detail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from dashboard.command_line.kpi_output import print_table
from dashboard.command_line.session import (
    As,
    AsOf,
    Json,
    looking_back,
    opened,
    print_json,
    refusing,
)
from dashboard.components.data_quality import words
from dashboard.components.extracts.names import extract_name, text_or
from data.access.actor import Actor
from data.agency.directory import offices
from data.extracts import quality
from data.extracts.contracts import contract as contract_of
from data.extracts.quality import ColumnGap, ExtractQuality
from data.language.languages import LocalText
from data.language.texts import Texts
from data.period import Period
from data.workspace import Workspace

LAST_LOADS = 24  # as on the page
HEAD = ("extract", "state", "lacks", "known_until", "stale", "read", "quarantined", "share")


def extract_quality(
    contract: Annotated[
        str | None, typer.Argument(help="One extract in detail; all of them when not given.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The newest that is over when not given.")
    ] = None,
    as_of: AsOf = None,
    as_email: As = None,
    as_json: Json = False,
) -> None:
    """What extracts lack of a period: days, offices; rows refused, columns not stated."""
    from dashboard.context import newest_period  # it brings the pages along

    with refusing(), opened(as_email) as (house, actor, texts):
        workspace = looking_back(house, actor, as_of)
        asked = Period.parse(period) if period else newest_period(workspace, actor)
        if contract is not None:
            contract_of(contract)  # an unknown one is refused
        every = quality.qualities(workspace, by=actor, period=asked, today=workspace.today)
        found = [one for one in every if contract in (None, one.contract)]
        columns = _columns(workspace, actor, contract, asked) if contract else ()
        if as_json:
            print_json([_document(one, columns) for one in found])
            return
        _show(workspace, actor, found, texts)
        if contract is not None:
            _show_one(found[0], columns, texts)


def _columns(
    workspace: Workspace, by: Actor, contract: str, period: Period
) -> tuple[ColumnGap, ...]:
    return quality.column_report(workspace, by=by, name_of=contract, period=period).gaps


def _show(workspace: Workspace, by: Actor, found: Sequence[ExtractQuality], texts: Texts) -> None:
    """One line an extract."""
    names = {
        row.code: LocalText.name_of(row).within(texts.language) for row in offices(workspace, by=by)
    }
    typer.echo(texts.period(found[0].period))
    rows = [
        [
            extract_name(texts, one.contract),
            texts.word(one.state),
            "; ".join(words.lacking(texts, one, names)),
            texts.value(one.known_until and texts.day_short(one.known_until)),
            texts.value(one.is_stale),
            texts.number(quality.fates(one.of_period).read),
            texts.number(quality.fates(one.of_period).quarantined),
            words.refused_share(texts, one.of_period),
        ]
        for one in found
    ]
    print_table([texts.text(f"data_quality.file.{name}") for name in HEAD], rows)


def _show_one(one: ExtractQuality, columns: Sequence[ColumnGap], texts: Texts) -> None:
    """Why rows of the last loads stayed outside, and the columns that are not stated."""
    typer.echo(f"\n{texts.text('data_quality.reasons')}")
    for reason in quality.reasons(one.loads[-LAST_LOADS:]):
        name = text_or(texts, f"extracts.reason.{reason.reason}", reason.reason)
        typer.echo(f"  {name}: {texts.number(reason.rows)}")
    typer.echo("")
    heads = ("column", "unstated", "year_before", "unstated_rows")
    rows = [
        [
            gap.column,
            words.share(texts, gap.unstated, gap.rows),
            words.share(texts, gap.unstated_before, gap.rows_before),
            texts.number(gap.unstated),
        ]
        for gap in columns
        if gap.unstated or gap.unstated_before
    ]
    print_table([texts.text(f"data_quality.head.{name}") for name in heads], rows)


def _document(one: ExtractQuality, columns: Sequence[ColumnGap]) -> dict[str, Any]:
    last = one.loads[-LAST_LOADS:]
    return {
        "extract": one.contract,
        "period": one.period.code,
        "state": one.state.value,
        "days": one.days,
        "missing": [{"from": first, "to": until} for first, until in one.missing],
        "silent_offices": list(one.silence.offices),
        "silent_days": list(one.silence.days),
        "known_until": one.known_until,
        "expected": one.expected.value,
        "stale": one.is_stale,
        "rows": quality.fates(one.of_period).as_dict(),
        "reasons": {reason.reason: reason.rows for reason in quality.reasons(last)},
        "loads": [load.event.number for load in last],
        **dict(_columns_document(columns)),
    }


def _columns_document(columns: Sequence[ColumnGap]) -> Iterator[tuple[str, Any]]:
    """Only where one extract is asked for."""
    if columns:
        yield (
            "columns",
            [
                {
                    "column": gap.column,
                    "rows": gap.rows,
                    "unstated": gap.unstated,
                    "rows_before": gap.rows_before,
                    "unstated_before": gap.unstated_before,
                }
                for gap in columns
            ],
        )
