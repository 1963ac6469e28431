"""Risks in words: levels and states as shape and word, people by name, and links between pages."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.access.actor import SYSTEM
from data.language.texts import Texts
from risks.criteria.scale import Criteria
from risks.register.record import Risk
from risks.register.states import Status

REGISTER, RISK, MINE = "risks", "risk", "my-risks"  # addresses of pages
REVIEW, EXPOSURE = "risk-review", "exposure"
APPETITE, KEEPING = "appetite", "risk-criteria"
FILLS = "▁▂▄▆█"  # a bar that is higher the higher the level
STATUS_SIGNS: Mapping[Status, str] = {
    Status.DRAFT: "✎",
    Status.PROPOSED: "◇",
    Status.REJECTED: "✕",
    Status.OPEN: "□",
    Status.IN_TREATMENT: "▶",
    Status.ACCEPTANCE_REQUESTED: "◇",
    Status.ACCEPTED: "✓",
    Status.CLOSE_REQUESTED: "◇",
    Status.CLOSED: "■",
}


def level_text(texts: Texts, criteria: Criteria, level: str | None) -> str:
    """'▆ High', or that it is not assessed."""
    if level is None:
        return texts.text("risk.not_assessed")
    return f"{level_sign(criteria, level)} {texts.value(criteria.level_of(level).names)}"


def level_sign(criteria: Criteria, level: str) -> str:
    """A bar as high as the level stands among all levels."""
    last = max(len(criteria.levels) - 1, 1)
    return FILLS[round(criteria.rank(level) / last * (len(FILLS) - 1))]


def status_text(texts: Texts, risk: Risk) -> str:
    """The state as sign and word, and that an answer is owed."""
    shown = f"{STATUS_SIGNS[risk.status]} {texts.word(risk.status)}"
    return f"{shown} · ▲ {texts.text('risk.escalated')}" if risk.is_escalated else shown


def risk_link(context: PageContext, risk: Risk, part: str | None = None) -> None:
    """A link to a risk's page, within this tab."""
    link = context.link_with(risk=risk.code, part=part)
    page_link(context, RISK, plain(f"{risk.code} {risk.title}"), link)


def risk_in_text(context: PageContext, risk: Risk) -> str:
    """A link to a risk's page as Markdown, for a cell of a table; it opens in a new tab."""
    label = plain(f"{risk.code} {risk.title}")
    if RISK not in context.places:
        return label
    return f"[{label}]({RISK}{context.link_with(risk=risk.code, part=None).query()})"


def person_name(texts: Texts, people: Mapping[str, str], email: str) -> str:
    """What somebody is called, by the names of the register; the system by its own."""
    return texts.text("audit.system") if email == SYSTEM.email else people.get(email, email)
