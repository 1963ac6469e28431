"""Formulas: a small, checked subset of SQL, read with sqlglot and rebuilt node by node.

What is allowed: columns of the contract and of joined contracts, literals, comparisons, AND, OR,
NOT, + - *, CASE, COALESCE, IN, BETWEEN, IS NULL, and the functions of `data.metrics.functions`.
Nothing of the text reaches the engine: the SQL is made anew from what was understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from sqlglot import Token, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError

from data.errors import Invalid
from data.metrics.kinds import FormulaKind
from data.metrics.lookups import DIALECT

LONGEST = 2_000  # characters
MOST_TOKENS = 400
DEEPEST = 40  # levels of the parsed formula
MOST_NEAR = 3  # names offered in place of one that is not known
_WORD = re.compile(r"[\w.]+")
_SIGNS = {
    TokenType.VAR,
    TokenType.IDENTIFIER,
    TokenType.STRING,
    TokenType.NUMBER,
    TokenType.L_PAREN,
    TokenType.R_PAREN,
    TokenType.COMMA,
    TokenType.DOT,
    TokenType.EQ,
    TokenType.NEQ,
    TokenType.LT,
    TokenType.LTE,
    TokenType.GT,
    TokenType.GTE,
    TokenType.PLUS,
    TokenType.DASH,
    TokenType.STAR,
    TokenType.AND,
    TokenType.OR,
    TokenType.NOT,
    TokenType.IN,
    TokenType.BETWEEN,
    TokenType.IS,
    TokenType.NULL,
    TokenType.TRUE,
    TokenType.FALSE,
    TokenType.CASE,
    TokenType.WHEN,
    TokenType.THEN,
    TokenType.ELSE,
    TokenType.END,
    TokenType.DATE,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns a formula may name: as written, e.g. 'ready_at' or 'applications.is_test'.

    `columns` maps the written name to (relation, column, kind); `instants` are the written names
    that have a UTC companion.
    """

    columns: Mapping[str, tuple[str, str, FormulaKind]]
    instants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a formula, and which part of a query it is, to point at when it is refused."""

    text: str
    part: str = ""  # such as numerator, or the name of a dimension

    def refuse(self, key: str, at: exp.Expr | int, **values: Any) -> NoReturn:
        """Raise Invalid with `position` (1 = first character) and the `text` found there.

        `line` and `column` say the same place, each counted from 1; it is never beyond the end.
        """
        start = min(at if isinstance(at, int) else _start(at), len(self.text))
        found = self.text[start : start + 30].split("\n")[0]
        before = self.text[:start]
        place = {"line": before.count("\n") + 1, "column": start - before.rfind("\n")}
        raise Invalid(key, part=self.part, position=start + 1, text=found, **place, **values)

    def near(self, at: exp.Expr, known: Collection[str]) -> tuple[str, ...]:
        """The known names most like the word found there."""
        word = _WORD.match(self.text, _start(at))
        return near(word.group(), known) if word else ()


def near(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The known names most like a word, the likest first."""
    return tuple(get_close_matches(word.lower(), sorted(known), MOST_NEAR))


def parse(source: Source, columns: Collection[str]) -> exp.Expr:
    """The formula as a tree; Invalid when it is no single expression or exceeds a limit.

    Words that SQL reserves may be used where they are names of columns.
    """
    if len(source.text) > LONGEST:
        source.refuse("formulas.too_long", LONGEST, limit=LONGEST)
    tokens = _tokens(source)
    if not tokens:
        source.refuse("formulas.empty", 0)
    if len(tokens) > MOST_TOKENS:
        source.refuse("formulas.too_many_parts", tokens[MOST_TOKENS].start, limit=MOST_TOKENS)
    names = {part for column in columns for part in column.split(".")}
    for token in tokens:
        _check_token(source, token, names)
    tree = _tree(source, tokens)
    deepest = max(tree.walk(), key=lambda node: node.depth)
    if deepest.depth > DEEPEST:
        source.refuse("formulas.too_deep", deepest, limit=DEEPEST)
    return tree


def _tokens(source: Source) -> list[Token]:
    try:
        return list(Dialect.get_or_raise(DIALECT).tokenize(source.text))
    except SqlglotError:
        source.refuse("formulas.unreadable", 0)


def _check_token(source: Source, token: Token, names: Collection[str]) -> None:
    if token.comments:
        source.refuse("formulas.comment", token.start)
    if token.token_type not in _SIGNS and token.text.lower() not in names:
        source.refuse("formulas.not_allowed", token.start)


def _tree(source: Source, tokens: list[Token]) -> exp.Expr:
    try:
        trees = Dialect.get_or_raise(DIALECT).parser().parse(tokens, source.text)
    except RecursionError:
        source.refuse("formulas.too_deep", 0, limit=DEEPEST)
    except ParseError as error:
        source.refuse("formulas.unreadable", _index(source.text, error))
    if len(trees) != 1 or trees[0] is None:
        source.refuse("formulas.unreadable", 0)
    return trees[0]


def _index(text: str, error: ParseError) -> int:
    """Where in the text the parser stumbled, counted from 0."""
    place = error.errors[0] if error.errors else {}
    before = text.split("\n")[: max(place.get("line") or 1, 1) - 1]
    column = (place.get("col") or 1) - len(place.get("highlight") or "")
    return max(sum(len(line) + 1 for line in before) + column, 0)


def _start(node: exp.Expr) -> int:
    """Where the leftmost part of a node stands in the text."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return min(starts, default=0)
