"""KPIs as YAML: there and back without a change, and nothing taken that is not meant."""

from __future__ import annotations

import time
from dataclasses import fields, replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Invalid
from data.metrics.query import Query
from kpis.catalogue import catalogue
from kpis.defining import schema
from kpis.defining.document import entry_from, read_documents, table_of, write_documents
from kpis.defining.rules import faults_of, require_sound
from kpis.defining.vocabulary import contracts, first_draft
from kpis.defining.yaml_tree import LARGEST
from kpis.definitions import Words
from kpis.entered import Entered
from kpis.measures import Measure
from kpis.variation import ChartSettings

FIRST = catalogue()[0]
TEXT = write_documents([FIRST])


def test_what_is_written_and_read_again_is_the_same_to_the_last_character() -> None:
    text = write_documents(catalogue())
    back = read_documents(text)
    assert [one.entry.definition.code for one in back] == [e.definition.code for e in catalogue()]
    for entry, placed in zip(catalogue(), back, strict=True):
        assert placed.entry == replace(entry, target=None)
        assert placed.entry.definition.content_hash == entry.definition.content_hash
    assert write_documents(one.entry for one in back) == text


def test_any_other_reader_of_yaml_reads_the_same() -> None:
    documents = list(yaml.safe_load_all(write_documents(catalogue())))
    assert documents == [table_of(entry) for entry in catalogue()]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_any_text_survives_the_way_there_and_back(text: str) -> None:
    words = Words(text, "no", "1.5")
    entry = replace(FIRST, definition=replace(FIRST.definition, names=words))
    (back,) = read_documents(write_documents([entry]))
    assert back.entry.definition.names == words


def test_every_part_of_a_definition_can_be_said() -> None:
    """A part that no key says could be neither exported nor imported."""
    for shape, parts in (
        (schema.QUERY, Query),
        (schema.MEASURE, Measure),
        (schema.CHART, ChartSettings),
        (schema.ENTERED, Entered),
    ):
        assert {*shape.required, *shape.optional} == {one.name for one in fields(parts)}


def test_a_target_of_a_file_is_read_and_left_alone_by_the_export() -> None:
    told = TEXT + "target: {high: 10, source: Board, assumption: false}\n"
    (placed,) = read_documents(told)
    assert placed.entry.target is not None
    assert placed.entry.target.high == 10
    assert "target" not in table_of(placed.entry)


@pytest.mark.parametrize(
    ("change", "key", "line", "path"),
    [
        (("challenge: 3", "chalenge: 3"), "key_unknown", 2, "chalenge"),
        (("challenge: 3\n", ""), "key_missing", 1, "challenge"),
        (("challenge: 3", "challenge: three"), "type.whole", 2, "challenge"),
        (("challenge: 3", "challenge: 3.0"), "type.whole", 2, "challenge"),
        (("challenge: 3", "challenge: true"), "type.whole", 2, "challenge"),
        (("challenge: 3", "challenge: 0x3"), "type.whole", 2, "challenge"),
        (("scorecard: true", "scorecard: yes"), "type.truth", 4, "scorecard"),
        (("direction: lower", "direction: down"), "no_choice", 5, "direction"),
        (("names:\n", "names: []\nold:\n"), "key_unknown", 8, "old"),
        (
            ("    form: histogram", "    form: [histogram]"),
            "type.text",
            22,
            "queries.turnaround.form",
        ),
        (
            ("    - reason: test", "    - reason: 5"),
            "type.text",
            24,
            "queries.turnaround.inclusions.0.reason",
        ),
        (
            ("      condition: NOT", "      conditions: NOT"),
            "key_unknown",
            25,
            "queries.turnaround.inclusions.0.conditions",
        ),
    ],
)
def test_a_fault_is_told_with_line_and_path(
    change: tuple[str, str], key: str, line: int, path: str
) -> None:
    assert change[0] in TEXT
    with pytest.raises(Invalid) as refused:
        read_documents(TEXT.replace(*change, 1))
    assert refused.value.key == f"defining.refused.{key}"
    assert (refused.value.values["line"], refused.value.values["path"]) == (line, path)


