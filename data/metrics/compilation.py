"""From a query to SQL that judges rows: why a row is left out, where it belongs, what it adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from data.errors import Invalid
from data.metrics.beside import Answer, answer_sql, answers, check_beside, join_sql, scope_of
from data.metrics.formula import Scope, Source
from data.metrics.functions import Typed, as_day
from data.metrics.grammar import compile_formula
from data.metrics.history import Shape
from data.metrics.kinds import FormulaKind
from data.metrics.lookups import DIALECT, Lookups
from data.metrics.query import NOT_STATED, Dimension, Form, Query

NO_DAY, NO_VALUE = "no_day", "no_value"
DAYS = {FormulaKind.DAY, FormulaKind.MOMENT}
COUNTS = {FormulaKind.TRUTH, FormulaKind.WHOLE, FormulaKind.DECIMAL}
MEMBERS = {FormulaKind.TEXT, FormulaKind.WHOLE, FormulaKind.TRUTH, FormulaKind.DAY}
MONEY = "DECIMAL(38,4)"
WEIGHT = "DECIMAL(18,4)"
# What each form is made of: the parts it needs, and those it may have.
PARTS = {
    Form.RATIO: (("day", "numerator"), ("denominator",)),
    Form.COHORT: (("day", "numerator"), ("denominator", "enters")),
    Form.HISTOGRAM: (("day", "value"), ()),
    Form.STOCK: (("opened", "closed"), ("due",)),
    Form.LATEST: (("day", "numerator", "run"), ("denominator", "run_id", "weight", "strata")),
}
_EVERY_PART = (
    "day", "numerator", "denominator", "value", "opened", "due", "closed", "enters", "run",
    "run_id", "weight", "strata",
)  # fmt: skip
# Columns of results, which a dimension must not be mistaken for.
RESERVED = frozenset(
    {"n", "numerator", "denominator", "value", "day", "reason", "period_start", "frequency"}
    | {"dimension", "member", "dimension2", "member2", "opened", "due", "closed", "overdue"}
    | {"age", "median", "p90", "age_median", "age_p90", "age_maximum"}
    | {"stratum", "leading", "weight"}
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Measure:
    """A checked query, with the SQL that judges rows of its contract.

    A judged row has `_reason` (why it is left out, NULL when it counts), one column a dimension,
    and by form `_day`, `_numerator`, `_denominator` | `_day`, `_value` | `_opened`, `_due`,
    `_closed`. A COHORT may have `_enters`; a LATEST has `_load`, `_run0` ..., and where it is
    weighted `_weight`, `_stratum0` ...
    """

    query: Query
    shapes: Mapping[str, Shape]
    columns: Mapping[str, tuple[str, ...]]  # contract -> the columns that must be read
    parts: Mapping[str, str]  # SQL of each column of a judged row
    types: Mapping[str, str]  # SQL type of each of its measured columns
    joins: str
    answers: tuple[Answer, ...] = ()

    def judged(self, relations: Mapping[str, str], more: Sequence[str] = ()) -> str:
        """SELECT of judged rows and the SQL of `more`; `relations` maps contract to relation."""
        query = self.query
        root = self.shapes[query.contract]
        beside = [join_sql(query.contract, join, relations) for join in query.joins]
        beside += [answer_sql(root, answer, relations) for answer in self.answers]
        columns = [*more, *(f'{sql} AS "{name}"' for name, sql in self.parts.items())]
        return "\n".join(
            [
                f"SELECT {', '.join(columns)}",
                f'FROM {relations[query.contract]} AS "{query.contract}"',
                *beside,
                self.joins,
            ]
        )

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.query.dimensions)


def compile_query(query: Query, shapes: Mapping[str, Shape]) -> Measure:
    """Check every part of a query against the contracts' columns; what does not hold is Invalid."""
    _check_parts(query)
    check_beside(query, shapes)
    _check_names(query)
    lookups = Lookups()
    compiler = _Compiler(query, scope_of(query, shapes), lookups)
    parts, found = compiler.parts(), tuple(answers(query, shapes))
    for answer in found:
        compiler.note(answer.asked.asked)
    return Measure(
        query=query,
        shapes={name: shapes[name] for name in query.contracts},
        columns=compiler.read_columns(shapes),
        parts=parts,
        types=compiler.types,
        joins=lookups.joins(),
        answers=found,
    )


