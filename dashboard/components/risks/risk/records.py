"""What was said and decided of a risk: reviews, acceptances, escalations, comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.risk.head import keyed
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.words import level_text
from dashboard.components.tables import moment_short
from data.access.roles import Role
from risks.register.kinds import AcceptanceState, Outcome
from risks.register.record import Acceptance, Comment, Escalation, Review

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CONFIRM: "=",
    Outcome.RESCORE: "↻",
    Outcome.ESCALATE: "▲",
    Outcome.PROPOSE_CLOSE: "■",
}
ACCEPTANCES: Mapping[AcceptanceState, str] = {
    AcceptanceState.REQUESTED: "◇",
    AcceptanceState.ACCEPTED: "✓",
    AcceptanceState.REFUSED: "✕",
    AcceptanceState.WITHDRAWN: "–",
    AcceptanceState.ENDED: "◷",
}
NEWLINE = "  \n"


def reviews(known: Known) -> None:
    """Each review with its outcome, the newest first, and whether it came in time."""
    _cards(known, "reviews", (_review(known, one) for one in reversed(known.risk.reviews)))


def acceptances(known: Known) -> None:
    """Each acceptance asked for: what of, until when, who decided, why it ended."""
    found = reversed(known.risk.acceptances)
    _cards(known, "acceptances", (_acceptance(known, one) for one in found))


def escalations(known: Known) -> None:
    """What was laid before whom, and the answer; those that wait for one first."""
    answered = [one for one in known.risk.escalations if not one.is_open]
    ordered = (*known.risk.open_escalations, *reversed(answered))
    _cards(known, "escalations", (_escalation(known, one) for one in ordered))


def comments(known: Known) -> None:
    """What people remarked, the newest first."""
    _cards(known, "comments", (_comment(known, one) for one in reversed(known.risk.comments)))


def _cards(known: Known, what: str, found: Iterable[Iterator[str]]) -> None:
    """A card each: its first line is what it is, the others what there is to know of it."""
    cards = [[line for line in lines if line] for lines in found]
    if not cards:
        empty(known.texts, f"risk_page.none.{what}", f"risk_page.none_do.{what}")
    for first, *others in cards:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{plain(first)}**")
            if others:
                st.markdown(NEWLINE.join(map(plain, others)).replace("\n", NEWLINE))


def _by(known: Known, who: str, at: object) -> str:
    """'12 Mar 2025 10:04 · Arta Krasniqi'."""
    return " · ".join(part for part in (str(at), known.person(who)) if part)


def _review(known: Known, one: Review) -> Iterator[str]:
    texts = known.texts
    yield f"{OUTCOMES[one.outcome]} {texts.word(one.outcome)}"
    yield _by(known, one.reviewed_by, moment_short(texts, one.reviewed_at))
    if one.due is not None:
        days = (known.day(one.reviewed_at) - one.due).days
        due = texts.day_short(one.due)
        if days > 0:
            yield texts.counted("risk_page.review_days_late", days, due=due)
        else:
            yield texts.text("risk_page.review_in_time", due=due)
    yield one.note


def _acceptance(known: Known, one: Acceptance) -> Iterator[str]:
    texts = known.texts
    criteria = known.versions.get(one.criteria_version, known.criteria)
    level = level_text(texts, criteria, one.level)
    until = texts.day_short(one.valid_until)
    yield f"{ACCEPTANCES[one.state]} {texts.word(one.state)} · {level}"
    yield texts.text("risk_page.accepted_until", until=until, version=one.criteria_version)
    asked = _by(known, one.requested_by, moment_short(texts, one.requested_at))
    yield texts.text("risk_page.asked_by", who=asked, reason=one.rationale)
    if one.decided_by:
        decided = _by(known, one.decided_by, moment_short(texts, one.decided_at))
        yield texts.text("risk_page.decided_on", who=decided, note=one.decision_note)
    if one.ended_at is not None and one.ended_because:
        because = keyed(known, one.ended_because)
        at = moment_short(texts, one.ended_at)
        yield texts.text("risk_page.acceptance_ended", at=at, because=because)


def _escalation(known: Known, one: Escalation) -> Iterator[str]:
    texts = known.texts
    sign = "▲" if one.is_open else "✓"
    yield f"{sign} {texts.text('risk_page.before_role', role=Role(one.to_role))}"
    raised = _by(known, one.raised_by, moment_short(texts, one.raised_at))
    yield f"{raised} · {texts.word(one.cause)}"
    yield keyed(known, one.reason)
    if one.is_open:
        days = (known.today - known.day(one.raised_at)).days
        yield texts.counted("risk_page.no_answer", days)
    else:
        answered = _by(known, one.answered_by or "", moment_short(texts, one.answered_at))
        yield texts.text("risk_page.answered", who=answered, answer=one.answer or "")


def _comment(known: Known, one: Comment) -> Iterator[str]:
    yield _by(known, one.author, moment_short(known.texts, one.written_at))
    yield one.text
