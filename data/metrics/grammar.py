"""From a parsed formula to typed SQL: every allowed kind of node, checked and made anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NoReturn

from sqlglot import exp

from data.metrics.formula import Scope, Source, parse
from data.metrics.functions import FUNCTIONS, IN_UTC, Typed, WrongArguments
from data.metrics.kinds import FormulaKind, common
from data.metrics.lookups import Lookups

MOST_DIGITS = 15
_ORDERED = {FormulaKind.WHOLE, FormulaKind.DECIMAL, FormulaKind.DAY, FormulaKind.MOMENT}
# Marks of the parser that change nothing here: both engines skip empty values in LEAST.
_HARMLESS = {"ignore_nulls", "is_nvl", "is_null"}


def compile_formula(
    source: Source, scope: Scope, lookups: Lookups, expected: Collection[FormulaKind]
) -> Typed:
    """The formula as typed SQL; `lookups` collects the joins it needs.

    Anything not allowed, unknown or of another kind than `expected` is Invalid("formulas....")
    with `part`, `position` and `text`, and the known `columns` or `functions` where they help.
    """
    tree = parse(source, scope.columns)
    return _Reader(source, scope, lookups).expect(tree, expected)


class _Reader:
    """Reads one formula."""

    def __init__(self, source: Source, scope: Scope, lookups: Lookups) -> None:
        self.source, self.scope, self.lookups = source, scope, lookups
        self.readers: dict[type[exp.Expr], Callable[[exp.Expr], Typed]] = {
            exp.Paren: lambda node: self.read(node.this),
            exp.Column: self.column,
            exp.Literal: self.literal,
            exp.Boolean: lambda node: Typed(exp.Boolean(this=node.this), FormulaKind.TRUTH),
            exp.Null: lambda _: Typed(exp.Null(), FormulaKind.NOTHING),
            exp.Cast: self.day,
            exp.Not: self.negation,
            exp.And: self.connection,
            exp.Or: self.connection,
            exp.Neg: self.minus,
            exp.Add: self.sum,
            exp.Sub: self.sum,
            exp.Mul: self.product,
            exp.Case: self.case,
            exp.In: self.membership,
            exp.Between: self.between,
            exp.Is: self.state,
            exp.Anonymous: self.function,
        }
        self.readers |= dict.fromkeys((exp.EQ, exp.NEQ), self.equality)
        self.readers |= dict.fromkeys((exp.LT, exp.LTE, exp.GT, exp.GTE), self.order)
        called = (
            exp.Date, exp.Coalesce, exp.Least, exp.Greatest, exp.Abs, exp.Hour, exp.AddMonths,
        )  # fmt: skip
        self.readers |= dict.fromkeys(called, self.function)

    def read(self, node: exp.Expr) -> Typed:
        """Any allowed node."""
        reader = self.readers.get(type(node))
        if reader is None and isinstance(node, exp.Func):
            self.unknown_function(node)
        if reader is None:
            self.source.refuse("formulas.not_allowed", node)
        return reader(node)

    def expect(self, node: exp.Expr, kinds: Collection[FormulaKind]) -> Typed:
        """A node that must give one of the kinds."""
        typed = self.read(node)
        if typed.kind not in kinds and typed.kind is not FormulaKind.NOTHING:
            self.source.refuse(
                "formulas.wrong_kind", node, expected=_in_order(kinds), found=typed.kind
            )
        return typed

    def only(self, node: exp.Expr, *parts: str) -> None:
        """Refuse a node that carries more than these parts."""
        if any(value for name, value in node.args.items() if name not in {*parts, *_HARMLESS}):
            self.source.refuse("formulas.not_allowed", node)

    def column(self, node: exp.Expr) -> Typed:
        relation, name, kind = self.named(node)
        return Typed(exp.column(name, table=relation, quoted=True), kind)

    def named(self, node: exp.Expr) -> tuple[str, str, FormulaKind]:
        self.only(node, "this", "table")
        found = self.scope.columns.get(_written(node))
        if found is None:
            known = tuple(sorted(self.scope.columns))
            near = self.source.near(node, known)
            self.source.refuse("formulas.unknown_column", node, columns=known, near=near)
        return found

    def literal(self, node: exp.Expr) -> Typed:
        if node.is_string:
            return Typed(exp.Literal.string(node.this), FormulaKind.TEXT)
        digits = node.this.replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            self.source.refuse("formulas.bad_number", node, limit=MOST_DIGITS)
        kind = FormulaKind.DECIMAL if "." in node.this else FormulaKind.WHOLE
        return Typed(exp.Literal.number(node.this), kind)

    def day(self, node: exp.Expr) -> Typed:
        """DATE '2025-01-31', the only cast there is."""
        self.only(node, "this", "to")
        if not (node.this.is_string and node.args["to"].is_type("DATE")):
            self.source.refuse("formulas.not_allowed", node)
        try:
            day = date.fromisoformat(node.this.this)
        except ValueError:
            self.source.refuse("formulas.bad_day", node)
        return Typed(exp.cast(exp.Literal.string(day.isoformat()), "DATE"), FormulaKind.DAY)

    def negation(self, node: exp.Expr) -> Typed:
        truth = self.expect(node.this, {FormulaKind.TRUTH})
        return Typed(exp.paren(exp.Not(this=truth.sql)), FormulaKind.TRUTH)

    def connection(self, node: exp.Expr) -> Typed:
        sides = [self.expect(side, {FormulaKind.TRUTH}) for side in _sides(node)]
        return _binary(node, sides, FormulaKind.TRUTH)

    def minus(self, node: exp.Expr) -> Typed:
        number = self.expect(node.this, {FormulaKind.WHOLE, FormulaKind.DECIMAL})
        return Typed(exp.paren(exp.Neg(this=number.sql)), number.kind)

    def sum(self, node: exp.Expr) -> Typed:
        """Number with number, or a day moved by whole days."""
        left, right = [self.read(side) for side in _sides(node)]
        if left.kind is FormulaKind.DAY and right.kind is FormulaKind.WHOLE:
            moved = Typed(exp.cast(right.sql, "INT"), FormulaKind.WHOLE)
            return _binary(node, [left, moved], FormulaKind.DAY)
        return self.product(node)

    def product(self, node: exp.Expr) -> Typed:
        numbers = {FormulaKind.WHOLE, FormulaKind.DECIMAL}
        sides = [self.expect(side, numbers) for side in _sides(node)]
        return _binary(node, sides, common([side.kind for side in sides]) or FormulaKind.DECIMAL)

    def equality(self, node: exp.Expr) -> Typed:
        sides = [self.read(side) for side in _sides(node)]
        if FormulaKind.NOTHING in {side.kind for side in sides}:
            self.source.refuse("formulas.equals_nothing", node)
        self.alike(_sides(node), sides)
        return _binary(node, sides, FormulaKind.TRUTH)

    def order(self, node: exp.Expr) -> Typed:
        sides = [self.expect(side, _ORDERED) for side in _sides(node)]
        self.alike(_sides(node), sides)
        return _binary(node, sides, FormulaKind.TRUTH)

    def alike(self, nodes: Sequence[exp.Expr], values: Sequence[Typed]) -> FormulaKind:
        """The one kind of values that are compared with, or stand for, each other."""
        kinds: list[FormulaKind] = []
        for node, value in zip(nodes, values, strict=True):
            kinds.append(value.kind)
            if common(kinds) is None:
                before = common(kinds[:-1]) or FormulaKind.NOTHING
                self.source.refuse(
                    "formulas.wrong_kind", node, expected=(before,), found=value.kind
                )
        return common(kinds) or FormulaKind.NOTHING

    def case(self, node: exp.Expr) -> Typed:
        self.only(node, "ifs", "default")
        branches = node.args["ifs"]
        conditions = [self.expect(branch.this, {FormulaKind.TRUTH}) for branch in branches]
        nodes = [branch.args["true"] for branch in branches]
        nodes.append(node.args.get("default") or exp.Null())
        values = [self.read(value) for value in nodes]
        kind = self.alike(nodes, values)
        result = exp.Case()
        for condition, value in zip(conditions, values, strict=False):
            result = result.when(condition.sql, value.sql)
        return Typed(exp.paren(result.else_(values[-1].sql)), kind)

    def membership(self, node: exp.Expr) -> Typed:
        """Only lists of values written out."""
        self.only(node, "this", "expressions")
        if not node.expressions:
            self.source.refuse("formulas.not_allowed", node)
        nodes = [node.this, *node.expressions]
        values = [self.read(one) for one in nodes]
        self.alike(nodes, values)
        value, *members = (one.sql for one in values)
        return Typed(exp.paren(exp.In(this=value, expressions=members)), FormulaKind.TRUTH)

    def between(self, node: exp.Expr) -> Typed:
        self.only(node, "this", "low", "high")
        nodes = [node.args[name] for name in ("this", "low", "high")]
        values = [self.expect(one, _ORDERED) for one in nodes]
        self.alike(nodes, values)
        value, low, high = (one.sql for one in values)
        return Typed(exp.paren(exp.Between(this=value, low=low, high=high)), FormulaKind.TRUTH)

    def state(self, node: exp.Expr) -> Typed:
        """IS NULL, IS TRUE, IS FALSE."""
        sides = [self.read(side) for side in _sides(node)]
        if type(node.args["expression"]) not in (exp.Null, exp.Boolean):
            self.source.refuse("formulas.not_allowed", node)
        self.alike(_sides(node), sides)
        return _binary(node, sides, FormulaKind.TRUTH)

    def function(self, node: exp.Expr) -> Typed:
        self.only(node, "this", "expression", "expressions")
        name, given = _call(node)
        build = FUNCTIONS.get(name)
        if build is None:
            self.unknown_function(node)
        read = self.instant if name in IN_UTC else self.read
        try:
            return build([read(one) for one in given], self.lookups)
        except WrongArguments as wrong:
            self.source.refuse(
                "formulas.wrong_arguments", node, function=name, expected=wrong.expected
            )

    def unknown_function(self, node: exp.Expr) -> NoReturn:
        known = tuple(FUNCTIONS)
        near = self.source.near(node, known)
        self.source.refuse("formulas.unknown_function", node, functions=known, near=near)

    def instant(self, node: exp.Expr) -> Typed:
        """A column that is kept in UTC too, by its UTC companion."""
        if not isinstance(node, exp.Column) or _written(node) not in self.scope.instants:
            self.source.refuse(
                "formulas.not_instant", node, columns=tuple(sorted(self.scope.instants))
            )
        relation, name, _ = self.named(node)
        return Typed(exp.column(f"{name}_utc", table=relation, quoted=True), FormulaKind.MOMENT)


def _written(node: exp.Expr) -> str:
    return ".".join(part.name for part in (node.args.get("table"), node.this) if part).lower()


def _call(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """The name and the arguments of a function, whether the parser knew it or not."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), node.expressions
    first = [one for one in (node.this, node.args.get("expression")) if one is not None]
    named = node.sql_name() if isinstance(node, exp.Func) else type(node).__name__
    return named.lower(), [*first, *node.expressions]


def _sides(node: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    return node.this, node.args["expression"]


def _binary(node: exp.Expr, sides: Sequence[Typed], kind: FormulaKind) -> Typed:
    left, right = (side.sql for side in sides)
    return Typed(exp.paren(type(node)(this=left, expression=right)), kind)


def _in_order(kinds: Collection[FormulaKind]) -> tuple[FormulaKind, ...]:
    return tuple(kind for kind in FormulaKind if kind in kinds)
