"""Random people do random things to risks in a random order: no invariant ever breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from data.access.permissions import Permission
from data.auditing import verify_trail
from data.codec import canonical, plain
from data.errors import Refusal
from data.records import folded
from data.settings import Settings
from data.store.tables import AuditEntry, RecordVersion
from data.workspace import Workspace
from risks.criteria.reading import default_criteria
from risks.deciding import actions as deciding
from risks.register.actions import assess_risk, comment_on, review_risk
from risks.register.assessing import Judged
from risks.register.kinds import AcceptanceState, Kind, Outcome, Response
from risks.register.record import Risk
from risks.register.rows import read_rows
from risks.register.states import TRANSITIONS, Status
from risks.treating.actions import Plan, Progress, add_treatment, tell_treatment
from risks.watching.actions import watch_risks
from tests.risks.house import PEOPLE, RiskHouse, risk_house

CRITERIA = default_criteria()
STEPS = st.integers(1, 5)
THINGS = [
    *("propose", "approve", "reject", "plan", "finish", "treat", "ask", "accept", "refuse"),
    *("escalate", "answer", "ask_close", "close", "stay", "reopen", "review", "comment"),
    *("inherent", "current", "target", "wait", "current", "wait"),
]
Move = tuple[str, str, int, int]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from(THINGS),
        STEPS,
        STEPS,
    ),
    min_size=8,
    max_size=16,
)
# A story that gets somewhere; what random people add to it must not break anything.
OPENING: list[Move] = [
    ("owner", "current", 3, 3),
    ("owner", "target", 2, 2),
    ("owner", "propose", 1, 1),
    ("coordinator", "approve", 1, 1),
]


@given(opening=st.sampled_from([[], OPENING]), moves=MOVES)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_story_breaks_an_invariant(
    tmp_path: Path, opening: list[Move], moves: list[Move]
) -> None:
    house = new_house(tmp_path)
    house.draft()
    before = house.risk()
    for move in opening + moves:
        house.clock.pass_days(1)
        step(house, move)
        after = house.risk()
        assert_follows(before, after)
        assert_holds(house, after)
        before = after
    assert_log_is_whole(house, before)


def new_house(folder: Path) -> RiskHouse:
    home = folder / f"home-{len(list(folder.iterdir()))}"
    home.mkdir()
    config = Settings.from_environment(
        {"CRA_HOME": str(home), "CRA_DATABASE_URL": f"sqlite:///{home / 'cra.db'}"}
    )
    return risk_house(Workspace.open(config))


def step(house: RiskHouse, move: Move) -> None:
    """One thing tried by somebody; whatever is refused changes nothing."""
    who, what, one, two = move
    if what == "wait":
        house.clock.pass_days(one * 25)
        watch_risks(house.workspace)
        return
    risk = house.risk()
    action, said = _tries(house, risk, one, two)[what]
    try:
        house.do(action, who, **said) if what != "comment" else action(
            house.workspace, by=house[who], code=risk.code, **said
        )
    except Refusal:
        assert house.risk() == risk


def _tries(
    house: RiskHouse, risk: Risk, one: int, two: int
) -> dict[str, tuple[Callable[..., Risk], dict[str, Any]]]:
    today = house.clock.now.date()
    treatment = risk.open_treatments[0].id if risk.open_treatments else "none"
    escalation = risk.open_escalations[0].id if risk.open_escalations else "none"
    judged = {
        kind.value: (assess_risk, {"judged": Judged(kind, one, {"service": two}, "Seen.")})
        for kind in Kind
    }
    until = {"rationale": "r", "valid_until": today + timedelta(days=one * 60)}
    close = {"reason": "r", "evidence": "e", "source_gone": one > 2}
    return judged | {
        "propose": (deciding.propose_risk, {}),
        "approve": (deciding.decide_proposal, {"approve": True}),
        "reject": (deciding.decide_proposal, {"approve": False, "reason": "r"}),
        "plan": (add_treatment, {"plan": Plan("t", "owner@example.org", today)}),
        "finish": (
            tell_treatment,
            {"treatment_id": treatment, "progress": Progress.FINISH, "evidence": "e"},
        ),
        "treat": (deciding.begin_treatment, {"response": Response.TREAT}),
        "ask": (deciding.request_acceptance, until),
        "accept": (deciding.decide_acceptance, {"accept": True}),
        "refuse": (deciding.decide_acceptance, {"accept": False, "note": "n"}),
        "escalate": (deciding.escalate_risk, {"to_role": "manager", "reason": "r"}),
        "answer": (deciding.answer_escalation, {"escalation_id": escalation, "answer": "a"}),
        "ask_close": (deciding.request_close, close),
        "close": (deciding.decide_close, {"close": True}),
        "stay": (deciding.decide_close, {"close": False, "note": "n"}),
        "reopen": (deciding.reopen_risk, {"reason": "b"}),
        "review": (review_risk, {"outcome": Outcome.CONFIRM, "note": "n"}),
        "comment": (comment_on, {"text": "c"}),
    }


def assert_follows(before: Risk, after: Risk) -> None:
    """One step of the table at most for each change; nothing said before is unsaid."""
    ways: dict[Status, set[Status]] = {start: set() for start in Status}
    for (start, _act), end in TRANSITIONS.items():
        ways[start] |= {end} if end else {Status.OPEN, Status.IN_TREATMENT}
    if before.status is not after.status:
        assert after.status in ways[before.status]
    for part in ("assessments", "reviews", "comments"):
        old = getattr(before, part)
        assert getattr(after, part)[: len(old)] == old
    frozen = {one.id: (one.assessment_id, one.level, one.valid_until) for one in after.acceptances}
    for one in before.acceptances:
        assert frozen[one.id] == (one.assessment_id, one.level, one.valid_until)


def assert_holds(house: RiskHouse, risk: Risk) -> None:
    today = house.clock.now.date()
    for one in risk.assessments:
        assert one.level == CRITERIA.level(one.likelihood, one.impact)
        assert one.impact == max(one.impacts.values())
    for borne in risk.acceptances:
        assert borne.decided_by != borne.requested_by
        assert borne.valid_until > borne.requested_at.date()
        if borne.state is AcceptanceState.ACCEPTED:
            assert risk.status is Status.ACCEPTED
            assert CRITERIA.level_of(borne.level).accepted_by is not None
    if risk.status is Status.ACCEPTED:
        assert risk.acceptance is not None
        assert risk.acceptance.decided_by in {"head@example.org", "director@example.org"}
    if risk.is_active:
        assert risk.owner in {f"{name}@example.org" for name in PEOPLE}
        assert risk.next_review is not None
        assert risk.level is not None
    if risk.status is Status.CLOSED:
        assert not risk.open_treatments
        assert risk.closed_on is not None
        assert risk.closed_on <= today


def assert_log_is_whole(house: RiskHouse, risk: Risk) -> None:
    """Rows, versions and the folded trail are the same bytes; the chain holds."""
    with house.workspace.read(house["auditor"], Permission.AUDIT_VIEW) as reader:
        assert read_rows(reader, risk.id) == risk
        about = select(AuditEntry).where(AuditEntry.noun == "risk", AuditEntry.noun_id == risk.id)
        entries = sorted(reader.all(about), key=lambda entry: entry.number)
        rows = select(RecordVersion).where(RecordVersion.noun_id == risk.id)
        versions = sorted(reader.all(rows), key=lambda row: row.version)
    assert len(entries) == len(versions)
    for count, version in enumerate(versions, start=1):
        told = [(entry.old, entry.new) for entry in entries[:count]]
        assert canonical(folded(told)) == canonical(version.content)
    assert canonical(versions[-1].content) == canonical(plain(risk))
    assert verify_trail(house.workspace, by=house["auditor"]).holds
