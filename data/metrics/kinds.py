"""What a formula can give: the kinds of value, and which of them may stand for which."""

from __future__ import annotations

from enum import StrEnum


class FormulaKind(StrEnum):
    TRUTH = "truth"
    WHOLE = "whole"
    DECIMAL = "decimal"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    NOTHING = "nothing"  # a bare NULL: fits wherever anything else does

    @property
    def is_number(self) -> bool:
        return self in (FormulaKind.WHOLE, FormulaKind.DECIMAL)


OF_TYPE = {
    "id": FormulaKind.TEXT,
    "str": FormulaKind.TEXT,
    "code": FormulaKind.TEXT,
    "date": FormulaKind.DAY,
    "ts": FormulaKind.MOMENT,
    "int": FormulaKind.WHOLE,
    "dec": FormulaKind.DECIMAL,
    "bool": FormulaKind.TRUTH,
}
SQL_TYPE = {
    FormulaKind.TRUTH: "BOOLEAN",
    FormulaKind.WHOLE: "BIGINT",
    FormulaKind.DECIMAL: "DECIMAL(18,4)",
    FormulaKind.TEXT: "VARCHAR",
    FormulaKind.DAY: "DATE",
    FormulaKind.MOMENT: "TIMESTAMP",
}


def common(kinds: list[FormulaKind]) -> FormulaKind | None:
    """The one kind all of these can be read as; None when there is none."""
    stated = {kind for kind in kinds if kind is not FormulaKind.NOTHING}
    if not stated:
        return FormulaKind.NOTHING
    if len(stated) == 1:
        return stated.pop()
    return FormulaKind.DECIMAL if all(kind.is_number for kind in stated) else None