class _Compiler:
    """Compiles the formulas of one query, remembering which columns they read."""

    def __init__(self, query: Query, scope: Scope, lookups: Lookups) -> None:
        self.query, self.scope, self.lookups = query, scope, lookups
        self.read: set[tuple[str, str]] = set()
        self.types: dict[str, str] = {}

    def parts(self) -> dict[str, str]:
        """Column of a judged row -> SQL."""
        measured = self._stock() if self.query.form is Form.STOCK else self._of_period()
        members = {one.name: self._member(one) for one in self.query.dimensions}
        return {"_reason": self._reason(measured), **members, **measured}

    def read_columns(self, shapes: Mapping[str, Shape]) -> dict[str, tuple[str, ...]]:
        """Contract -> its key, then every other column some formula reads."""
        query = self.query
        on = {(query.contract, column) for join in query.joins for column in join.on}
        on |= {(query.contract, column) for one in query.exists for column in one.on}
        on |= {(one.contract, column) for one in query.exists for column in one.on.values()}
        return {
            name: tuple(
                dict.fromkeys(
                    (
                        *shapes[name].key,
                        *sorted(column for owner, column in self.read | on if owner == name),
                    )
                )
            )
            for name in sorted(query.contracts)
        }

    def _of_period(self) -> dict[str, str]:
        day = {"_day": self._day("day")}
        if self.query.form is Form.HISTOGRAM:
            self.types["_value"] = "BIGINT"
            return day | {"_value": _sql(self._typed("value", {FormulaKind.WHOLE}).sql)}
        counted = {f"_{name}": self._count(name) for name in ("numerator", "denominator")}
        return day | self._enters() | counted | self._run()

    def _enters(self) -> dict[str, str]:
        return {} if self.query.enters is None else {"_enters": self._day("enters")}

    def _run(self) -> dict[str, str]:
        """Of a LATEST: which load and run a row is from, of what, and how it is weighted."""
        query = self.query
        if query.form is not Form.LATEST:
            return {}
        parts = {"_load": f'CAST("{query.contract}"."_batch" AS BIGINT)'}
        self.types["_load"] = "BIGINT"
        for name, formulas in (("_run", query.run), ("_stratum", query.strata)):
            for number, text in enumerate(formulas):
                typed = self._formula(text, name.strip("_"), MEMBERS)
                parts[f"{name}{number}"] = f"CAST({_sql(typed.sql)} AS VARCHAR)"
                self.types[f"{name}{number}"] = "VARCHAR"
        if query.run_id is not None:
            which = self._formula(query.run_id, "run_id", MEMBERS)
            parts["_which"] = f"CAST({_sql(which.sql)} AS VARCHAR)"
            self.types["_which"] = "VARCHAR"
        if query.weight is not None:
            weight = self._formula(query.weight, "weight", {FormulaKind.DECIMAL, FormulaKind.WHOLE})
            parts["_weight"] = f"CAST({_sql(weight.sql)} AS {WEIGHT})"
            self.types["_weight"] = WEIGHT
        return parts

    def _stock(self) -> dict[str, str]:
        due = self._day("due") if self.query.due is not None else "CAST(NULL AS DATE)"
        return {"_opened": self._day("opened"), "_due": due, "_closed": self._day("closed")}

    def _reason(self, measured: Mapping[str, str]) -> str:
        """The first inclusion that is not true, else the lack of a day or value, else NULL."""
        whens = [
            f"WHEN {_sql(self._formula(one.condition, one.reason, {FormulaKind.TRUTH}).sql)}"
            f" IS NOT TRUE THEN {text_sql(one.reason)}"
            for one in self.query.inclusions
        ]
        day = measured.get("_day", measured.get("_opened"))
        whens.append(f"WHEN {day} IS NULL THEN {text_sql(NO_DAY)}")
        if "_value" in measured:
            whens.append(f"WHEN {measured['_value']} IS NULL THEN {text_sql(NO_VALUE)}")
        return f"CASE {' '.join(whens)} END"

    def _member(self, dimension: Dimension) -> str:
        member = self._formula(dimension.formula, dimension.name, MEMBERS).sql
        return f"COALESCE(CAST({_sql(member)} AS VARCHAR), {text_sql(NOT_STATED)})"

    def _day(self, part: str) -> str:
        typed = self._typed(part, DAYS)
        day = _sql(as_day(typed))
        self.types[f"_{part}"] = "DATE"
        return f"CAST({day} AS DATE)" if typed.kind is FormulaKind.NOTHING else day

    def _count(self, part: str) -> str:
        """A number that is never empty: true counts 1, what is not known adds nothing."""
        if getattr(self.query, part) is None:
            typed = Typed(exp.Literal.number(1), FormulaKind.WHOLE)
        else:
            typed = self._typed(part, COUNTS)
        sql = _sql(typed.sql)
        if typed.kind is FormulaKind.TRUTH:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        sql_type = MONEY if typed.kind is FormulaKind.DECIMAL else "BIGINT"
        self.types[f"_{part}"] = sql_type
        return f"CAST(COALESCE({sql}, 0) AS {sql_type})"

    def _typed(self, part: str, kinds: set[FormulaKind]) -> Typed:
        return self._formula(getattr(self.query, part), part, kinds)

    def _formula(self, text: str, part: str, kinds: set[FormulaKind]) -> Typed:
        typed = compile_formula(Source(text, part), self.scope, self.lookups, kinds)
        self.note([typed.sql, *self.lookups.asked])
        return typed

    def note(self, expressions: Iterable[exp.Expr]) -> None:
        for expression in expressions:
            for column in expression.find_all(exp.Column):
                if column.table in self.query.contracts:
                    self.read.add((column.table, column.name))


def text_sql(value: str) -> str:
    """A text literal of the engine's SQL."""
    return exp.Literal.string(value).sql(dialect=DIALECT)


def _sql(expression: exp.Expr) -> str:
    return expression.sql(dialect=DIALECT)


def _check_parts(query: Query) -> None:
    needed, allowed = PARTS[query.form]
    for part in _EVERY_PART:
        given = getattr(query, part) not in (None, ())
        if part in needed and not given:
            raise Invalid("formulas.part_missing", part=part, form=query.form)
        if given and part not in (*needed, *allowed):
            raise Invalid("formulas.part_unused", part=part, form=query.form)


def _check_names(query: Query) -> None:
    seen: set[str] = set()
    for name in [*(one.name for one in query.dimensions), *(one.name for one in query.exists)]:
        if not _NAME.fullmatch(name) or name in RESERVED | seen:
            raise Invalid("formulas.bad_name", name=name)
        seen.add(name)
