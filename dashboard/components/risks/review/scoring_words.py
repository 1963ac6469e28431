"""Scores in words: the steps of likelihood and impact, and the level that they make."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.components.risks.words import level_text
from data.language.texts import Texts
from risks.criteria.scale import Criteria, Dimension
from risks.register.record import Risk


def likelihood_text(texts: Texts, criteria: Criteria, value: int) -> str:
    """'4 Likely (50–80% a year)'."""
    named = criteria.likelihood[value - 1]
    low, high = (texts.number(100 * edge, 0) for edge in (named.low, named.high))
    name = texts.value(named.names)
    return texts.text("risk_review.chance", step=value, name=name, low=low, high=high)


def impact_words(texts: Texts, one: Dimension) -> list[str]:
    """The five steps of a dimension, each with its number."""
    return [f"{place} {texts.value(said)}" for place, said in enumerate(one.steps, start=1)]


def impact_texts(texts: Texts, criteria: Criteria, impacts: Mapping[str, int]) -> list[str]:
    """'Service: 3 Several offices are days late', for each dimension that was judged."""
    return [
        f"{texts.value(one.names)}: {impact_words(texts, one)[impacts[one.code] - 1]}"
        for one in criteria.dimensions
        if one.code in impacts
    ]


def level_now(texts: Texts, criteria: Criteria, risk: Risk) -> str:
    """The level by the criteria in force, by which a confirmed score is judged too."""
    last = risk.current
    level = criteria.level(last.likelihood, last.impact) if last else None
    return level_text(texts, criteria, level)


def measured(texts: Texts, criteria: Criteria, risk: Risk) -> str:
    """The steps it is made of; by other criteria than those in force, that it was."""
    last = risk.current
    if last is None:
        return texts.text("risk_review.assess_first")
    said = [likelihood_text(texts, criteria, last.likelihood)] if last.likelihood else []
    said += impact_texts(texts, criteria, last.impacts)
    if last.criteria_version != criteria.version:
        said.append(texts.text("risk_review.other_criteria", version=criteria.version))
    return " · ".join(said)
