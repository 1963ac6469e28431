"""Choosing among risks and putting them in order: pure, over the records somebody may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from risks.criteria.scale import Criteria
from risks.register.record import Risk
from risks.register.states import Status

UNSAID = ""  # chosen as a level or category: those not assessed, those without one
_LAST = date.max


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted; whatever is left empty is not asked about."""

    units: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    owners: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    kpis: frozenset[str] = frozenset()
    text: str = ""  # every word of it, in any order, with or without its accents
    is_escalated: bool | None = None
    is_above: bool | None = None  # above appetite, as the caller measured it


class Order(StrEnum):
    """By what risks are put in order."""

    NUMBER = "number"
    TITLE = "title"
    LEVEL = "level"  # the highest first
    REVIEW = "review"  # the first due first
    CATEGORY = "category"
    UNIT = "unit"
    OWNER = "owner"
    STATUS = "status"  # as a risk goes through them
    CHANGED = "changed"  # the latest first


def chosen(
    risks: Iterable[Risk], choice: Choice, *, above: Collection[str] = ()
) -> tuple[Risk, ...]:
    """The risks that are wanted, in their order; `above` are the ids of those above appetite."""
    words = folded(choice.text).split()
    return tuple(
        risk
        for risk in risks
        if _is_of(risk, choice)
        and choice.is_escalated in (None, risk.is_escalated)
        and choice.is_above in (None, risk.id in above)
        and (not words or _says(risk, words))
    )


def ordered(
    risks: Iterable[Risk], by: Order, criteria: Criteria, *, reverse: bool = False
) -> tuple[Risk, ...]:
    """The risks in order, those alike by number; what is not said stands last either way."""
    found = sorted(risks, key=lambda risk: risk.number)
    key = _KEYS[by]
    said = [risk for risk in found if not _is_unsaid(by, risk)]
    unsaid = [risk for risk in found if _is_unsaid(by, risk)]
    return (*sorted(said, key=lambda risk: key(risk, criteria), reverse=reverse), *unsaid)


def folded(text: str) -> str:
    """The text as it is searched: small letters without accents, so that 'pasaporte' finds 'ë'."""
    small = text.casefold()
    if small.isascii():
        return small
    split = unicodedata.normalize("NFKD", small)
    return "".join(each for each in split if not unicodedata.combining(each)).replace("đ", "d")


def _is_of(risk: Risk, choice: Choice) -> bool:
    asked: tuple[tuple[frozenset[Any], Any], ...] = (
        (choice.units, risk.unit_code),
        (choice.categories, risk.category_code or UNSAID),
        (choice.statuses, risk.status),
        (choice.owners, risk.owner),
        (choice.levels, risk.level or UNSAID),
    )
    return (
        all(not wanted or value in wanted for wanted, value in asked)
        and (not choice.objectives or not choice.objectives.isdisjoint(risk.objectives))
        and (not choice.kpis or not choice.kpis.isdisjoint(risk.kpis))
    )


def _says(risk: Risk, words: Collection[str]) -> bool:
    texts = (risk.code, risk.title, risk.cause, risk.event, risk.consequence)
    said = folded("\n".join((*texts, *(one.text for one in risk.treatments))))
    return all(word in said for word in words)


def _is_unsaid(by: Order, risk: Risk) -> bool:
    missing = {
        Order.LEVEL: risk.level is None,
        Order.REVIEW: risk.next_review is None,
        Order.CATEGORY: risk.category_code is None,
    }
    return missing.get(by, False)


def _height(risk: Risk, criteria: Criteria) -> tuple[int, int]:
    """Smaller for higher risks: first the level, then the product of what it is made of."""
    current = risk.current
    ranks = {one.code: rank for rank, one in enumerate(criteria.levels)}
    product = (current.likelihood or 0) * (current.impact or 0) if current else 0
    return -ranks.get(risk.level or "", -1), -product


_KEYS: dict[Order, Callable[[Risk, Criteria], Any]] = {
    Order.NUMBER: lambda risk, _: risk.number,
    Order.TITLE: lambda risk, _: folded(risk.title),
    Order.LEVEL: _height,
    Order.REVIEW: lambda risk, _: risk.next_review or _LAST,
    Order.CATEGORY: lambda risk, _: risk.category_code or UNSAID,
    Order.UNIT: lambda risk, _: risk.unit_code,
    Order.OWNER: lambda risk, _: risk.owner,
    Order.STATUS: lambda risk, _: list(Status).index(risk.status),
    Order.CHANGED: lambda risk, _: -risk.updated_at.timestamp(),
}
