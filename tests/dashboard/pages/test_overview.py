"""The overview: the answer in a sentence, what needs attention, what changed, the way on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from dashboard.components.kpis import standing
from data.access.permissions import Permission
from data.period import Period
from data.store.tables import Batch
from data.workspace import Workspace
from kpis.assessment import Status, StatusKind
from kpis.scorecard import ScorecardRow, scorecard
from kpis.variation import VariationIcon
from tests.dashboard.pages.measured import (
    MANAGER,
    STEWARD,
    VIEWER,
    Tab,
    measured,
    raw_applications,
    rounded,
)
from tests.house import actor, inhabit, join
from tests.kpis.conftest import Loads
