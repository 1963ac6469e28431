"""Every text is there in all three languages, alike, and every key the code names exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.figure import Missing, Unit
from data.language import check
from data.language.compile import compile_catalogues
from data.language.languages import Language
from data.language.texts import Texts, catalogue
from data.period import Frequency

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(folder: Path, language: str, domain: str, texts: dict[str, str]) -> Path:
    file = folder / language / "LC_MESSAGES" / f"{domain}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in texts.items())
    file.write_text(HEADER + body, encoding="utf-8")
    return file


def write_all(folder: Path, **texts: dict[str, str]) -> None:
    for language in Language:
        write(folder, language, "room", texts.get(language, texts.get("all", {})))


def test_catalogues_are_complete_and_alike() -> None:
    assert list(check.catalogue_faults()) == []


def test_every_key_in_the_code_has_its_text() -> None:
    uses = [use for file in check.sources() for use in check.uses_in(file)]
    assert list(check.code_faults(check.all_texts(Language.EN), uses)) == []


@pytest.mark.parametrize("language", Language)
def test_every_member_of_the_shared_enumerations_has_a_word(language: Language) -> None:
    texts = Texts(language)
    for member in (*Unit, *Missing, *Frequency, *Language):
        assert texts.word(member)


@pytest.mark.parametrize("language", Language)
def test_compiled_texts_are_the_written_ones(language: Language) -> None:
    assert dict(catalogue(language)) == check.all_texts(language)


def test_a_missing_translation_is_named(tmp_path: Path) -> None:
    write_all(tmp_path, en={"a.b": "x"}, sq={"a.b": "x"}, sr={"a.b": ""})
    assert list(check.catalogue_faults(tmp_path)) == ["room: a.b has no text in sr"]


def test_different_placeholders_are_named(tmp_path: Path) -> None:
    write_all(tmp_path, en={"a.b": "{n} x"}, sq={"a.b": "{n} x"}, sr={"a.b": "{m} x"})
    assert list(check.catalogue_faults(tmp_path)) == [
        "room: a.b has different placeholders (sq: n; sr: m; en: n)"
    ]


@pytest.mark.parametrize("text", ["{n.real}", "{n:>9}", "{n!r}", "{n[0]}", "{", "{}"])
def test_a_placeholder_that_is_more_than_a_name_is_a_fault(tmp_path: Path, text: str) -> None:
    write_all(tmp_path, all={"a.b": text})
    assert any("plain {names}" in fault for fault in check.catalogue_faults(tmp_path))


def test_a_key_claimed_by_two_domains_is_a_fault(tmp_path: Path) -> None:
    write_all(tmp_path, all={"a.b": "x"})
    for language in Language:
        write(tmp_path, language, "another", {"a.b": "x"})
    assert list(check.catalogue_faults(tmp_path)) == ["a.b stands in another, room"]


def test_keys_are_found_where_code_takes_them(tmp_path: Path) -> None:
    code = tmp_path / "page.py"
    code.write_text(
        'texts.text("a.one", count=3)\n'
        'raise Invalid("a.two")\n'
        'Page(title_key="a.three")\n'
        'button(key="a.widget")\n'
        'texts.text("a.yes" if good else "a.no", **values)\n'
        'texts.counted("a.rows", 3)\n'
        'column(foreign_key="table.code")\n'
        'sqlalchemy.text("SELECT 1")\n'
    )
    found = {use.key: use.given for use in check.uses_in(code, tmp_path)}
    assert found == {
        "a.one": frozenset({"count"}),
        "a.two": frozenset(),
        "a.three": None,
        "a.yes": None,
        "a.no": None,
        "a.rows.one": None,
        "a.rows.few": None,
        "a.rows.other": None,
    }


def test_a_value_the_code_forgets_is_named() -> None:
    uses = [check.Use("a.b", "page.py:1", frozenset({"x"})), check.Use("a.c", "page.py:2", None)]
    assert list(check.code_faults({"a.b": "{x} {y}"}, uses)) == [
        "page.py:1: a.b lacks y",
        "page.py:2: no text for a.c",
    ]


def test_unused_keys_are_named(tmp_path: Path) -> None:
    room = tmp_path / "reports"
    room.mkdir()
    (room / "page.py").write_text(
        'show("a.whole")\nshow(f"made.{word}")\nclass MyWord(StrEnum): ...\n'
    )
    keys = ["a.whole", "a.counted.few", "made.up", "my_word.member", "never.used"]
    assert check.unused_keys(keys, tmp_path) == ["a.counted.few", "never.used"]


def test_compiling_follows_edits_and_removals(tmp_path: Path) -> None:
    source = write(tmp_path, "en", "room", {"a.b": "ë ç š"})
    target = source.with_suffix(".mo")
    assert compile_catalogues(tmp_path) == [target]
    assert compile_catalogues(tmp_path) == []
    source.unlink()
    assert compile_catalogues(tmp_path) == []
    assert not target.exists()