def test_a_misspelt_key_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(Invalid) as refused:
        read_documents(TEXT.replace("frequency:", "frequencies:"))
    assert refused.value.values["near"][0] == "frequency"


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "nothing_there"),
        ("---\n---\n", "nothing_there"),
        ("- a\n- b\n", "type.mapping"),
        ("just words", "type.mapping"),
        ("a: b: c", "unreadable"),
        ("a: [1, 2", "unreadable"),
        ("a: '", "unreadable"),
        ("\0", "unreadable"),
        ("a: \a", "unreadable"),
        ("\t- a", "unreadable"),
        (BOMB, "alias"),
        ("a: &x 1\nb: *x", "alias"),
        ("<<: {code: x}", "key_unknown"),
        ("a: !!python/object/apply:os.system ['true']", "alias"),
        ("!!map {code: x}", "alias"),
        ("code: !!str x", "alias"),
        ("a: 1\na: 2", "key_twice"),
        ("? [a, b]\n: 1", "key_no_text"),
        ("1: 2", "key_no_text"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "too_deep"),
        ("a: " + "{b: " * 200 + "1" + "}" * 200, "too_deep"),
        ("a:\n" + "- x\n" * 60_000, "too_many"),
        ("a: '" + "x" * LARGEST + "'", "too_large"),
        (f"{TEXT}---\n{TEXT}", "code_twice"),
        (TEXT.replace("statistic: median", "statistic: share"), "whole"),
        (TEXT.replace("trend_length: 7", "trend_length: 3"), "whole"),
        (TEXT.replace("query: turnaround", "query: other"), "whole"),
    ],
    ids=range(27),
)
def test_what_is_no_kpi_is_refused_soon(text: str, key: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(Invalid) as refused:
        read_documents(text)
    assert refused.value.key == f"defining.refused.{key}"
    assert time.perf_counter() - begun < 5


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    at=st.integers(0, len(TEXT)),
    out=st.integers(0, 30),
    put=st.sampled_from(
        ["", "&a ", "*a", "!!int ", "\n", "  ", ": ", "- ", "[", "}", "'", '"', "#"]
    ),
)
def test_a_damaged_text_is_refused_at_a_place_or_means_a_kpi(at: int, out: int, put: str) -> None:
    text = TEXT[:at] + put + TEXT[at + out :]
    try:
        (placed, *_) = read_documents(text)
    except Invalid as refused:
        line = refused.values.get("line", 1)
        assert 1 <= line <= text.count("\n") + 1
    else:
        faults_of(placed.entry)  # whatever it means, it can be said what is wrong with it


@pytest.mark.parametrize("name", contracts())
def test_a_first_draft_over_any_extract_lacks_only_its_words(name: str) -> None:
    table = first_draft(name)
    faults = faults_of(entry_from(table))
    assert {fault.path.split(".")[0] for fault in faults} == {"code", "names", "explanation"}
    said = dict.fromkeys(("sq", "sr", "en"), "words")
    require_sound(entry_from({**table, "code": "XX-01", "names": said, "explanation": said}))


def test_bounds_are_told_by_their_path() -> None:
    text = TEXT.replace("challenge: 3", "challenge: 6").replace("decimals: 1", "decimals: 12")
    (placed,) = read_documents(text.replace("code: SD-01", "code: sd 01"))
    found = {fault.path: fault.refusal.key for fault in faults_of(placed.entry)}
    assert found == {
        "code": "defining.refused.code",
        "challenge": "defining.refused.bounds",
        "measures.0.decimals": "defining.refused.bounds",
    }
    assert placed.line_of("measures.0.decimals") == text.split("\n").index("  decimals: 12") + 1


def test_every_kpi_of_the_catalogue_is_sound() -> None:
    for entry in catalogue():
        require_sound(entry)
