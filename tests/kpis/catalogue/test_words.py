"""Whatever a definition of the catalogue names, a person finds in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from data.extracts.contracts import contract
from data.language.check import all_texts
from data.language.languages import Language
from kpis.catalogue import Entry, catalogue
from kpis.definitions import HEADLINE

# Services are named by the agency; P1 to P4 are their own names.
NAMED_ELSEWHERE = {"service", "priority"}
ENTRIES = [pytest.param(entry, id=entry.definition.code) for entry in catalogue()]


@cache
def texts_of(language: Language) -> Mapping[str, str]:
    return all_texts(language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("entry", ENTRIES)
def test_breakdowns_lines_and_reasons_have_words(entry: Entry, language: Language) -> None:
    texts = texts_of(language)
    assert [key for key in keys(entry) if key not in texts] == []


def keys(entry: Entry) -> Iterator[str]:
    formula = entry.definition.formula
    yield from (f"kpis.measure.{one.name}" for one in formula.measures if one.name != HEADLINE)
    for query in formula.queries.values():
        yield from (f"kpis.dimension.{dimension.name}" for dimension in query.dimensions)
        yield from (f"kpis.excluded.{inclusion.reason}" for inclusion in query.inclusions)


@pytest.mark.parametrize("entry", ENTRIES)
def test_members_of_closed_lists_have_words(entry: Entry) -> None:
    texts = texts_of(Language.SQ)
    for query in entry.definition.formula.queries.values():
        columns = {column.name: column for column in contract(query.contract).columns}
        for dimension in query.dimensions:
            if dimension.name in NAMED_ELSEWHERE or dimension.formula not in columns:
                continue
            for member in columns[dimension.formula].codes:
                assert f"kpi_member.{dimension.name}.{member}" in texts
