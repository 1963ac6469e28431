"""The one query that reads a table of texts as rows of a contract and judges every row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.extracts import codes, parsing, personal_data, reasons, times, vocabulary
from data.extracts.column_parsing import Parsing
from data.extracts.contracts import Column, ColumnType, Contract
from data.extracts.profile import Profile, ProfileColumn
from data.extracts.reading.containers import Kind
from data.extracts.reading.table import TextTable
from data.extracts.reasons import Terms
from data.extracts.sql import listed, literal, name

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
PERSONAL = "personal data"


@dataclass(frozen=True, slots=True)
class Query:
    """The parts of SQL that the passes over one file share."""

    table: TextTable
    profile: Profile
    parsings: Mapping[str, Parsing]  # of the columns the file holds
    agency_zone: str

    @property
    def contract(self) -> Contract:
        return self.profile.contract

    def judged(self, source: str, *, keep: str = "") -> str:
        """A SELECT of every row: its values v_*, and `_total`, `_bad`, `_personal`, `_troubled`.

        `source` gives the cells c0, c1 ...; `keep` names further columns of it to carry along.
        """
        kept = f"{keep}, " if keep else ""
        texts = [f"{self._cleaned(p)} AS {self.terms(p).text}" for p in self.parsings.values()]
        parsed = [self._parsed(column) for column in self.contract.columns]
        values = [f"{self._value(c)} AS {_value_name(c)}" for c in self.contract.columns]
        first = (
            f"SELECT {kept}{', '.join(texts)}, {self._is_total()} AS _total "
            f"FROM {source} WHERE {self._is_row()}"
        )
        second = f"SELECT *, {', '.join(parsed)} FROM ({first})"
        third = f"SELECT *, {', '.join(values)} FROM ({second})"
        fourth = f"SELECT *, {self._lost()} AS _lost FROM ({third})"
        fifth = f"SELECT *, {self._bad()} AS _bad, {self._personal()} AS _personal FROM ({fourth})"
        return f"SELECT *, _total OR _bad OR {self._noted()} AS _troubled FROM ({fifth})"

    def stored(self) -> list[tuple[str, str]]:
        """(column of a batch file, its value in a judged row)."""
        plain = [(column.name, _value_name(column)) for column in self.contract.columns]
        instants = [
            (column.utc_name, self._instant(column))
            for column in self.contract.columns
            if column.instant
        ]
        return [*plain, *instants]

    def kept(self) -> str:
        """The columns of a batch file, the key empty where a row needs a second look.

        Personal data stops everything at once: not even the row before it is kept.
        """
        key, columns = self.contract.key[0], []
        judged = (
            f"CASE WHEN _personal THEN error({literal(PERSONAL)}) "
            f"WHEN NOT _troubled THEN {name(f'v_{key}')} END"
        )
        for column, value in self.stored():
            columns.append(f"{judged if column == key else value} AS {name(column)}")
        return ", ".join(columns)

    def header(self, column: str) -> str:
        """What the file calls a column of the contract; nothing where it has none."""
        position = self.table.headers.sources.get(column)
        return "" if position is None else self.table.headers.headers[position]

    def terms(self, one: Parsing) -> Terms:
        column = one.column.name
        return Terms(name(f"t_{column}"), name(f"p_{column}"), name(f"v_{column}"))

    def personal_by_column(self) -> dict[str, str]:
        """Column to the SQL that finds personal data in it."""
        found = {}
        for one in self.parsings.values():
            test = personal_data.is_personal_sql(
                one, self.terms(one).text, has_plus=self.table.has_plus, has_at=self.table.has_at
            )
            if test:
                found[one.column.name] = f"coalesce({test}, false)"
        return found

    def bad_by_column(self) -> dict[str, str]:
        """Column to the SQL that finds its value bad."""
        found = {
            one.column.name: test
            for one in self.parsings.values()
            if (test := reasons.is_bad_sql(one, self.terms(one), has_plus=self.table.has_plus))
        }
        if len(self.contract.opening) > 1:
            first = self.contract.opening[0]
            undated = f"{self._opening()} IS NULL"
            found[first] = f"({found.get(first, 'false')} OR {undated})"
        return found

    def noted_by_column(self) -> dict[str, str]:
        """Column to the SQL that finds a sentinel date in it."""
        return {
            one.column.name: _sentinel_dropped(one, self.terms(one))
            for one in self.parsings.values()
            if one.column.type.is_time and one.formats.sentinels
        }

    def _cleaned(self, one: Parsing) -> str:
        return parsing.text_sql(one, f"c{self.table.headers.sources[one.column.name]}")

    def _parsed(self, column: Column) -> str:
        target = name(f"p_{column.name}")
        one = self.parsings.get(column.name)
        if one is not None:
            return f"{parsing.value_sql(one, self.terms(one).text)} AS {target}"
        constant = self.profile.constants.get(column.name)
        value = "NULL" if constant is None else literal(constant)
        return f"CAST({value} AS {column.type.sql}) AS {target}"

    def _value(self, column: Column) -> str:
        parsed = name(f"p_{column.name}")
        one = self.parsings.get(column.name)
        if column.name == self.contract.test:
            return self._is_test(parsed)
        if one is not None and column.type.is_time:
            return times.in_range_sql(one, parsed)
        return parsed

    def _is_test(self, flag: str) -> str:
        """Flagged, or named like a test, or of a training office."""
        rules, tests = self.profile.test, [f"coalesce({flag}, false)"]
        searched = [c for c in rules.columns or self.contract.key if c in self.parsings]
        if rules.words:
            words = "|".join(re.escape(word) for word in _with_bare(rules.words))
            pattern = literal(f"(?i)(^|[^\\pL])({words})([^\\pL]|$)")
            tests += [_holds_word(name(f"t_{c}"), rules.words, pattern) for c in searched]
        for column, values in rules.values.items():
            tests.append(f"coalesce({name(f'p_{column}')} IN ({listed(values)}), false)")
        return " OR ".join(tests)

    def _is_row(self) -> str:
        """A row of empty cells only is no row."""
        cells = sorted({f"c{position}" for position in self.table.headers.sources.values()})
        return f"coalesce({', '.join(cells)}) IS NOT NULL"

    def _is_total(self) -> str:
        """Whether the row is a sum: a label in the first column of the file or in the key."""
        if not self.profile.totals:
            return "false"
        sources = self.table.headers.sources
        cells = {0, *(sources[column] for column in self.contract.key if column in sources)}
        pattern = total_pattern(self.profile)
        tests = [f"coalesce(regexp_matches(c{cell}, {pattern}), false)" for cell in sorted(cells)]
        return " OR ".join(tests)

    def _lost(self) -> str:
        """Whether any text gave no value: only then can it be unreadable, or a sentinel."""
        tests = [
            f"({self.terms(one).value} IS NULL AND {self.terms(one).text} IS NOT NULL)"
            for one in self.parsings.values()
            if reasons.can_fail(one)
        ]
        return " OR ".join(tests) or "false"

    def _bad(self) -> str:
        """Quick for the rows without fault, which are nearly all."""
        limits = [
            test
            for one in self.parsings.values()
            if (test := reasons.is_beyond_sql(one, self.terms(one), has_plus=self.table.has_plus))
        ]
        every = " OR ".join(self.bad_by_column().values()) or "false"
        quick = " OR ".join(limits) or "false"
        return f"CASE WHEN _lost OR {self._missing()} THEN {every} ELSE {quick} END"

    def _missing(self) -> str:
        needed = [one for one in self.contract.columns if one.required]
        tests = [f"{_value_name(column)} IS NULL" for column in needed]
        return " OR ".join([*tests, f"{self._opening()} IS NULL"])

    def _noted(self) -> str:
        """Whether a row has a sentinel date, or dates in the wrong order."""
        sentinels = " OR ".join(self.noted_by_column().values()) or "false"
        orders = [self.contract.order_sql(*pair, prefix="v_") for pair in self.contract.orders]
        return " OR ".join([f"CASE WHEN _lost THEN {sentinels} ELSE false END", *orders])

    def _personal(self) -> str:
        return " OR ".join(self.personal_by_column().values()) or "false"

    def _opening(self) -> str:
        dates = [name(f"v_{column}") for column in self.contract.opening]
        if self.contract.column(self.contract.opening[0]).type is ColumnType.INT:
            return f"make_date({dates[0]}, 1, 1)"
        casts = [f"CAST({day} AS DATE)" for day in dates]
        return casts[0] if len(casts) == 1 else f"coalesce({', '.join(casts)})"

    def _instant(self, column: Column) -> str:
        one, value = self.parsings.get(column.name), _value_name(column)
        if one is None:
            return "CAST(NULL AS TIMESTAMP)"
        return times.instant_sql(one, self.terms(one).text, value)


def make_query(
    table: TextTable,
    profile: Profile,
    agency_zone: str,
    references: Mapping[str, frozenset[str]],
) -> Query:
    """The query for this file."""
    parsings = {}
    for column in profile.contract.columns:
        mapped = profile.column(column.name)
        if mapped is not None and column.name in table.headers.sources:
            allowed = codes.allowed_codes(column, profile, references)
            parsings[column.name] = _parsing(column, mapped, table, profile, agency_zone, allowed)
    return Query(table, profile, parsings, agency_zone)


def total_pattern(profile: Profile) -> str:
    """An SQL pattern for the label of a row of sums."""
    labels = "|".join(re.escape(label) for label in _with_bare(profile.totals))
    return literal(f"^\\s*(?i:{labels})([^\\pL]|$)")


def _parsing(
    column: Column,
    mapped: ProfileColumn,
    table: TextTable,
    profile: Profile,
    agency_zone: str,
    allowed: frozenset[str] | None,
) -> Parsing:
    return Parsing(
        column=column,
        mapped=mapped,
        formats=profile.formats,
        agency_zone=agency_zone,
        allowed=allowed,
        from_sheet=table.kind is Kind.XLSX,
        epoch=EPOCH_1904 if table.epoch_1904 else EPOCH_1900,
        blanks=table.blanks,
    )


def _holds_word(text: str, words: tuple[str, ...], pattern: str) -> str:
    """Whether a text holds a word by itself; first letters are looked for first, being quick."""
    stems = {word.upper()[:4] for word in words}
    likely = " OR ".join(f"contains(upper({text}), {literal(stem)})" for stem in sorted(stems))
    return f"CASE WHEN {likely} THEN regexp_matches({text}, {pattern}) ELSE false END"


def _sentinel_dropped(one: Parsing, terms: Terms) -> str:
    dropped = f"{terms.value} IS NULL AND {terms.parsed} IS NOT NULL"
    return f"CASE WHEN {dropped} THEN {times.is_sentinel_sql(one, terms.parsed)} ELSE false END"


def _value_name(column: Column) -> str:
    return name(f"v_{column.name}")


def _with_bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """Each word as given and without its accents."""
    return tuple(dict.fromkeys(form for word in words for form in (word, vocabulary.fold(word))))
