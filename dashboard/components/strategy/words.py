"""The strategy in words: rules, reasons, fields, and links between its pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard.components.kpis import figures
from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.definitions import Words
from kpis.strategy import CauseLink, Edition, ObjectiveStatus, Rule, RuleKind, StrategyObjective

STRATEGY, OBJECTIVE = "strategy", "objective"  # addresses of pages
HUNDRED = 100
Names = Mapping[str, str]


def named(texts: Texts, words: Words) -> str:
    """The words in the reader's language."""
    return figures.named(texts, words)


def titled(texts: Texts, objective: StrategyObjective) -> str:
    """'3.1 Documents are ready in time'."""
    return f"{objective.code} {named(texts, objective.names)}"


def rule_in_words(texts: Texts, rule: Rule, kpis: Names) -> str:
    """How a status follows, as a sentence; KPIs by code and name."""
    gaps = "_gaps" if rule.gaps and not rule.counts else ""
    return texts.text(
        f"strategy_rule.{rule.kind.value}{gaps}",
        least=rule.least,
        share=texts.percent(rule.share * HUNDRED, 0),
        gaps=rule.gaps,
        kpis=", ".join(kpi_named(code, kpis) for code in rule.keys),
    )


def why_in_words(texts: Texts, status: ObjectiveStatus) -> str:
    """Why it is so, with the counts."""
    return texts.text(
        f"strategy_why.{status.why.value}",
        met=status.met,
        known=status.known,
        aimed=status.aimed,
        needed=status.needed,
    )


def kpi_named(code: str, kpis: Names) -> str:
    """'SD-01 Turnaround', or the code of one that is unknown here."""
    return f"{code} {kpis[code]}" if code in kpis else code


def owner_named(texts: Texts, objective: StrategyObjective, people: Names) -> str:
    """The owner's name, or that there is none."""
    return people.get(objective.owner, objective.owner) or texts.text("strategy.no_owner")


def link_named(texts: Texts, link: CauseLink, edition: Edition) -> str:
    """'3.2 Right the first time helps 3.1 Ready in time'."""
    by_code = edition.by_code
    cause, effect = (titled(texts, by_code[code]) for code in (link.cause, link.effect))
    return texts.text("strategy.link_line", cause=cause, effect=effect)


def objective_link(context: PageContext, objective: StrategyObjective) -> None:
    """A link to an objective's page, within this tab."""
    label = plain(titled(context.texts, objective))
    page_link(context, OBJECTIVE, label, context.link_with(objective=objective.code, part=None))


def said(texts: Texts, value: Any, kpis: Names, people: Names) -> str:
    """A value of an edition as a table shows it."""
    match value:
        case Words():
            return named(texts, value)
        case Rule():
            return rule_in_words(texts, value, kpis)
        case CauseLink():
            return value.note
        case tuple():
            return ", ".join(kpi_named(str(one), kpis) for one in value) or texts.value(None)
        case date():
            return texts.day_short(value)
        case str():
            return people.get(value, value) or texts.value(None)
        case None:
            return texts.value(None)
    names = getattr(value, "names", None)
    return named(texts, names) if isinstance(names, Words) else texts.value(value)


def offered_rules() -> tuple[RuleKind, ...]:
    """The rules there are, in the order in which they are offered."""
    return tuple(RuleKind)
