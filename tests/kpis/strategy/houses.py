"""A house with KPIs and people, in which the strategy is written."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.access.permissions import Permission
from data.access.roles import Role
from data.people import add_first_administrator
from data.records import Kept, read_one
from data.workspace import Workspace
from kpis.definitions import Words
from kpis.strategy.actions import draft_edition, keep_link, keep_objective, keep_perspective
from kpis.strategy.record import EDITION, CauseLink, Edition, Perspective, StrategyObjective
from kpis.strategy.rule import Rule
from tests.begun import begun, with_kpis
from tests.house import ADMIN, PASSWORD, actor, join

MANAGER, OWNER, VIEWER = "manager@example.org", "owner@example.org", "viewer@example.org"
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


def words(text: str) -> Words:
    return Words(f"{text} sq", f"{text} sr", text)


def objective(code: str, *kpis: str, **said: Any) -> StrategyObjective:
    """An objective of the perspective P1 that is sound unless told otherwise."""
    given: dict[str, Any] = {
        "code": code,
        "names": words(f"Objective {code}"),
        "description": words(""),
        "perspective": "P1",
        "challenge": 3,
        "owner": OWNER,
        "first_day": FIRST,
        "last_day": LAST,
        "position": int(code.partition(".")[2] or 0),
        "kpis": kpis,
        "rule": Rule(),
    }
    return StrategyObjective(**given | said)


def people_house(workspace: Workspace) -> Workspace:
    """KPIs of the catalogue, a manager, an owner and somebody who only looks."""

    def make() -> None:
        with_kpis(workspace)
        add_first_administrator(
            workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD
        )
        join(workspace, MANAGER, Role.MANAGER)
        join(workspace, OWNER, Role.KPI_OWNER)
        join(workspace, VIEWER, Role.VIEWER)

    return begun(workspace, "with KPIs and a manager", make)


def edition_of(workspace: Workspace, code: str) -> Kept[Edition]:
    with workspace.read(actor(workspace, VIEWER), Permission.STRATEGY_VIEW) as reader:
        return read_one(reader, EDITION, code, Edition)


def do(workspace: Workspace, action: Any, code: str, **said: Any) -> Edition:
    """One of the actions on an edition by the manager, who saw it as it stands."""
    version = edition_of(workspace, code).version
    by = actor(workspace, said.pop("who", MANAGER))
    done: Edition = action(workspace, by=by, code=code, version=version, **said)
    return done


def drafted(workspace: Workspace, code: str = "2025") -> Edition:
    """A draft with two perspectives, three objectives and two links."""
    draft_edition(
        workspace,
        by=actor(workspace, MANAGER),
        code=code,
        names=words("Strategy"),
        vision=words("Served well"),
        first_day=FIRST,
        last_day=LAST,
    )
    for lane in ("P1", "P2"):
        perspective = Perspective(code=lane, names=words(lane))
        do(workspace, keep_perspective, code, perspective=perspective)
    for one in (
        objective("3.1", "SD-01", "SD-02"),
        objective("3.2", "SD-06", perspective="P2"),
        objective("4.1", "DQ-01", perspective="P2", challenge=4),
    ):
        do(workspace, keep_objective, code, objective=one)
    do(workspace, keep_link, code, link=CauseLink(cause="4.1", effect="3.2", note="Clean data"))
    return do(workspace, keep_link, code, link=CauseLink(cause="3.2", effect="3.1"))
