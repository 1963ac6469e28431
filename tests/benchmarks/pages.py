"""The server's work for each page: one rerun, everything but the browser."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from dashboard.demo.actions import password
from data.signing_in import sign_in
from data.workspace import Workspace
from tests.benchmarks.timing import Line

SHELL = Path(__file__).resolve().parents[2] / "dashboard" / "shell.py"
PLACES = ("overview", "scorecard", "kpi", "service-delivery", "extracts", "people", "audit")
RERUNS = 5
