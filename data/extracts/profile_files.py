"""Reads profile files: strict, with every fault named by file, setting and what to do."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from data.extracts import contracts, profile_rules, strict_toml, vocabulary
from data.extracts.contracts import Contract
from data.extracts.profile import (
    ISO,
    CutOff,
    Duplicates,
    FileRules,
    Formats,
    Profile,
    ProfileColumn,
    TrialRules,
    Zone,
)
from data.extracts.strict_toml import Table

FOLDER = Path(__file__).with_name("profiles")
NATIVE = "native.toml"
KINDS = ("csv", "xlsx")
ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1252")
LANGUAGES = ("sq", "sr", "en")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_DATE_PARTS = re.compile(r"%[-]?[a-zA-Z]|[^%]")


def read_profile(path: Path, *, built_in: bool = False) -> Profile:
    """The profile of a file; Invalid names the setting that is wrong."""
    table = strict_toml.read(path)
    profile_id = table.text("id")
    if not _ID.fullmatch(profile_id):
        raise table.fault("extracts.definition.bad_id", "id", value=profile_id)
    titles = _titles(table)
    contract = _contract(table)
    columns = tuple(_column(contract, name, part) for name, part in table.tables("columns").items())
    return _profile(table, profile_id, titles, contract, columns, _hash(path), built_in=built_in)


def native_id(contract: Contract) -> str:
    """What the native profile of a contract is called."""
    return f"{contract.name}-native"


@cache
def native_profile(contract: Contract) -> Profile:
    """The profile of files written in the contract's own words."""
    path = FOLDER / NATIVE
    columns = tuple(
        ProfileColumn(name, (name, *vocabulary.header_aliases(name))) for name in contract.names
    )
    digest = hashlib.sha256(f"{_hash(path)} {columns!r} {contract!r}".encode()).hexdigest()
    table, own_id = strict_toml.read(path), native_id(contract)
    return _profile(table, own_id, {}, contract, columns, digest, built_in=True)


def _profile(
    table: Table,
    profile_id: str,
    titles: dict[str, str],
    contract: Contract,
    columns: tuple[ProfileColumn, ...],
    digest: str,
    *,
    built_in: bool,
) -> Profile:
    cut_off = table.table("cut_off")
    profile = Profile(
        id=profile_id,
        titles=titles,
        contract=contract,
        version=table.number("version"),
        columns=columns,
        file=_file_rules(table.table("file")),
        formats=_formats(table.table("formats")),
        constants=table.mapping("constants"),
        dropped=_list(table.table("dropped"), "headers"),
        test=_test_rules(contract, table.table("test")),
        totals=_list(table.table("totals"), "labels"),
        duplicates=Duplicates(table.choice("duplicates", [rule.value for rule in Duplicates])),
        scope=table.choice("scope", ["full", "changes"]),
        cut_off=tuple(
            CutOff(rule)
            for rule in cut_off.choices(
                "rules",
                [rule.value for rule in CutOff],
                (CutOff.EXTRACTED_AT.value, CutOff.LATEST_TIMESTAMP.value),
            )
        ),
        cut_off_pattern=_pattern(cut_off),
        cut_off_format=cut_off.text("format", "%Y%m%d"),
        open_rows=table.flag("open_rows", default=True),
        bad_row_limit=table.share("bad_row_limit"),
        built_in=built_in,
        hash=digest,
    )
    cut_off.finish()
    table.finish()
    profile_rules.verify(profile, table)
    return profile


def _titles(table: Table) -> dict[str, str]:
    if table.is_text("title"):
        return {"": table.text("title")}
    titles = table.mapping("title")
    for language in titles:
        if language not in LANGUAGES:
            raise table.fault(
                "extracts.definition.unknown_choice", "title", value=language, known=LANGUAGES
            )
    return titles


def _contract(table: Table) -> Contract:
    known = tuple(contract.name for contract in contracts.all_contracts())
    return contracts.contract(table.choice("contract", known))


