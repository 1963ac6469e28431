"""Small files, checked the way a load checks them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest

from data.errors import ExtractRejected
from data.extracts.checking import CheckedFile, Declared, check_file
from data.extracts.profile import Profile
from data.extracts.profile_files import read_profile
from data.extracts.profiles import load_profiles

ZONE = ZoneInfo("Europe/Belgrade")
HEAD = "application_id,service_code,office_code,submitted_at,decided_at,ready_at,decision"
ROW = "A-1,PASSPORT,PR-1,2025-03-03 09:00:00,2025-03-05 10:00:00,2025-03-06 11:00:00,approved"
PROFILE = """
id = "office-export"
contract = "applications"
version = 1
duplicates = "newest_updated"
scope = "changes"
"""
COLUMNS = """
[columns.application_id]
headers = ["application_id"]
[columns.service_code]
headers = ["service_code"]
[columns.office_code]
headers = ["office_code"]
[columns.submitted_at]
headers = ["submitted_at"]
[columns.decided_at]
headers = ["decided_at"]
[columns.ready_at]
headers = ["ready_at"]
[columns.decision]
headers = ["decision"]
"""

AMOUNTS = "Nr. i pagesës;Shuma;Paguar më;Statusi\n"
KOSOVAR = """
id = "payments-export"
contract = "payments"
version = 1
duplicates = "reject"
scope = "changes"
[file]
separators = [";"]
[formats]
decimal = ","
thousands = "."
currency = ["€", "EUR"]
[columns.payment_id]
headers = ["Nr. i pagesës"]
[columns.amount_eur]
headers = ["Shuma"]
[columns.paid_at]
headers = ["Paguar më"]
[columns.status]
headers = ["Statusi"]
[totals]
labels = ["Totali", "Ukupno", "Total"]
"""


@dataclass
class Desk:
    """Checks one file after the other in a folder of its own."""

    folder: Path
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def check(
        self,
        content: str | bytes,
        profile: Profile | str = "applications-native",
        *,
        name: str = "file.csv",
        declared: Declared | None = None,
        threshold: float = 1.0,
    ) -> CheckedFile:
        """Check a file with this content; the threshold lets everything through unless given."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.check_path(path, profile, declared=declared, threshold=threshold)

    def check_path(
        self,
        path: Path,
        profile: Profile | str = "applications-native",
        *,
        declared: Declared | None = None,
        threshold: float = 1.0,
    ) -> CheckedFile:
        staging = self.staging
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        found = load_profiles(None).get(profile) if isinstance(profile, str) else profile
        return check_file(
            path,
            file_name=path.name,
            profile=found,
            staging=staging,
            zone=ZONE,
            codes=self.codes,
            declared=declared or Declared(),
            threshold=threshold,
            progress=None,
        )

    @property
    def staging(self) -> Path:
        return self.folder / "staging"

    def profile(self, *parts: str, columns: str = COLUMNS) -> Profile:
        """A profile of the applications contract with these TOML parts added."""
        path = self.folder / "profile.toml"
        tops = [part for part in parts if not part.lstrip().startswith("[")]
        tables = [part for part in parts if part.lstrip().startswith("[")]
        path.write_text("\n".join([PROFILE, *tops, columns, *tables]), encoding="utf-8")
        return read_profile(path)


def rows(checked: CheckedFile) -> pd.DataFrame:
    """The accepted rows, by their key."""
    files = str(checked.accepted / "*" / "*.parquet")
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [files]).df()
    return found.sort_values(list(checked.contract.key), ignore_index=True)


def listed(path: Path | None) -> list[dict[str, Any]]:
    """The lines of a list of rows."""
    assert path is not None
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, line, strict=True)) for line in found.fetchall()]


def notes(checked: CheckedFile) -> dict[str, Mapping[str, Any]]:
    """Note key without its room to values."""
    return {note.key.removeprefix("extracts.note."): note.values for note in checked.notes}


def table(*lines: str, head: str = HEAD) -> str:
    """Lines of a CSV under a header."""
    return "\n".join([head, *lines]) + "\n"


def numbered(number: int, **changes: str) -> str:
    """A good line with another number and these values changed."""
    values = dict(zip(HEAD.split(","), ROW.split(","), strict=True))
    values |= {"application_id": f"A-{number}"} | changes
    return ",".join(values.values())


def refusal(act: Callable[[], object]) -> ExtractRejected:
    """What refuses the file."""
    with pytest.raises(ExtractRejected) as caught:
        act()
    return caught.value


def payments(desk: Desk, *amounts: str, total: str = "") -> CheckedFile:
    """A file of payments as a Kosovar spreadsheet writes them."""
    path = desk.folder / "payments.toml"
    path.write_text(KOSOVAR, encoding="utf-8")
    lines = [f"P-{n};{amount};2025-03-03 09:00:00;paid" for n, amount in enumerate(amounts)]
    return desk.check(AMOUNTS + "\n".join([*lines, total]) + "\n", read_profile(path))
