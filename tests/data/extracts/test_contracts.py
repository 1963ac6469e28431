"""The contracts are those of the domain, and nothing in them can be misspelt unnoticed."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from data.errors import Invalid, NotFound
from data.extracts import vocabulary
from data.extracts.contracts import FOLDER, ColumnType, all_contracts, contract, read_contract

CONTRACTS = [one.name for one in all_contracts()]


def test_all_extracts_of_the_domain_are_there_with_their_columns(shared: Path) -> None:
    domain = yaml.safe_load((shared / "domain" / "extracts.yaml").read_text())["extracts"]
    assert sorted(CONTRACTS) == sorted(domain)
    for name, told in domain.items():
        found = contract(name)
        assert list(found.names) == list(told["columns"])
        assert list(found.key) == told["key"]
        for column, said in told["columns"].items():
            kind, _, codes = said.partition(":")
            assert found.column(column).type == kind.split(",")[0].split()[0], (name, column)
            listed = tuple(one.strip() for one in codes.split("|") if "|" in codes)
            assert found.column(column).codes == tuple(c for c in listed if c != "empty")


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_row_states_its_key_and_can_be_placed_in_time(name: str) -> None:
    found = contract(name)
    assert all(found.column(column).required for column in found.key)
    assert found.opening
    if len(found.opening) == 1:
        assert found.column(found.opening[0]).required
    assert all(found.column(column).type.is_time for column in found.closing)
    columns = ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in found.stored)
    with duckdb.connect() as connection:
        query = f"SELECT typeof({found.opening_date_sql}) FROM (SELECT {columns})"
        assert connection.execute(query).fetchone() == ("DATE",)


def test_instants_are_stored_twice() -> None:
    stored = dict(contract("it_incidents").stored)
    assert stored["opened_at"] == stored["opened_at_utc"] == "TIMESTAMP"
    assert "due_date_utc" not in dict(contract("applications").stored)


def test_no_header_means_two_columns_of_a_contract() -> None:
    for one in all_contracts():
        owners: dict[str, str] = {}
        for name in one.names:
            for word in (name, *vocabulary.header_aliases(name)):
                for form in vocabulary.forms(word):
                    assert owners.setdefault(form, name) == name, (one.name, word)


def test_every_column_has_names_in_three_languages() -> None:
    for one in all_contracts():
        for name in one.names:
            assert len(vocabulary.header_aliases(name)) >= 3, name


def test_every_vocabulary_word_leads_to_a_code_somewhere(shared: Path) -> None:
    columns = [column for one in all_contracts() for column in one.columns]
    for dimension, words in vocabulary._values().items():
        known = {code for c in columns if c.dimension == dimension for code in c.codes}
        assert set(words.values()) <= known, dimension
    official = (shared / "domain" / "municipalities.csv").read_text(encoding="utf-8")
    for line in official.splitlines()[1:]:
        code, albanian, serbian, *_ = line.split(",")
        for name in (albanian, serbian):
            forms = vocabulary._municipalities()
            ambiguous = vocabulary.fold(name) == "mitrovice"
            assert (forms.get(vocabulary.fold(name)) == code) != ambiguous, name


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("version = 1", "version = 1\nshape = 2"), "extracts.definition.unknown_key"),
        (("required = true", "requird = true"), "extracts.definition.unknown_key"),
        (('type = "id"', 'type = "uuid"'), "extracts.definition.unknown_choice"),
        (("version = 1", 'version = "1"'), "extracts.definition.wrong_type"),
        (('key = ["application_id"]', 'key = ["id"]'), "extracts.definition.unknown_column"),
        (('key = ["application_id"]', 'key = ["channel"]'), "extracts.definition.key_not_required"),
        (("version = 1\n", ""), "extracts.definition.missing_key"),
        (("version = 1", "version = "), "extracts.definition.not_toml"),
    ],
)
def test_faults_are_named(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    path = tmp_path / "applications.toml"
    shutil.copy(FOLDER / "applications.toml", path)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(Invalid) as caught:
        read_contract(path)
    assert (caught.value.key, caught.value.values["file"]) == (key, "applications.toml")


def test_unknown_names_are_not_found() -> None:
    with pytest.raises(NotFound):
        contract("visas")
    with pytest.raises(NotFound):
        contract("sms").column("sender")
    assert contract("population_reference").column("year").type is ColumnType.INT
