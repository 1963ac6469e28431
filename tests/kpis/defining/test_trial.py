"""A trial: the values a draft would have, against plain pandas; nothing is published by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlmodel import func, select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Invalid, NotFound, PermissionDenied
from data.figure import Missing
from data.store.tables import AuditEntry, StoredReading
from data.workspace import Workspace
from kpis.catalogue import Entry
from kpis.defining.document import entry_from
from kpis.defining.reading import read_one
from kpis.defining.trial import PERIODS, Trial, try_out
from kpis.defining.vocabulary import first_draft
from kpis.readings import refresh
from tests.kpis.conftest import Loads, applications, founded, settings_in

CUT = date(2025, 4, 20)
WORDS = dict.fromkeys(("sq", "sr", "en"), "words")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return applications(700, seed=23)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, rows: pd.DataFrame) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("trial"))))
    Loads(workspace).load("applications", rows, cut_off=CUT)
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    yield workspace
    workspace.database.dispose()


def draft(numerator: str = "speed = 'accelerated'", minimum: int = 0) -> Entry:
    """The share of accelerated applications among those decided in the month."""
    table = first_draft("applications")
    table |= {"code": "TR-01", "names": WORDS, "explanation": WORDS}
    table["queries"]["rows"] |= {"day": "date(decided_at)", "numerator": numerator}
    share = {"statistic": "share", "unit": "percent", "decimals": 1, "factor": 100}
    table["measures"][0] |= {**share, "minimum_cases": minimum}
    return entry_from(table)


def tried(told: Workspace, entry: Entry, by: Actor = SYSTEM) -> Trial:
    with told.read(by, Permission.KPI_DEFINE) as reader:
        return try_out(reader, entry)


def state(told: Workspace) -> tuple[int, int, set[Path]]:
    """Readings, audit entries, and every file of the extract store."""
    with told.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        readings = reader.first(select(func.count()).select_from(StoredReading))
        audited = reader.first(select(func.count()).select_from(AuditEntry))
    files = {path for path in told.settings.extracts.rglob("*") if path.is_file()}
    return readings or 0, audited or 0, files


def counted(rows: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Accelerated cases and all cases by month of the decision, from the raw rows."""
    real = rows[~rows["is_test"].fillna(False).astype(bool) & rows["decided_at"].notna()]
    months = real["decided_at"].dt.strftime("%Y-%m")
    fast = (real["speed"] == "accelerated").groupby(months).sum()
    return {str(month): (int(fast[month]), int(n)) for month, n in months.value_counts().items()}


def test_the_values_of_a_draft_are_those_plain_pandas_counts(
    told: Workspace, rows: pd.DataFrame
) -> None:
    found, by_month = tried(told, draft()), counted(rows)
    assert len(found.draft) == PERIODS
    assert found.draft[-1].period.start == date(2025, 4, 1)
    assert found.draft[-1].partial
    for reading in found.draft:
        fast, cases = by_month[reading.period.code]
        assert reading.figure.value == pytest.approx(100 * fast / cases)
    assert found.now == (None,) * PERIODS  # there is no such KPI


def test_too_few_cases_are_masked_as_they_are_when_published(
    told: Workspace, rows: pd.DataFrame
) -> None:
    by_month = counted(rows)
    limit = sorted(cases for _, cases in by_month.values())[len(by_month) // 2]
    found = tried(told, draft(minimum=limit))
    for reading in found.draft:
        few = by_month[reading.period.code][1] < limit
        assert (reading.figure.missing is Missing.TOO_FEW) == few
    assert {each.figure.missing for each in found.draft} == {None, Missing.TOO_FEW}


def test_what_is_published_stands_beside_it(told: Workspace) -> None:
    with told.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        found = tried(told, read_one(reader, "SD-06").entry)
    assert [one.figure for one in found.draft] == [one.figure for one in found.now if one]


def test_a_trial_leaves_nothing_behind(told: Workspace) -> None:
    before = state(told)
    tried(told, draft("speed = 'normal'"))
    assert state(told) == before


def test_a_trial_of_the_definition_in_force_keeps_what_it_leans_on(told: Workspace) -> None:
    before = state(told)
    with told.read(SYSTEM, Permission.KPI_DEFINE) as reader:
        tried(told, read_one(reader, "SD-06").entry)
    assert state(told) == before


def test_a_fault_an_unloaded_extract_and_a_stranger_are_refused(told: Workspace) -> None:
    with pytest.raises(Invalid, match="unknown_column"):
        tried(told, draft("nothing = 1"))
    unloaded = first_draft("payments") | {"code": "TR-02", "names": WORDS, "explanation": WORDS}
    with pytest.raises(NotFound, match="nothing_loaded"):
        tried(told, entry_from(unloaded))
    in_unit = (Grant(Role.KPI_OWNER, "O01", frozenset({"O01"})),)
    with pytest.raises(PermissionDenied):
        tried(told, draft(), by=Actor("o@example.org", "O", "en", in_unit))
