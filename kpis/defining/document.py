"""KPIs as YAML and back: the structure of the catalogue's files, one document a KPI.

What is exported and read again is the same to the last character of each formula. The day from
which a version is valid, its author and its reason belong to the version, not to the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from data.errors import Invalid
from kpis.catalogue import Entry, entry_of
from kpis.defining import schema, yaml_tree
from kpis.defining.yaml_tree import Scalar, Tree
from kpis.definitions import LANGUAGES, Words
from kpis.variation import PRODUCT, ChartSettings

ALWAYS_TOLD = ("trend_length", "shift_length", "minimum_points")  # of the chart
_NEEDS_QUOTES = re.compile(r"['\"]")
_WIDTH = 100_000  # no line is broken: a formula stays on one


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that was read, and where each of its values stands."""

    entry: Entry
    tree: Tree

    def line_of(self, path: str) -> int:
        """The line of the value at a path such as 'queries.cases.day', or of what is nearest."""
        tree = self.tree
        for step in path.split("."):
            found = _child(tree, step)
            if found is None:
                break
            tree = found
        return tree.line


def _child(tree: Tree, step: str) -> Tree | None:
    if isinstance(tree, yaml_tree.Mapping):
        return tree.items.get(step)
    if isinstance(tree, yaml_tree.Sequence) and step.isdigit() and int(step) < len(tree.items):
        return tree.items[int(step)]
    return None


def read_documents(text: str) -> tuple[Placed, ...]:
    """The KPIs a text defines; the first fault of its structure is Invalid, with its place."""
    found = [_placed(tree) for tree in yaml_tree.read_trees(text) if not _is_empty(tree)]
    if not found:
        raise Invalid("defining.refused.nothing_there")
    seen: set[str] = set()
    for one in found:
        code = one.entry.definition.code
        if code in seen:
            schema.refuse("defining.refused.code_twice", one.tree, "code", code=code)
        seen.add(code)
    return tuple(found)


def _is_empty(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.value is None


def _placed(tree: Tree) -> Placed:
    table = schema.kpi(tree)
    try:
        return Placed(entry_of(table), tree)
    except Invalid as fault:
        schema.refuse("defining.refused.whole", tree, "", code=table["code"], fault=fault)


def entry_from(table: Mapping[str, Any]) -> Entry:
    """The KPI a table of the structure means, as strictly as if it were read from a file."""
    (placed,) = read_documents(_dumped(table))
    return placed.entry


def write_documents(entries: Iterable[Entry]) -> str:
    """The KPIs as YAML, one document each."""
    return "---\n".join(_dumped(table_of(entry)) for entry in entries)


def write_table(table: Mapping[str, Any]) -> str:
    """A table of the structure as YAML, whether it means a KPI or not yet."""
    return _dumped(table)


def table_of(entry: Entry) -> dict[str, Any]:
    """The KPI as a table of the catalogue's structure, without its target."""
    definition = entry.definition
    formula = definition.formula
    table: dict[str, Any] = {
        "code": definition.code,
        "challenge": entry.challenge,
        "position": entry.position,
        "scorecard": entry.scorecard,
        "direction": definition.direction.value,
        "frequency": definition.frequency.value,
        "open_rows": formula.open_rows,
        "entered": _plain(formula.entered.to_json()) if formula.entered else None,
        "names": _words(definition.names),
        "explanation": _words(definition.explanation),
        "chart": _chart(definition.chart),
    }
    if not formula.entered:
        table["queries"] = {name: _plain(one.to_json()) for name, one in formula.queries.items()}
        table["measures"] = [dict(_measure(one.to_json())) for one in formula.measures]
    return {name: value for name, value in table.items() if value is not None}


def _words(words: Words) -> dict[str, str]:
    return {language: getattr(words, language) for language in LANGUAGES}


def _chart(settings: ChartSettings) -> dict[str, Any]:
    """The settings that are not as usual, and those that every file of the catalogue names."""
    usual = PRODUCT.to_dict()
    return {
        name: value
        for name, value in settings.to_dict().items()
        if name in ALWAYS_TOLD or value != usual.get(name, False)
    }


def _measure(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A measure without what goes without saying."""
    usual = {"factor": 1, "minimum_cases": 0, "needs_open_rows": False}
    for name, value in document.items():
        if usual.get(name, ...) != value:
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    """Lists for tuples, plain words for members of enumerations, nothing for what is not said."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if one is not False}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


class _Dumper(yaml.SafeDumper):
    """Writes formulas in double quotes where they hold quotes, and no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _NEEDS_QUOTES.search(text) or yaml_tree.is_more_than_text(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(table: Mapping[str, Any]) -> str:
    said = yaml.dump(
        dict(table), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2
    )
    return str(said)
