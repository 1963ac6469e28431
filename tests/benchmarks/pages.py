"""The server's work for each page: one rerun of the real shell, everything but the browser."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from unittest.mock import patch

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import shell
from dashboard.demo.actions import password
from data.signing_in import sign_in
from data.workspace import Workspace
from tests.benchmarks.timing import Line

SCRIPT = "from dashboard.shell import run; run()"
PERSON = {"people": "administrator", "audit": "administrator", "extracts": "steward"}
PLACES = ("overview", "scorecard", "kpi", "service-delivery", "extracts", "people", "audit")
RERUNS = 5


def page_lines(workspace: Workspace) -> Iterable[Line]:
    """The fastest rerun of each page, by somebody who may see it."""
    with patch.dict(os.environ, CRA_HOME=str(workspace.settings.home)):
        for place in PLACES:
            email = f"{PERSON.get(place, 'manager')}@example.org"
            token = sign_in(workspace, email=email, password=password(workspace)).token
            with patch.object(shell, "session_token", lambda *_, token=token: token):
                yield Line(f"rerun of /{place}", rerun(place), reach="under 150 ms")


def rerun(place: str, **parameters: str) -> float:
    """Seconds of the script alone: what a tester's harness costs around it is not the page's."""
    page = AppTest.from_string(SCRIPT, default_timeout=120)
    page._page_hash = calc_hash(place)
    for name, value in parameters.items():
        page.query_params[name] = value
    seconds: list[float] = []
    run = shell.run

    def timed() -> None:
        start = time.perf_counter()
        try:
            run()
        finally:
            seconds.append(time.perf_counter() - start)

    with patch.object(shell, "run", timed):
        for _ in range(RERUNS):
            page.run()
            if page.exception:
                raise RuntimeError(page.exception[0].value)
    return min(seconds)
