"""The register page over 5,000 risks, half of them changed since the day compared with."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dashboard import shell
from data.access.permissions import Permission
from data.codec import digest, plain
from data.signing_in import sign_in
from data.store.tables import RecordVersion
from data.workspace import Workspace
from risks.register.choosing import Choice, chosen
from risks.register.kinds import Kind
from risks.register.moving import flows, moves
from risks.register.nouns import Noun
from risks.register.reading import read_register
from risks.register.record import Risk
from risks.register.states import Status
from tests.benchmarks.houses import opened
from tests.benchmarks.pages import rerun
from tests.benchmarks.timing import Line, best
from tests.house import PASSWORD, actor
from tests.risks.house import risk_house
from tests.risks.records import assessed, full

RISKS = 5_000
AUDITOR = "auditor@example.org"
LONG_AGO, LATELY = timedelta(days=300), timedelta(days=30)


def lines() -> list[Line]:
    with tempfile.TemporaryDirectory() as name:
        workspace = opened(Path(name))
        risk_house(workspace)
        fill(workspace, RISKS)
        return [*_reading(workspace), *_page(workspace)]


def fill(workspace: Workspace, count: int) -> None:
    """So many risks with one of everything, as the register keeps them."""
    now = datetime.now(UTC)
    rows: list[RecordVersion] = []
    for number in range(1, count + 1):
        before = _risk(number, 0)
        changed = now - LATELY if number % 2 else None
        rows.append(_version(before, 1, now - LONG_AGO, changed))
        if changed:
            rows.append(_version(_risk(number, 1), 2, changed, None))
    with workspace.database.writing() as session:
        session.add_all(rows)


def _risk(number: int, shift: int) -> Risk:
    """Spread over cells, units, categories and states; `shift` moves it to another cell."""
    cells = {
        Kind.INHERENT: (5, 1 + number % 5),
        Kind.CURRENT: (1 + (number // 5 + shift) % 5, 1 + number % 5),
        Kind.TARGET: (1, 1 + number % 5),
    }
    judged = tuple(assessed(*cell, kind) for kind, cell in cells.items())
    said: dict[str, Any] = {
        "title": f"Risk {number} of whatever may go wrong",
        "unit_code": ("O01", "O02")[number % 2],
        "category_code": ("OPERATIONS", "PEOPLE", "LEGAL", "TECHNOLOGY")[number % 4],
        "status": (Status.OPEN, Status.IN_TREATMENT, Status.ACCEPTED)[number % 3],
        "assessments": judged,
    }
    return replace(full(number), **said)


def _version(risk: Risk, version: int, at: datetime, replaced_at: datetime | None) -> RecordVersion:
    content = plain(risk)
    return RecordVersion(
        noun=Noun.RISK.value,
        noun_id=risk.id,
        version=version,
        at=at,
        replaced_at=replaced_at,
        actor="SYSTEM",
        tag="risks.assessed",
        content=content,
        sha256=digest(content),
    )


def _reading(workspace: Workspace) -> Iterator[Line]:
    by = actor(workspace, AUDITOR)
    with workspace.read(by, Permission.RISK_VIEW) as reader:
        risks = read_register(reader)
        yield Line(f"register of {RISKS:,} risks, read", best(lambda: read_register(reader)))
    words = Choice(text="whatever wrong")
    yield Line("the same, searched for words", best(lambda: chosen(risks, words)))
    yield Line("the same, moved", best(lambda: flows(moves(risks[::2], risks), Kind.CURRENT)))


def _page(workspace: Workspace) -> Iterator[Line]:
    """One rerun of the real shell, table and map."""
    token = sign_in(workspace, email=AUDITOR, password=PASSWORD).token
    home = patch.dict(os.environ, CRA_HOME=str(workspace.settings.home))
    with home, patch.object(shell, "session_token", lambda *_: token):
        for part in ("table", "map"):
            seconds = rerun("risks", part=part)
            what = f"rerun of /risks, {part}, {RISKS:,} risks"
            yield Line(what, seconds, reach="under 500 ms")
