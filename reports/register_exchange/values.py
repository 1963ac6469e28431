"""What the cells that may be changed hold of a risk, and what of a file they are read as."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from data.errors import Invalid
from reports.register_columns import RiskColumn
from reports.register_exchange.opening import Found
from risks.register.record import Risk
from risks.register.wording import Wording

LISTS = frozenset({RiskColumn.OBJECTIVES, RiskColumn.KPIS})


class Misread(Exception):
    """A cell that cannot be read: which, and why."""

    def __init__(self, where: Found, field: Any, key: str, **values: Any) -> None:
        super().__init__(where, field, key, values)
        self.where, self.field = where, field
        self.why = Invalid(key, **values)


def text_in(cell: Found, column: Any) -> str:
    """The text of a cell without what a spreadsheet adds to it; a number or day is a Misread."""
    if cell.value is None:
        return ""
    if not isinstance(cell.value, str):
        raise Misread(cell, column, "targets.refused.not_a_text", value=str(cell.value)[:60])
    return normal(cell.value)


def normal(text: str) -> str:
    """A text as it is compared: ends of lines are written in more than one way."""
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def is_same(column: RiskColumn, one: str, other: str) -> bool:
    """Whether two cells say the same; the order of codes does not matter."""
    if column in LISTS:
        return codes_in(one) == codes_in(other)
    return normal(one) == normal(other)


def codes_in(text: str) -> tuple[str, ...]:
    """The codes a cell lists, with semicolons, commas or lines between, each once."""
    parts = normal(text).replace(",", ";").replace("\n", ";").split(";")
    return tuple(sorted({part.strip() for part in parts if part.strip()}))


def worded(risk: Risk, said: dict[RiskColumn, str]) -> Wording:
    """The wording of a risk with these cells said anew."""
    stands = Wording(
        title=risk.title,
        cause=risk.cause,
        event=risk.event,
        consequence=risk.consequence,
        category_code=risk.category_code,
        objectives=risk.objectives,
        kpis=risk.kpis,
    )
    given: dict[str, Any] = {}
    for column, text in said.items():
        if column is RiskColumn.CATEGORY:
            given["category_code"] = text or None
        else:
            given[column.value] = codes_in(text) if column in LISTS else text
    return replace(stands, **given)
