"""Rows of other contracts beside a row of the root: at most one joined, or whether any exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.errors import Invalid
from data.metrics.formula import Scope, Source
from data.metrics.grammar import compile_formula
from data.metrics.history import Shape
from data.metrics.kinds import OF_TYPE, FormulaKind
from data.metrics.lookups import DIALECT, Lookups
from data.metrics.query import Existence, Join, Query

FOUND = "_found"  # the column that answers an existence


@dataclass(frozen=True, slots=True)
class Answer:
    """A compiled existence: the condition, and the reference tables it looks into."""

    existence: Existence
    condition: str
    lookups: str
    asked: Lookups


def scope_of(query: Query, shapes: Mapping[str, Shape]) -> Scope:
    """Root columns by bare and full names, joined ones by full names, existences by their own."""
    contracts = [query.contract, *(join.contract for join in query.joins)]
    columns, instants = _columns(query.contract, contracts, shapes)
    columns |= {one.name: (one.name, FOUND, FormulaKind.TRUTH) for one in query.exists}
    return Scope(columns, instants)


def answers(query: Query, shapes: Mapping[str, Shape]) -> Iterator[Answer]:
    """The existences of a query, compiled."""
    for one in query.exists:
        lookups = Lookups()
        source, scope = Source(one.condition, one.name), existence_scope(query, one, shapes)
        typed = compile_formula(source, scope, lookups, {FormulaKind.TRUTH})
        lookups.asked.append(typed.sql)
        yield Answer(one, typed.sql.sql(dialect=DIALECT), lookups.joins(), lookups)


def existence_scope(query: Query, one: Existence, shapes: Mapping[str, Shape]) -> Scope:
    """The columns the condition of an existence may name: of the root and of the other."""
    return Scope(*_columns(query.contract, [query.contract, one.contract], shapes))


def _columns(
    root: str, contracts: list[str], shapes: Mapping[str, Shape]
) -> tuple[dict[str, tuple[str, str, FormulaKind]], frozenset[str]]:
    columns: dict[str, tuple[str, str, FormulaKind]] = {}
    instants: set[str] = set()
    for contract in sorted(contracts):
        shape = shapes[contract]
        for prefix in ("", f"{contract}.") if contract == root else (f"{contract}.",):
            columns |= {
                f"{prefix}{name}": (contract, name, OF_TYPE[type_])
                for name, type_ in shape.columns.items()
            }
            instants |= {f"{prefix}{name}" for name in shape.instants}
    return columns, frozenset(instants)


def join_sql(root: str, join: Join, relations: Mapping[str, str]) -> str:
    """The LEFT JOIN of at most one row."""
    meets = _meets(root, join.contract, join.on)
    return f'LEFT JOIN {relations[join.contract]} AS "{join.contract}" ON {meets}'


def answer_sql(root: Shape, answer: Answer, relations: Mapping[str, str]) -> str:
    """The LEFT JOIN of the roots for which an existence holds: each once, so no row multiplies."""
    one, contract = answer.existence, root.contract
    keys = ", ".join(f'"{contract}"."{key}"' for key in root.key)
    same = _meets(contract, one.name, {key: key for key in root.key})
    return f"""LEFT JOIN (
    SELECT DISTINCT {keys}, TRUE AS "{FOUND}"
    FROM {relations[contract]} AS "{contract}"
    JOIN {relations[one.contract]} AS "{one.contract}" ON {_meets(contract, one.contract, one.on)}
    {answer.lookups}
    WHERE {answer.condition}
) AS "{one.name}" ON {same}"""


def _meets(left: str, right: str, on: Mapping[str, str]) -> str:
    return " AND ".join(
        f'"{left}"."{column}" = "{right}"."{other}"' for column, other in sorted(on.items())
    )


def check_beside(query: Query, shapes: Mapping[str, Shape]) -> None:
    """Refuse contracts unknown or named twice, joins not by the whole key, columns that are not."""
    joined = [join.contract for join in query.joins]
    named = [query.contract, *joined, *(one.contract for one in query.exists)]
    for contract in named:
        if contract not in shapes:
            raise Invalid("formulas.unknown_contract", contract=contract, known=tuple(shapes))
        if named.count(contract) > 1:
            raise Invalid("formulas.joined_twice", contract=contract)
    root = shapes[query.contract]
    for join in query.joins:
        whole_key = sorted(join.on.values()) == sorted(shapes[join.contract].key)
        if not (whole_key and set(join.on) <= set(root.columns)):
            raise Invalid("formulas.join_not_by_key", contract=join.contract)
    for one in query.exists:
        known = set(shapes[one.contract].columns)
        if not (one.on and set(one.on) <= set(root.columns) and set(one.on.values()) <= known):
            raise Invalid("formulas.existence_without_columns", contract=one.contract)
