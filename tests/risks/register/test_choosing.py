"""Choosing among risks and ordering them, over a handful of records made for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from risks.register.choosing import UNSAID, Choice, Order, chosen, ordered
from risks.register.kinds import EscalationCause
from risks.register.record import Escalation, Risk
from risks.register.states import Status
from tests.risks.records import AT, CRITERIA, made

SMALL = made(1, 1, 1, objectives=("SO1",), next_review=date(2025, 9, 1))
LARGE = made(
    2, 5, 5, unit_code="O02", title="Blanket e pasaportës mungojnë", status=Status.ACCEPTED
)
UNJUDGED = made(3, category_code=None, owner="other@example.org", status=Status.DRAFT)
MIDDLE = made(4, 3, 3, kpis=("SD-01",), next_review=date(2025, 4, 1), cause="Kašnjenje i Đakovica")
RISKS = (SMALL, LARGE, UNJUDGED, MIDDLE)


def numbers(risks: tuple[Risk, ...]) -> list[int]:
    return [one.number for one in risks]


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice(), [1, 2, 3, 4]),
        (Choice(units=frozenset({"O02"})), [2]),
        (Choice(units=frozenset({"O01", "O02"}), owners=frozenset({"other@example.org"})), [3]),
        (Choice(statuses=frozenset({Status.DRAFT, Status.ACCEPTED})), [2, 3]),
        (Choice(levels=frozenset({CRITERIA.matrix[4][4]})), [2]),
        (Choice(levels=frozenset({UNSAID})), [3]),
        (Choice(categories=frozenset({UNSAID})), [3]),
        (Choice(categories=frozenset({"OPERATIONS"})), [1, 2, 4]),
        (Choice(objectives=frozenset({"SO1", "SO2"})), [1]),
        (Choice(kpis=frozenset({"SD-01"})), [4]),
        (Choice(text="pasaportes MUNGOJNE"), [2]),
        (Choice(text="mungojnë pasaportës"), [2]),
        (Choice(text="djakovica"), []),
        (Choice(text="kasnjenje dakovica"), [4]),
        (Choice(text="R-0003"), [3]),
        (Choice(units=frozenset({"O09"})), []),
    ],
)
def test_only_what_is_wanted_is_chosen(choice: Choice, wanted: list[int]) -> None:
    assert numbers(chosen(RISKS, choice)) == wanted


def test_what_waits_for_an_answer_is_told_apart() -> None:
    waits = Escalation("e", "manager", EscalationCause.BY_HAND, "why", "owner@example.org", AT)
    answered = replace(waits, answered_at=AT, answered_by="director@example.org", answer="so")
    risks = (replace(SMALL, escalations=(answered,)), replace(LARGE, escalations=(answered, waits)))
    assert numbers(chosen(risks, Choice(is_escalated=True))) == [2]
    assert numbers(chosen(risks, Choice(is_escalated=False))) == [1]


def test_above_appetite_is_as_the_caller_measured_it() -> None:
    assert numbers(chosen(RISKS, Choice(is_above=True), above={"id-2"})) == [2]
    assert numbers(chosen(RISKS, Choice(is_above=False), above={"id-2"})) == [1, 3, 4]
    assert numbers(chosen(RISKS, Choice(is_above=True))) == []


@pytest.mark.parametrize(
    ("by", "wanted", "turned"),
    [
        (Order.NUMBER, [1, 2, 3, 4], [4, 3, 2, 1]),
        (Order.LEVEL, [2, 4, 1, 3], [1, 4, 2, 3]),  # what is not judged stands last either way
        (Order.REVIEW, [4, 1, 2, 3], [1, 4, 2, 3]),
        (Order.TITLE, [2, 1, 3, 4], [4, 3, 1, 2]),
        (Order.CATEGORY, [1, 2, 4, 3], [1, 2, 4, 3]),
        (Order.UNIT, [1, 3, 4, 2], [2, 1, 3, 4]),
        (Order.OWNER, [3, 1, 2, 4], [1, 2, 4, 3]),
        (Order.STATUS, [3, 1, 4, 2], [2, 1, 4, 3]),
        (Order.CHANGED, [4, 3, 2, 1], [1, 2, 3, 4]),
    ],
)
def test_each_order_puts_alike_ones_by_number(
    by: Order, wanted: list[int], turned: list[int]
) -> None:
    assert numbers(ordered(RISKS, by, CRITERIA)) == wanted
    assert numbers(ordered(reversed(RISKS), by, CRITERIA)) == wanted
    assert numbers(ordered(RISKS, by, CRITERIA, reverse=True)) == turned


def test_of_one_level_the_larger_product_is_higher() -> None:
    cells = {
        (likelihood, impact): CRITERIA.matrix[likelihood - 1][impact - 1]
        for likelihood in range(1, 6)
        for impact in range(1, 6)
    }
    risks = tuple(made(n, *cell) for n, cell in enumerate(cells, start=1))
    found = [(one.level, one.current) for one in ordered(risks, Order.LEVEL, CRITERIA)]
    ranks = [CRITERIA.rank(level or "") for level, _ in found]
    assert ranks == sorted(ranks, reverse=True)
    for level in {one for one, _ in found}:
        products = [
            (a.likelihood or 0) * (a.impact or 0) for name, a in found if a and name == level
        ]
        assert products == sorted(products, reverse=True)
