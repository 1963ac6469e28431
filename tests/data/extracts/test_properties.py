"""Whatever a file holds: every row has a fate, and no accepted value is other than written."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ExtractRejected
from data.extracts import vocabulary
from tests.data.extracts.checks import Desk, rows

HEAD = ("payment_id", "fee_code", "method", "amount_eur", "paid_at", "status", "reconciled_at")
METHODS = ("cash", "bank_slip", "card_pos", "online", "mobile")
STATUSES = ("paid", "refunded", "failed", "pending")

texts = st.text(alphabet="AZaz09ëšж ,;\"'\n-_.=", max_size=6)
moments = st.datetimes(
    datetime.fromisoformat("1999-01-01"), datetime.fromisoformat("2025-12-31")
).map(lambda one: one.replace(microsecond=0).isoformat(" "))
amounts = st.decimals(-(10**9), 10**9, places=2).map(str)
odd = st.sampled_from(
    ["", " ", "-", "NULL", "soon", "2025-02-30", "31.12.2024", "1,5", "1e3", "0x1"]
)


def row(keys: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(
        keys | odd,
        texts,
        st.sampled_from(METHODS) | odd,
        amounts | odd,
        moments | odd,
        st.sampled_from(STATUSES) | odd,
        moments | odd,
    )


files = st.lists(row(st.integers(1, 12).map(lambda n: f"P{n}")), min_size=1, max_size=25)


@settings(deadline=None, max_examples=40)
@given(lines=files)
def test_every_row_has_a_fate_and_no_accepted_value_is_changed(
    lines: list[tuple[str, ...]],
) -> None:
    stated = [line for line in lines if any(value != "" for value in cleaned(line, blanks=False))]
    expected = survivors(lines)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        if not expected:
            with pytest.raises(ExtractRejected, match=r"no_rows|no_cut_off"):
                desk.check(written(lines), "payments-native")
            return
        checked = desk.check(written(lines), "payments-native")
        found = rows(checked)
    assert checked.counts.read == len(stated)
    assert checked.counts.accepted == len(expected)
    assert list(found["payment_id"]) == sorted(expected)
    for values in found.to_dict("records"):
        assert tuple(value_of(values[name]) for name in HEAD) in expected[values["payment_id"]]


@settings(deadline=None, max_examples=200)
@given(text=st.text(alphabet="abzABZëËçšŠčćžđĐЂђљЉџЏж 019_-.,'\"/()áö", max_size=12))
def test_words_are_folded_alike_in_python_and_in_the_engine(text: str) -> None:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {vocabulary.fold_sql('?')}", [text]).fetchone()
    assert found == (vocabulary.fold(text),)


def written(lines: list[tuple[str, ...]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEAD)
    writer.writerows(lines)
    return target.getvalue()


def cleaned(line: tuple[str, ...], *, blanks: bool = True) -> tuple[str, ...]:
    """Texts without blanks around them and without words for "not stated"."""
    silent = {"", "NULL", "-"}
    if not blanks:
        return tuple("" if value in silent else value for value in line)
    bare = [value.strip(" \t\r\n\u00a0") if " " in value else value for value in line]
    return tuple("" if value in silent else value for value in bare)


def plainly(line: tuple[str, ...]) -> tuple[Any, ...] | None:
    """The line read without the product; None when any value cannot be."""
    key, fee, method, amount, paid, status, reconciled = cleaned(line)
    try:
        values = (
            key,
            fee or None,
            one_of(method, METHODS),
            read(amount, decimal),
            read(paid, moment),
            one_of(status, STATUSES),
            read(reconciled, moment),
        )
    except ValueError:
        return None
    return values if key and paid and status else None


def read(text: str, parse: Callable[[str], Any]) -> Any:
    return parse(text) if text else None


def decimal(text: str) -> Decimal:
    if not text.lstrip("-").replace(".", "", 1).isdigit():
        raise ValueError(text)
    return Decimal(text)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the local clock


def one_of(text: str, codes: tuple[str, ...]) -> str | None:
    if text and text not in codes:
        raise ValueError(text)
    return text or None


def survivors(lines: list[tuple[str, ...]]) -> dict[str, set[tuple[Any, ...]]]:
    """Key to its one version; keys whose rows contradict each other have none."""
    versions: dict[str, set[tuple[Any, ...]]] = {}
    for line in lines:
        if values := plainly(line):
            versions.setdefault(values[0], set()).add(values)
    return {key: found for key, found in versions.items() if len(found) == 1}


def value_of(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return Decimal(str(value)) if isinstance(value, float | Decimal) else value
