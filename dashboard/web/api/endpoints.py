"""The places of the data interface: one line each, from which routes and description are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.web.api import (
    commentary,
    extracts,
    indicators,
    kpis,
    lineage,
    restatements,
    risks,
    scorecard,
    values,
)
from dashboard.web.api.answers import Document, Listing
from dashboard.web.api.question import Question

ROOT = "/api/v1"
PAGING = ("limit", "offset", "snapshot")
PART = ("office", "service")
RISK_FILTERS = (
    *("unit", "category", "status", "owner", "level"),
    *("objective", "kpi", "above", "escalated", "text"),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place: what answers there, which parameters it reads, of what kind the answer is."""

    name: str  # its summary is the text api.summary.<name>
    path: str  # below ROOT
    answer: Callable[[Question], Document | Listing]
    schema: str  # of the answer, or of the items of a list
    reads: tuple[str, ...] = ()
    is_list: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter its address may carry."""
        return (*self.reads, *(PAGING if self.is_list else ()), "language")


ENDPOINTS = (
    Endpoint("kpis", "/kpis", kpis.list_kpis, "Kpi", ("as_of",), is_list=True),
    Endpoint("kpi", "/kpis/{code}", kpis.one_kpi, "KpiWithVersions", ("as_of",)),
    Endpoint(
        "values",
        "/kpis/{code}/values",
        values.list_values,
        "Reading",
        ("frequency", "from", "to", "by", *PART, "as_of", "measure"),
        is_list=True,
    ),
    Endpoint(
        "targets",
        "/kpis/{code}/targets",
        kpis.list_targets,
        "TargetEntry",
        ("as_of",),
        is_list=True,
    ),
    Endpoint(
        "lineage",
        "/kpis/{code}/lineage",
        lineage.explained,
        "Lineage",
        ("period", "frequency", *PART, "as_of"),
    ),
    Endpoint(
        "restatements",
        "/kpis/{code}/restatements",
        restatements.list_restatements,
        "Restatement",
        ("frequency", "from", "to", *PART, "as_of"),
        is_list=True,
    ),
    Endpoint(
        "scorecard",
        "/scorecard",
        scorecard.list_rows,
        "ScorecardRow",
        ("period", *PART, "as_of"),
        is_list=True,
    ),
    Endpoint(
        "commentary",
        "/kpis/{code}/commentary",
        commentary.list_commentary,
        "Commentary",
        ("period", "as_of"),
        is_list=True,
    ),
    Endpoint(
        "actions",
        "/actions",
        commentary.list_actions,
        "Action",
        ("kpi", "state", "overdue", "as_of"),
        is_list=True,
    ),
    Endpoint(
        "risks",
        "/risks",
        risks.list_risks,
        "Risk",
        (*RISK_FILTERS, "as_of"),
        is_list=True,
    ),
    Endpoint("risk", "/risks/{risk}", risks.one_risk, "RiskInFull", ("as_of",)),
    Endpoint(
        "risk_indicators",
        "/risk-indicators",
        indicators.list_indicators,
        "RiskIndicator",
        ("as_of",),
        is_list=True,
    ),
    Endpoint(
        "risk_indicator",
        "/risk-indicators/{indicator}",
        indicators.one_indicator,
        "RiskIndicatorInFull",
        ("as_of",),
    ),
    Endpoint("extracts", "/extracts", extracts.list_extracts, "Extract", ("as_of",), is_list=True),
    Endpoint(
        "batches",
        "/extracts/batches",
        extracts.list_batches,
        "Batch",
        ("extract", "as_of"),
        is_list=True,
    ),
)
