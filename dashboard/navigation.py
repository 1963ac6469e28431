"""Which pages there are, one line a page, and how a person is led to those he may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.context import PageContext
from dashboard.pages import (
    account,
    actions,
    appetite,
    audit,
    comparison,
    controls,
    data_quality,
    definitions,
    entered_readings,
    exposure,
    extracts,
    kpi,
    my_risks,
    objective,
    overview,
    people,
    reference,
    risk,
    risk_criteria,
    risk_review,
    risks,
    scorecard,
    service_delivery,
    strategy,
    targets,
)
from data.access.actor import Actor
from data.access.permissions import Permission
from data.language.texts import Texts
from data.workspace import Workspace

PERFORMANCE = "shell.section.performance"
RISKS = "shell.section.risks"
DATA, AGENCY = "shell.section.data", "shell.section.agency"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: what draws it, its title, who may see it, its address, its icon, its section."""

    draw: Callable[[PageContext], None]
    title_key: str
    permission: Permission
    path: str
    icon: str
    section_key: str
    choices: frozenset[str] = frozenset()  # what the top line offers: period, office, as_of ...


EVERYTHING = frozenset({"period", "office", "service", "as_of"})
PERIOD = frozenset({"period", "as_of"})
TIME = frozenset({"as_of"})

# The first page a person may see is the one he lands on.
PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        overview.draw,
        "page.overview",
        Permission.KPI_VIEW,
        "overview",
        "home",
        PERFORMANCE,
        EVERYTHING,
    ),
    PageEntry(
        scorecard.draw,
        "page.scorecard",
        Permission.KPI_VIEW,
        "scorecard",
        "table_rows",
        PERFORMANCE,
        EVERYTHING,
    ),
    PageEntry(
        kpi.draw, "page.kpi", Permission.KPI_VIEW, "kpi", "monitoring", PERFORMANCE, EVERYTHING
    ),
    PageEntry(
        strategy.draw,
        "page.strategy",
        Permission.STRATEGY_VIEW,
        "strategy",
        "account_tree",
        PERFORMANCE,
        PERIOD,
    ),
    PageEntry(
        objective.draw,
        "page.objective",
        Permission.STRATEGY_VIEW,
        "objective",
        "flag_circle",
        PERFORMANCE,
        PERIOD,
    ),
    PageEntry(
        actions.draw,
        "page.actions",
        Permission.KPI_VIEW,
        "actions",
        "task_alt",
        PERFORMANCE,
        PERIOD,
    ),
    PageEntry(
        comparison.draw,
        "page.comparison",
        Permission.KPI_VIEW,
        "comparison",
        "compare_arrows",
        PERFORMANCE,
        frozenset({"period", "service", "as_of"}),
    ),
    PageEntry(
        service_delivery.draw,
        "page.service_delivery",
        Permission.KPI_VIEW,
        "service-delivery",
        "speed",
        PERFORMANCE,
        EVERYTHING,
    ),
    PageEntry(
        targets.draw, "page.targets", Permission.TARGET_SET, "targets", "flag", PERFORMANCE, PERIOD
    ),
    PageEntry(
        my_risks.draw, "page.my_risks", Permission.RISK_VIEW, "my-risks", "assignment_ind", RISKS
    ),
    PageEntry(
        risk_review.draw,
        "page.risk_review",
        Permission.RISK_WORK,
        "risk-review",
        "checklist",
        RISKS,
    ),
    PageEntry(
        risks.draw,
        "page.risks",
        Permission.RISK_VIEW_PUBLISHED,
        "risks",
        "table_chart",
        RISKS,
        TIME,
    ),
    PageEntry(
        risk.draw, "page.risk", Permission.RISK_VIEW_PUBLISHED, "risk", "warning", RISKS, TIME
    ),
    PageEntry(
        appetite.draw, "page.appetite", Permission.RISK_VIEW, "appetite", "balance", RISKS, TIME
    ),
    PageEntry(
        exposure.draw, "page.exposure", Permission.RISK_VIEW, "exposure", "euro", RISKS, TIME
    ),
    PageEntry(
        controls.draw, "page.controls", Permission.RISK_VIEW, "controls", "shield", RISKS, TIME
    ),
    PageEntry(
        risk_criteria.draw,
        "page.risk_criteria",
        Permission.RISK_VIEW,
        "risk-criteria",
        "straighten",
        RISKS,
        TIME,
    ),
    PageEntry(
        entered_readings.draw,
        "page.readings",
        Permission.READING_VIEW,
        "readings",
        "edit_note",
        DATA,
        TIME,
    ),
    PageEntry(
        extracts.draw,
        "page.extracts",
        Permission.EXTRACT_VIEW,
        "extracts",
        "upload_file",
        DATA,
        TIME,
    ),
    PageEntry(
        data_quality.draw,
        "page.data_quality",
        Permission.EXTRACT_VIEW,
        "data-quality",
        "fact_check",
        DATA,
        PERIOD,
    ),
    PageEntry(
        definitions.draw,
        "page.definitions",
        Permission.KPI_DEFINE,
        "definitions",
        "function",
        PERFORMANCE,
        TIME,
    ),
    PageEntry(
        reference.draw,
        "page.reference",
        Permission.REFERENCE_VIEW,
        "reference",
        "domain",
        AGENCY,
        TIME,
    ),
    PageEntry(people.draw, "page.people", Permission.PEOPLE_VIEW, "people", "group", AGENCY, TIME),
    PageEntry(audit.draw, "page.audit", Permission.AUDIT_VIEW, "audit", "history", AGENCY, TIME),
    PageEntry(account.draw, "page.account", Permission.SELF_CHANGE, "account", "person", AGENCY),
)
PATHS = frozenset(entry.path for entry in PAGES)


Draw = Callable[[PageEntry, Mapping[str, Page]], None]


def lead(actor: Actor, texts: Texts, draw: Draw) -> Page:
    """Offer the pages the actor may see; returns the one he is on, which `draw` will draw.

    The others can be called by link and `admit` refuses them, so that somebody who was sent a
    link learns why it does not open.
    """
    first = landing(actor)
    places: dict[str, Page] = {}
    sections: dict[str, list[Page]] = {}
    for entry in PAGES:
        places[entry.path] = st.Page(
            partial(draw, entry, places),
            title=texts.text(entry.title_key),
            icon=f":material/{entry.icon}:",
            url_path=entry.path,
            default=entry is first,
            visibility="visible" if actor.may(entry.permission) else "hidden",
        )
        sections.setdefault(texts.text(entry.section_key), []).append(places[entry.path])
    return st.navigation(sections, position="sidebar", expanded=True)


def landing(actor: Actor) -> PageEntry:
    """The page on which the actor lands; Streamlit serves it at the root alone."""
    return next(entry for entry in PAGES if actor.may(entry.permission))


def admit(workspace: Workspace, actor: Actor, entry: PageEntry) -> None:
    """Refuse, on record, whoever may not see the page; the door decides, as for everything."""
    with workspace.read(actor, entry.permission):
        return
