"""`cra risk exposure`: what the register may cost in a year, with the error of simulating it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from dashboard.command_line.kpi import Format, FormatOption
from dashboard.command_line.kpi_output import print_csv, print_table
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
from risks.appetite.statement import Appetite, read_appetite
from risks.exposure import LEVELS, TRIALS, Compared, Simulation, expected_loss, percentile
from risks.lexicon import Lexicon, read_lexicon
from risks.outlook import Borne, Outlook, outlook
from risks.register.reading import read_register

NONE = "\N{EN DASH}"
BEFORE, AFTER = "before", "after"


def exposure(
    trials: Annotated[int, typer.Option(help="How many years are simulated.")] = TRIALS,
    before_after: Annotated[
        bool, typer.Option("--before-after", help="Also once open treatments are done.")
    ] = False,
    output: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    as_json: Json = False,
    as_email: As = None,
) -> None:
    """What the risks in figures may cost in a year, and what of it is borne."""
    with refusing(), opened(as_email) as (workspace, actor, texts):
        known = looking_back(workspace, actor, as_of)
        with known.read(actor, Permission.RISK_VIEW) as reader:
            lexicon, appetite = read_lexicon(reader), read_appetite(reader)
            found = outlook(read_register(reader), appetite, reader.today, trials)
        sides = (BEFORE, AFTER) if before_after else (BEFORE,)
        if as_json or output is Format.JSON:
            print_json(_told(found, appetite, sides))
        elif output is Format.CSV:
            print_csv(["side", "figure", "value", "low", "high"], _rows(found, sides))
        else:
            _show(found, lexicon, texts, sides)


def _rows(found: Outlook, sides: Sequence[str]) -> Iterator[tuple[str, str, Any, Any, Any]]:
    for side in sides:
        years = _years(found, side)
        yield side, "expected", expected_loss(years.risks), None, None
        yield side, "mean", years.mean.value, years.mean.low, years.mean.high
        for level in LEVELS:
            one = percentile(years.annual, level)
            yield side, str(level), one.value, one.low, one.high


def _told(found: Outlook, appetite: dict[str, Appetite], sides: Sequence[str]) -> dict[str, Any]:
    summed = found.portfolio
    return {
        "trials": found.before.trials,
        "risks": [one.risk.code for one in summed.estimated],
        "left_out": {
            reason.value: [one.code for one in risks] for reason, risks in summed.left_out.items()
        },
        "unclear": [one.code for one in summed.unclear],
        **{side: _side(_years(found, side)) for side in sides},
        "tolerance": [
            {
                "category": one.category,
                "assumption": appetite[one.category].assumption,
                **{side: [_point(each) for each in getattr(one, side)] for side in sides},
            }
            for one in found.borne
        ],
    }


def _side(years: Simulation) -> dict[str, Any]:
    mean = years.mean
    return {
        "expected": expected_loss(years.risks),
        "mean": {
            "value": mean.value,
            "error": mean.error,
            "low": mean.low,
            "high": mean.high,
        },
        "percentiles": [
            {"level": level, "value": one.value, "low": one.low, "high": one.high}
            for level in LEVELS
            for one in [percentile(years.annual, level)]
        ],
    }


def _point(one: Compared) -> dict[str, Any]:
    return {
        "loss": one.point.loss,
        "tolerated": one.tolerated,
        "chance": one.point.probability,
        "low": one.point.low,
        "high": one.point.high,
        "verdict": one.verdict.value,
    }


def _show(found: Outlook, lexicon: Lexicon, texts: Texts, sides: Sequence[str]) -> None:
    counted = {"risks": len(found.portfolio.estimated), "trials": found.before.trials}
    typer.echo(texts.text("risk_command.exposure.counted", **counted))
    if sides == (BEFORE,):
        typer.echo(texts.text("risk_command.exposure.as_it_stands"))
    heads = [texts.text("risk_command.exposure.head.figure")]
    for side in sides:
        heads += _heads(texts, side, "low", "high")
    print_table(heads, list(_table(found, texts, sides)))
    for line in _left_out(found, texts):
        typer.echo(line)
    if found.borne:
        typer.echo(f"\n{texts.text('risk_command.exposure.borne')}")
        _show_borne(found.borne, lexicon, texts, sides)
    typer.echo(f"\n{texts.text('risk_command.exposure.assumption')}")


def _table(found: Outlook, texts: Texts, sides: Sequence[str]) -> Iterator[list[str]]:
    """A line a figure, the sides next to each other."""
    lines: dict[str, list[str]] = {}
    for _side_of, figure, *numbers in _rows(found, sides):
        name = _figure_name(figure, texts)
        lines.setdefault(name, [name]).extend(_money(one, texts) for one in numbers)
    yield from lines.values()


def _figure_name(figure: str, texts: Texts) -> str:
    if figure in ("expected", "mean"):
        return texts.text(f"risk_command.exposure.{figure}")
    share = texts.percent(100 * float(figure), 0)
    return texts.text("risk_command.exposure.percentile", share=share)


def _left_out(found: Outlook, texts: Texts) -> Iterator[str]:
    summed = found.portfolio
    for reason, risks in summed.left_out.items():
        codes = [one.code for one in risks]
        yield texts.text(f"risk_command.exposure.{reason.value}", codes=codes)
    if summed.unclear:
        codes = [one.code for one in summed.unclear]
        yield texts.text("risk_command.exposure.unclear", codes=codes)


def _show_borne(
    borne: Sequence[Borne], lexicon: Lexicon, texts: Texts, sides: Sequence[str]
) -> None:
    heads = _heads(texts, "category", "loss", "tolerated")
    for side in sides:
        heads += _heads(texts, "chance" if len(sides) == 1 else side, "low", "high", "verdict")
    lines = []
    for one in borne:
        name = texts.value(lexicon.naming.categories.get(one.category, one.category))
        for points in zip(*(getattr(one, side) for side in sides), strict=True):
            first: Compared = points[0]
            line = [name, _money(first.point.loss, texts), _chance(first.tolerated, texts)]
            for each in points:
                line += [_chance(getattr(each.point, what), texts)
                         for what in ("probability", "low", "high")]  # fmt: skip
                line.append(texts.word(each.verdict))
            lines.append(line)
    print_table(heads, lines)


def _heads(texts: Texts, *names: str) -> list[str]:
    return [texts.text(f"risk_command.exposure.head.{name}") for name in names]


def _years(found: Outlook, side: str) -> Simulation:
    return found.before if side == BEFORE else found.after


def _money(value: float | None, texts: Texts) -> str:
    return NONE if value is None else texts.number(value, 0)


def _chance(value: float | None, texts: Texts) -> str:
    return NONE if value is None else texts.percent(100 * value)
