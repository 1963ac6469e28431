"""A measured house, built once a run, and browser tabs in which the real shell draws its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import shell
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.people import add_first_administrator
from data.signing_in import sign_in
from data.store.tables import Objective
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.defining.actions import assign_kpi
from kpis.readings import refresh
from kpis.targets.actions import set_target
from tests.built_once import copy_of
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import (
    OFFICES,
    Loads,
    applications,
    founded,
    open_offices,
    production,
    settings_in,
)

SCRIPT = "from dashboard.shell import run; run()"
VIEWER, MANAGER, STEWARD = "viewer@example.org", "manager@example.org", "steward@example.org"
CUT = date(2025, 4, 20)
OBJECTIVES = {"3.1": "Ready within the deadline", "3.2": "Right the first time"}
RIGHT_FIRST_TIME = ("SD-06", "SD-07")


def measured(factory: pytest.TempPathFactory) -> Workspace:
    """A house with 16 months of random applications, measured; everybody who asks shares it."""
    home = factory.getbasetemp() / "measured"
    if not home.exists():
        copy_of(factory, "measured", _build).rename(home)
    return Workspace.open(settings_in(home))


def _build(home: Path) -> None:
    workspace = founded(Workspace.open(settings_in(home)))
    open_offices(workspace, OFFICES)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    for email, role in (
        (VIEWER, Role.VIEWER),
        (MANAGER, Role.MANAGER),
        (STEWARD, Role.DATA_STEWARD),
    ):
        join(workspace, email, role, WHOLE_AGENCY)
    _charge(workspace)
    rows = raw_applications()
    loads = Loads(workspace)
    loads.load("applications", rows, cut_off=CUT)
    loads.load("production", production(rows, seed=12), cut_off=CUT)
    set_target(
        workspace,
        by=SYSTEM,
        code="SD-06",
        target=Target(low=20.0, source="Agreed", assumption=False),
        valid_from=date(2025, 1, 1),
        reason="within reach",
    )
    refresh(workspace, by=SYSTEM)
    workspace.database.dispose()


def raw_applications() -> pd.DataFrame:
    """The rows behind the house."""
    return applications(1500, seed=11)


def _charge(workspace: Workspace) -> None:
    """Two objectives, and who owns what."""
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        for place, (code, name) in enumerate(OBJECTIVES.items()):
            named = {f"name_{language}": name for language in ("sq", "sr", "en")}
            values = {"code": code, "challenge": 3, "position": place, **named}
            change.add(Objective.model_validate(values))
        change.record(AuditTag.REFERENCE_CHANGED, noun="objective", noun_id="two")
    for number in range(1, 8):
        code = f"SD-{number:02}"
        mine = code in RIGHT_FIRST_TIME
        assign_kpi(
            workspace,
            by=SYSTEM,
            code=code,
            objective_code="3.2" if mine else "3.1",
            owner_email=STEWARD if mine else MANAGER,
        )


def rounded(value: float, decimals: int = 1) -> str:
    """A number half up, by another way than the product's."""
    step = Decimal(1).scaleb(-decimals)
    return str(Decimal(str(round(value, 9))).quantize(step, ROUND_HALF_UP))


class Tab:
    """A browser tab of somebody on a page of the real shell."""

    def __init__(
        self,
        workspace: Workspace,
        monkeypatch: pytest.MonkeyPatch,
        page: str,
        *,
        email: str = MANAGER,
        **parameters: str,
    ) -> None:
        monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
        token = sign_in(workspace, email=email, password=PASSWORD).token
        monkeypatch.setattr(shell, "session_token", lambda *_: token)
        self.page = AppTest.from_string(SCRIPT, default_timeout=60)
        self.page._page_hash = calc_hash(page)
        for name, value in parameters.items():
            self.page.query_params[name] = value
        self.run()

    def run(self) -> None:
        self.page.run()
        assert not self.page.exception

    @property
    def said(self) -> str:
        """Everything the page says, as one text, without drawings and Markdown's escapes."""
        kinds = ("title", "subheader", "markdown", "caption", "warning", "error", "success")
        words = [element.value for kind in kinds for element in getattr(self.page, kind)]
        words += [link.label for link in self.links]
        words += [button.label for button in self.page.button]
        return words_of(words)

    @property
    def links(self) -> list[Any]:
        """The links within the tab: label, page, query_string."""
        return [element.proto for element in self.page.get("page_link")]

    @property
    def addresses(self) -> list[str]:
        return [f"{link.page}?{link.query_string}" for link in self.links]

    @property
    def table(self) -> pd.DataFrame:
        """The table as it is read: no drawings, no links, no Markdown."""
        return self.page.table[0].value.map(lambda cell: words_of([cell]))

    def choose(self, key: str, value: object) -> None:
        self.page.selectbox(key=key).set_value(value).run()
        assert not self.page.exception


def words_of(texts: Iterable[str]) -> str:
    """Markdown as somebody hears it."""
    text = "\n".join(texts)
    text = re.sub(r"!\[(.*?)\]\(data:[^)]*\)\s*", "", text)
    text = re.sub(r"\[(.*?)\]\([^)]*\)", r"\1", text)
    text = re.sub(r":(?:small|gray)\[|\](?=\]|$|\s)", "", text)
    return text.replace("\\", "").replace("**", "").strip()
