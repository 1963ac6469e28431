"""What is offered is what the use cases do: every role, every state, everything there is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.access.permissions import Permission
from data.errors import Invalid, NotFound, PermissionDenied, Refusal
from data.rehearsal import Rehearsal
from data.settings import Settings
from data.store.tables import Delegation
from data.workspace import Workspace
from risks.controls.actions import keep_control, link_control
from risks.controls.record import ControlKind, ControlWording
from risks.criteria.reading import in_force
from risks.deciding import actions as deciding
from risks.indicators.actions import link_indicator
from risks.register import actions
from risks.register.assessing import Judged
from risks.register.hands import Hand, hand_of
from risks.register.kinds import Effect, Kind, Outcome, Response, Side
from risks.register.offering import Offer, may_tell, offered, open_roles
from risks.register.owners import possible_doers, possible_owners
from risks.register.record import Risk
from risks.register.states import Status
from risks.register.wording import Wording
from risks.treating.actions import Plan, Progress, add_treatment, move_due, tell_treatment
from tests.house import ADMIN
from tests.risks.house import PEOPLE, WORDING, RiskHouse, risk_house

# Refused because of what the risk holds or lacks, not of who asks or where it stands.
OF_CONTENT = {
    "risks.refused.open_treatments",
    "risks.refused.no_treatment",
    "risks.refused.no_target",
    "risks.refused.lowered",
    "risks.refused.nothing_changed",
    "risks.indicators.refused.none",
}
CONTROL = ControlWording(
    title="Weekly count of the stock",
    description="Two people count",
    kind=ControlKind.PREVENTIVE,
    owner="owner@example.org",
    unit_code="O01",
)
Tried = tuple[Callable[..., Risk], dict[str, Any]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RiskHouse]:
    home = tmp_path_factory.mktemp("offering")
    config = _settings(home)
    built = risk_house(Workspace.open(config))
    keep_control(built.workspace, by=built["coordinator"], wording=CONTROL)
    for story in STORIES.values():
        story(built)
        built.clock.pass_days(1)
    yield built
    built.workspace.database.dispose()


def _settings(home: Path) -> Settings:
    return Settings.from_environment(
        {"CRA_HOME": str(home), "CRA_DATABASE_URL": f"sqlite:///{home / 'cra.db'}"}
    )


def drafted(house: RiskHouse, author: str = "owner") -> str:
    owner = house["owner"].email
    code = actions.draft_risk(
        house.workspace, by=house[author], wording=WORDING, unit="O01", owner=owner
    ).code
    house.judge("owner", Kind.CURRENT, 4, 3, code)
    house.judge("owner", Kind.TARGET, 2, 2, code)
    return code


def planned(house: RiskHouse, code: str, who: str = "deputy") -> str:
    plan = Plan("Hold stock", house[who].email, house.clock.now.date() + timedelta(days=30))
    house.do(add_treatment, "owner", code, plan=plan)
    return code


def proposed(house: RiskHouse, author: str = "owner") -> str:
    code = drafted(house, author)
    house.do(deciding.propose_risk, author, code)
    return code


def opened(house: RiskHouse) -> str:
    code = proposed(house)
    house.do(deciding.decide_proposal, "coordinator", code, approve=True)
    return code


def in_treatment(house: RiskHouse) -> str:
    code = planned(house, opened(house))
    house.do(deciding.begin_treatment, "owner", code, response=Response.TREAT)
    return code


def asked(house: RiskHouse) -> str:
    code = opened(house)
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", code, rationale="r", valid_until=until)
    return code


def accepted(house: RiskHouse) -> str:
    code = asked(house)
    house.do(deciding.decide_acceptance, "director", code, accept=True)
    return code


def close_asked(house: RiskHouse) -> str:
    code = opened(house)
    said = {"reason": "Gone", "evidence": "Letter", "source_gone": True}
    house.do(deciding.request_close, "owner", code, **said)
    return code


def closed(house: RiskHouse) -> str:
    code = close_asked(house)
    house.do(deciding.decide_close, "coordinator", code, close=True)
    return code


def rejected(house: RiskHouse) -> str:
    code = planned(house, drafted(house))
    house.do(deciding.propose_risk, "owner", code)
    house.do(deciding.decide_proposal, "coordinator", code, approve=False, reason="No risk")
    return code


def escalated(house: RiskHouse, *roles: str) -> str:
    code = opened(house)
    for role in roles:
        house.do(deciding.escalate_risk, "owner", code, to_role=role, reason="Above us")
    return code


# One risk each, in this order: R-0001, R-0002 ...
STORIES: dict[str, Callable[[RiskHouse], str]] = {
    "draft": drafted,
    "draft of the coordinator": lambda house: drafted(house, "coordinator"),
    "draft of the head": lambda house: drafted(house, "head"),
    "proposed": proposed,
    "proposed by the coordinator": lambda house: proposed(house, "coordinator"),
    "rejected": rejected,
    "open": opened,
    "open, and planned": lambda house: planned(house, opened(house)),
    "in treatment": in_treatment,
    "acceptance asked": asked,
    "accepted": accepted,
    "closing asked": close_asked,
    "closed": closed,
    "before the head": lambda house: escalated(house, "unit_head"),
    "before both": lambda house: escalated(house, "unit_head", "manager"),
}
CODES = {name: f"R-{number:04}" for number, name in enumerate(STORIES, start=1)}


def tries(house: RiskHouse, risk: Risk, who: str, hand: Hand) -> dict[Offer, Tried]:
    """Everything that can be tried on a risk, each with what it needs to be done."""
    today = house.clock.now.date()
    mine = [one for one in risk.treatments if may_tell(hand, one)]
    treatment = next(iter(mine or risk.treatments), None)
    waiting = [
        one
        for one in risk.open_escalations
        if (who, one.to_role) in (("head", "unit_head"), ("director", "manager"))
    ]
    escalation = next(iter(waiting or risk.open_escalations), None)
    role = (open_roles(risk) or ("unit_head",))[0]
    judged = Judged(Kind.CURRENT, 4, {"service": 3}, "Seen.")
    said = {"reason": "Because"}
    told = {"treatment_id": treatment.id if treatment else "none", **said}
    plan = Plan("Train", house["owner"].email, today)
    until = {"rationale": "r", "valid_until": today + timedelta(days=30)}
    answer = {"escalation_id": escalation.id if escalation else "none", "answer": "Seen."}
    close = {"reason": "r", "evidence": "e", "source_gone": True}
    reworded = Wording(
        "Blank passports are used up",
        WORDING.cause,
        WORDING.event,
        WORDING.consequence,
        WORDING.category_code,
    )
    return {
        Offer.ANSWER: (deciding.answer_escalation, answer),
        Offer.DECIDE_PROPOSAL: (deciding.decide_proposal, {"approve": True}),
        Offer.DECIDE_ACCEPTANCE: (deciding.decide_acceptance, {"accept": True}),
        Offer.DECIDE_CLOSE: (deciding.decide_close, {"close": True}),
        Offer.PROPOSE: (deciding.propose_risk, {}),
        Offer.WORD: (actions.word_risk, {"wording": reworded, **said}),
        Offer.ASSESS: (actions.assess_risk, {"judged": judged, **said}),
        Offer.REVIEW: (actions.review_risk, {"outcome": Outcome.CONFIRM, "note": "As it was."}),
        Offer.PLAN: (add_treatment, {"plan": plan, **said}),
        Offer.PROGRESS: (tell_treatment, {"progress": Progress.BEGIN, **told}),
        Offer.MOVE_DUE: (move_due, {"due": today + timedelta(days=99), **told}),
        Offer.TREAT: (deciding.begin_treatment, {"response": Response.TREAT, **said}),
        Offer.REQUEST_ACCEPTANCE: (deciding.request_acceptance, until),
        Offer.ESCALATE: (deciding.escalate_risk, {"to_role": str(role), **said}),
        Offer.REQUEST_CLOSE: (deciding.request_close, close),
        Offer.REOPEN: (deciding.reopen_risk, said),
        Offer.CONTROLS: (link_control, {"control": "C-0001", "side": Side.CAUSE, **said}),
        Offer.INDICATORS: (
            link_indicator,
            {"indicator": "KRI-001", "effect": Effect.REVIEW, **said},
        ),
        Offer.ASSIGN: (actions.assign_risk, {"owner": house["coordinator"].email, **said}),
        Offer.COMMENT: (actions.comment_on, {"text": "Seen."}),
    }


def refused(house: RiskHouse, who: str, risk: Risk, tried: Tried) -> Refusal | None:
    """Why somebody is refused, or None where he is not; whatever he did is undone."""
    action, said = tried
    if action is not actions.comment_on:
        said = said | {"version": risk.row_version}
    by = house[who]
    try:
        Rehearsal(house.workspace).seen(
            lambda ws: action(ws, by=by, code=risk.code, **said), lambda _: True
        )
    except Refusal as found:
        return found
    return None


def offers_of(house: RiskHouse, who: str, code: str) -> tuple[Risk, Hand, tuple[Offer, ...]]:
    risk = house.risk(code)
    with house.workspace.read(house[who], Permission.RISK_VIEW_PUBLISHED) as reader:
        hand = hand_of(reader, risk)
        return risk, hand, offered(risk, hand, in_force(reader))


# The other owner works in another unit and does not see these risks at all.
WHO = [name for name in PEOPLE if name != "other"]


@pytest.mark.parametrize("stands_in", [False, True], ids=["", "deputy stands in"])
def test_what_is_offered_is_done_and_nothing_else(house: RiskHouse, *, stands_in: bool) -> None:
    if stands_in:
        stand_in(house)
    done: set[Offer] = set()
    for name, code in CODES.items():
        for who in ["deputy"] if stands_in else WHO:
            risk, hand, offers = offers_of(house, who, code)
            for offer, tried in tries(house, risk, who, hand).items():
                found = refused(house, who, risk, tried)
                if offer in offers:
                    assert found is None or found.key in OF_CONTENT, (name, who, offer, found)
                else:
                    assert found is not None, (name, who, offer)
                done |= {offer} if found is None else set()
    wanted = set(Offer) - {Offer.INDICATORS}  # there is none to link: tried elsewhere
    of_owner = wanted - {Offer.ANSWER, Offer.ASSIGN} - {one for one in Offer if "decide" in one}
    assert done == (of_owner if stands_in else wanted)


def stand_in(house: RiskHouse) -> None:
    today = house.clock.now.date()
    with house.workspace.database.writing() as session:
        session.add(
            Delegation(
                id="d1",
                owner=house["owner"].email,
                deputy=house["deputy"].email,
                valid_from=today,
                valid_to=today + timedelta(days=9),
                created_by=house["owner"].email,
                created_at=house.clock.now,
            )
        )


def test_every_state_was_walked(house: RiskHouse) -> None:
    assert {house.risk(code).status for code in CODES.values()} == set(Status)


def test_somebody_who_does_not_see_a_risk_is_offered_nothing_to_change(house: RiskHouse) -> None:
    _risk, _hand, offers = offers_of(house, "other", CODES["open"])
    assert offers == (Offer.COMMENT,)  # and the risk is not found for him


def test_what_others_wait_for_stands_first(house: RiskHouse) -> None:
    _risk, _hand, offers = offers_of(house, "head", CODES["before both"])
    assert offers[0] is Offer.ANSWER
    _risk, _hand, offers = offers_of(house, "director", CODES["acceptance asked"])
    assert offers[0] is Offer.DECIDE_ACCEPTANCE


def test_owners_offered_are_those_the_rule_takes(house: RiskHouse) -> None:
    """Everybody tried one by one against the rule of the use case, and the list."""
    with house.workspace.read(house["coordinator"], Permission.RISK_VIEW) as reader:
        named = {one.email for one in possible_owners(reader, "O01")}
        at_work = {one.email for one in possible_doers(reader)}
        elsewhere = {one.email for one in possible_owners(reader, "O02")}
    people = {name: house[name].email for name in PEOPLE}
    code = CODES["open"]
    risk = house.risk(code)
    for name, email in people.items():
        said = {"owner": email, "reason": "Because"}
        found = refused(house, "coordinator", risk, (actions.assign_risk, said))
        assert (found is None) == (email in named), name
    assert named == {people["owner"], people["deputy"], people["coordinator"]}
    assert elsewhere == {people["other"], people["coordinator"]}
    assert at_work == {*people.values(), ADMIN}


def test_no_person_is_named_to_those_who_see_only_what_is_published(house: RiskHouse) -> None:
    with (
        house.workspace.read(house["viewer"], Permission.RISK_VIEW_PUBLISHED) as reader,
        pytest.raises(PermissionDenied),
    ):
        possible_owners(reader, "O01")


def test_a_risk_of_another_unit_cannot_be_given_to_its_outsiders(house: RiskHouse) -> None:
    risk = house.risk(CODES["open"])
    said = {"owner": house["other"].email, "reason": "Because"}
    found = refused(house, "coordinator", risk, (actions.assign_risk, said))
    assert isinstance(found, Invalid)
    said = {"owner": "nobody@example.org", "reason": "Because"}
    found = refused(house, "coordinator", risk, (actions.assign_risk, said))
    assert isinstance(found, NotFound)
