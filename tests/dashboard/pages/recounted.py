"""What the KPI pages should show, counted once more in plain pandas; and their charts, read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from sqlmodel import select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.store.tables import CalendarDay, Municipality, ServiceRule
from data.workspace import Workspace
from tests.dashboard.pages.measured import CUT, Tab, raw_applications
from tests.kpis import in_pandas
from tests.kpis.conftest import production

Recount = Mapping[tuple[str, str], in_pandas.Recomputed]


def recount(workspace: Workspace) -> Recount:
    """(KPI, line) -> its values by period and cell, from the rows behind the measured house."""
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        days = reader.all(select(CalendarDay).where(CalendarDay.kind == "holiday"))
        rules = reader.all(select(ServiceRule))
        places = reader.all(select(Municipality))
        world = in_pandas.World(
            holidays=[row.day for row in days],
            deadlines={(row.service_code, row.speed): row.deadline_days for row in rules},
            districts={row.code: row.district_code for row in places},
        )
    rows = raw_applications()
    return in_pandas.kpis(rows, production(rows, seed=12), world, CUT)


def by_member(
    recomputed: in_pandas.Recomputed, dimension: str, month: date
) -> dict[str, tuple[float, int]]:
    """Member -> value and cases of one month."""
    values = recomputed("month", (dimension,), date(2024, 1, 1), CUT)
    return {
        key[0]: (float(value), cases)
        for (start, key), (value, cases) in values.items()
        if start == month
    }


def in_month(recomputed: in_pandas.Recomputed, month: date) -> tuple[float, int]:
    """Value and cases of one month, of the whole agency."""
    value, cases = recomputed("month", (), date(2024, 1, 1), CUT)[month, ("", "")]
    return float(value), cases


def no_tests() -> pd.DataFrame:
    """The applications behind the house that are no tests."""
    rows = raw_applications()
    return rows[rows["is_test"].map(lambda test: test is not True)]


def charts(tab: Tab) -> dict[str, dict[str, Any]]:
    """The charts of a page by the end of their keys: plotly's own figures."""
    found = {}
    for element in tab.page.get("plotly_chart"):
        figure = json.loads(element.proto.spec)
        figure["alt"] = element.proto.alt
        found[element.proto.id.rpartition("-")[2]] = figure
    return found


def words_in(figure: Mapping[str, Any]) -> str:
    """Everything written in a chart."""
    notes = [note["text"] for note in figure["layout"].get("annotations", ())]
    ticks = list(figure["layout"].get("yaxis", {}).get("ticktext", ()))
    return "\n".join([*notes, *ticks])


def files_of(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Every file a page offers from now on, by its name, as the function that makes it."""
    offered: dict[str, Callable[[], bytes]] = {}

    def offer(_label: str, data: Callable[[], bytes], *, file_name: str, **_: Any) -> bool:
        offered[file_name] = data
        return False

    monkeypatch.setattr(st, "download_button", offer)
    return offered