def _file_rules(table: Table) -> FileRules:
    plain = FileRules()
    rules = FileRules(
        kinds=table.choices("kinds", KINDS, plain.kinds),
        names=table.texts("names"),
        encodings=table.choices("encodings", ENCODINGS, plain.encodings),
        separators=table.texts("separators", plain.separators),
        quote=table.text("quote", plain.quote),
        header_row=table.number("header_row", plain.header_row),
        header_rows=table.number("header_rows", plain.header_rows),
        sheet=table.optional_text("sheet"),
    )
    for setting, signs in (("separators", rules.separators), ("quote", (rules.quote,))):
        if not signs or any(len(sign) != 1 for sign in signs):
            raise table.fault("extracts.definition.one_sign", setting)
    for setting, number in (("header_row", rules.header_row), ("header_rows", rules.header_rows)):
        if number < 1:
            raise table.fault("extracts.definition.from_one", setting)
    table.finish()
    return rules


def _formats(table: Table) -> Formats:
    formats = Formats(
        date=_format(table, "date"),
        timestamp=_format(table, "timestamp"),
        zone=Zone(table.choice("zone", [zone.value for zone in Zone], Zone.LOCAL.value)),
        decimal=table.choice("decimal", [".", ","], "."),
        thousands=table.choice("thousands", ["", ".", ",", " ", "'"], ""),
        currency=table.texts("currency"),
        true=table.texts("true", ("true",)),
        false=table.texts("false", ("false",)),
        missing=table.texts("missing"),
        sentinels=table.dates("sentinels"),
        serial_dates=table.flag("serial_dates"),
    )
    if formats.decimal == formats.thousands:
        raise table.fault("extracts.definition.same_marks", "thousands")
    table.finish()
    return formats


def _format(table: Table, setting: str) -> str:
    return _checked_format(table, setting, table.text(setting, ISO))


def _checked_format(table: Table, setting: str, value: str) -> str:
    """A format must place day, month and year, or it would guess them."""
    parts = {part.replace("-", "") for part in _DATE_PARTS.findall(value) if part[0] == "%"}
    named = parts & {"%b", "%B", "%m"} and parts & {"%Y", "%y"} and "%d" in parts
    if value != ISO and not (named or {"%Y"} == parts or {"%Y", "%m"} == parts):
        raise table.fault("extracts.definition.bad_format", setting, value=value)
    return value


def _column(contract: Contract, name: str, table: Table) -> ProfileColumn:
    if name not in contract.names:
        raise table.fault("extracts.definition.unknown_column", "headers", column=name)
    optional = table.optional_text("format")
    zone = table.optional_text("zone")
    if zone is not None and zone not in {kind.value for kind in Zone}:
        known = tuple(kind.value for kind in Zone)
        raise table.fault("extracts.definition.unknown_choice", "zone", value=zone, known=known)
    column = ProfileColumn(
        name=name,
        headers=table.texts("headers"),
        format=None if optional is None else _checked_format(table, "format", optional),
        zone=None if zone is None else Zone(zone),
        values=table.mapping("values"),
        filled=table.optional_text("filled"),
        whole=table.flag("whole"),
        digits_ok=table.flag("digits_ok"),
        unchecked=table.flag("unchecked"),
    )
    if not column.headers:
        raise table.fault("extracts.definition.missing_key", "headers")
    profile_rules.verify_values(contract.column(name), column, table)
    table.finish()
    return column


def _test_rules(contract: Contract, table: Table) -> TrialRules:
    rules = TrialRules(
        words=table.texts("words"),
        columns=table.choices("columns", contract.names),
        values=table.lists("values"),
    )
    for name in rules.values:
        if name not in contract.names:
            raise table.fault("extracts.definition.unknown_column", "values", column=name)
    table.finish()
    return rules


def _list(table: Table, setting: str) -> tuple[str, ...]:
    """The one list a small table holds."""
    found = table.texts(setting)
    table.finish()
    return found


def _pattern(table: Table) -> str | None:
    pattern = table.optional_text("file_name")
    if pattern is None:
        return None
    try:
        named = "date" in re.compile(pattern).groupindex
    except re.error as error:
        raise table.fault(
            "extracts.definition.bad_pattern", "file_name", detail=str(error)
        ) from error
    if not named:
        raise table.fault("extracts.definition.bad_pattern", "file_name", detail="(?P<date>...)")
    return pattern


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
