"""The page of a risk: how it stands, everything done with it by each role, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.workspace import Workspace
from risks.controls.actions import keep_control
from risks.controls.record import ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.register import actions
from risks.register.kinds import Kind, Side, TreatmentState
from risks.register.offering import Offer
from risks.register.record import Risk
from risks.register.states import Status
from risks.register.wording import Wording
from risks.snapshots.actions import take_snapshot
from risks.treating.actions import Plan, add_treatment
from tests.dashboard.pages.measured import Tab
from tests.kpis.conftest import settings_in
from tests.risks.house import WORDING, RiskHouse, risk_house

MP = pytest.MonkeyPatch
ZONE = ZoneInfo("Europe/Belgrade")  # the agency's
TODAY = datetime.now(ZONE).date()
OWNER = "owner@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RiskHouse]:
    """A register with one risk of sixty days ago, and a control in the catalogue."""
    made = risk_house(Workspace.open(settings_in(tmp_path_factory.mktemp("risk page"))))
    made.clock.now = datetime.now(UTC) - timedelta(days=60)
    wording = ControlWording(
        "Weekly count of the stock", "By two people", ControlKind.PREVENTIVE, OWNER, "O01"
    )
    keep_control(made.workspace, by=made["coordinator"], wording=wording)
    opened(made, "Snow")
    yield made
    made.workspace.database.dispose()


class RiskTab(Tab):
    """A tab on the page of a risk: its forms are opened, filled and sent."""

    def __init__(self, house: RiskHouse, monkeypatch: MP, who: str, **link: str) -> None:
        super().__init__(house.workspace, monkeypatch, "risk", email=f"{who}@example.org", **link)
        self.code = link.get("risk", "")

    def offers(self, place: str = "risk") -> list[str]:
        """What can be done at a place of the page."""
        key = f"risk.act.{place}.{self.code}"
        return next((list(one.options) for one in self.page.button_group if one.key == key), [])

    def open(self, offer: Offer, place: str = "risk") -> None:
        group = self.page.button_group(key=f"risk.act.{place}.{self.code}")
        if group.value != offer:
            group.set_value(offer).run()
        assert not self.page.exception

    def field(self, offer: Offer, name: str, variant: str = "") -> Any:
        subject = f"{self.code}.{variant}" if variant else self.code
        return self.page.get_by_key(f"risk.{offer.value}.{subject}.{name}")

    def fill(self, offer: Offer, variant: str = "", /, **values: Any) -> None:
        for name, value in values.items():
            self.field(offer, name.replace("__", "."), variant).set_value(value)
        self.run()

    def send(self, offer: Offer, variant: str = "") -> str:
        subject = f"{self.code}.{variant}" if variant else self.code
        self.page.button(key=f"risk.{offer.value}.{subject}|send").click().run()
        assert not self.page.exception
        return self.said


def opened(house: RiskHouse, title: str, likelihood: int = 4, impact: int = 3) -> Risk:
    """A risk in the register."""
    wording = Wording(title, "One cause\nAnother cause", "It happens", "It hurts", "OPERATIONS")
    code = house.draft(wording=wording).code
    house.judge("owner", Kind.CURRENT, likelihood, impact, code)
    house.do(deciding.propose_risk, "owner", code)
    return house.do(deciding.decide_proposal, "coordinator", code, approve=True)


# A risk's life, through the forms


def test_a_risk_is_raised_assessed_proposed_and_taken_in(house: RiskHouse, monkeypatch: MP) -> None:
    tab = RiskTab(house, monkeypatch, "owner")
    tab.page.text_input(key="risk.raise.new.title").set_value("Blanks *run* out")
    for name in ("cause", "event", "consequence"):
        tab.page.text_area(key=f"risk.raise.new.{name}").set_value(getattr(WORDING, name))
    tab.page.selectbox(key="risk.raise.new.category_code").set_value("OPERATIONS")
    tab.run()
    owners = tab.page.selectbox(key="risk.raise.new.owner").options
    assert sorted(owners) == ["Coordinator", "Deputy", "Owner"]  # who works on risks of O01
    tab.page.button(key="risk.raise|send").click().run()
    assert not tab.page.exception
    code = "".join(tab.page.query_params["risk"])
    risk = house.risk(code)
    assert (risk.title, risk.status, risk.owner) == ("Blanks *run* out", Status.DRAFT, OWNER)
    assert f"{code} is begun as a draft." in tab.said
    assert f"{code} Blanks *run* out" in tab.said

    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.PROPOSE)
    assert "Judge the current likelihood and impact first." in tab.said
    tab.open(Offer.ASSESS, "assessments")
    tab.fill(Offer.ASSESS, "current", likelihood=4, impact__service=3)
    assert "This comes to: ▆ High." in tab.said
    tab.fill(Offer.ASSESS, "current", rationale="Stock fell to nine days in August.")
    assert f"{code} is assessed." in tab.send(Offer.ASSESS, "current")
    made = house.risk(code).current
    assert made is not None
    assert (made.likelihood, dict(made.impacts), made.level) == (4, {"service": 3}, "high")
    tab.open(Offer.PROPOSE)
    assert f"{code} is proposed" in tab.send(Offer.PROPOSE)

    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    assert tab.field(Offer.DECIDE_PROPOSAL, "decision").value == "yes"  # open by itself
    tab.send(Offer.DECIDE_PROPOSAL)
    assert house.risk(code).status is Status.OPEN


def test_treatments_are_planned_begun_moved_and_finished(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Printers break").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code, part="treatments")
    tab.open(Offer.PLAN, "treatments")
    tab.fill(Offer.PLAN, text="Buy spare parts", due=TODAY + timedelta(days=30), cost=4000.0)
    tab.fill(Offer.PLAN, quantified=True)
    tab.fill(Offer.PLAN, chance=10.0, low=1000.0, high=9000.0)
    # lognormal from its 90 % interval: mu, sigma and the mean by hand
    assert "Expected loss: EUR 375 a year" in tab.said
    tab.send(Offer.PLAN)
    (treatment,) = house.risk(code).treatments
    assert (treatment.text, treatment.owner, treatment.cost) == ("Buy spare parts", OWNER, 4000)
    assert treatment.expected is not None
    assert treatment.expected.rate == pytest.approx(0.1)

    tab.open(Offer.MOVE_DUE, "treatments")
    tab.fill(Offer.MOVE_DUE, treatment.id, due=TODAY + timedelta(days=75))
    assert "Fill in: reason." in tab.send(Offer.MOVE_DUE, treatment.id)
    tab.fill(Offer.MOVE_DUE, treatment.id, why="The maker is late")
    said = tab.send(Offer.MOVE_DUE, treatment.id)
    assert "moved by +45 days" in said
    assert "The maker is late · Owner" in said

    tab.open(Offer.TREAT)
    assert "Say first which likelihood and impact are aimed at." in tab.said
    house.judge("owner", Kind.TARGET, 2, 2, code)
    tab = RiskTab(house, monkeypatch, "owner", risk=code, part="treatments")
    tab.open(Offer.TREAT)
    tab.send(Offer.TREAT)
    assert house.risk(code).status is Status.IN_TREATMENT

    tab.open(Offer.PROGRESS, "treatments")
    tab.fill(Offer.PROGRESS, treatment.id, progress="finish")
    assert "Fill in: evidence." in tab.send(Offer.PROGRESS, treatment.id)
    tab.fill(Offer.PROGRESS, treatment.id, evidence="Invoice 7")
    assert "Evidence: Invoice 7" in tab.send(Offer.PROGRESS, treatment.id)
    assert house.risk(code).treatments[0].state is TreatmentState.DONE


def test_a_risk_is_asked_to_be_accepted_and_another_decides(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Fees are overturned").code
    until = TODAY + timedelta(days=100)
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.REQUEST_ACCEPTANCE)
    assert "accepted by the role “Manager”" in tab.said
    tab.fill(Offer.REQUEST_ACCEPTANCE, valid_until=TODAY + timedelta(days=500))
    tab.fill(Offer.REQUEST_ACCEPTANCE, acceptance_rationale="The law changes in spring.")
    assert "at most 366 days" in tab.send(Offer.REQUEST_ACCEPTANCE)
    tab.fill(Offer.REQUEST_ACCEPTANCE, valid_until=until)
    tab.send(Offer.REQUEST_ACCEPTANCE)
    assert "Decide on the acceptance" not in tab.offers()

    assert (
        "Decide on the acceptance" not in RiskTab(house, monkeypatch, "head", risk=code).offers()
    )  # a high one is the director's
    tab = RiskTab(house, monkeypatch, "director", risk=code)
    assert "The law changes in spring." in tab.said
    tab.fill(Offer.DECIDE_ACCEPTANCE, why="Agreed.")
    tab.send(Offer.DECIDE_ACCEPTANCE)
    risk = house.risk(code)
    assert (risk.status, risk.acceptances[-1].valid_until) == (Status.ACCEPTED, until)
    said = RiskTab(house, monkeypatch, "owner", risk=code, part="acceptances").said
    assert "✓ Accepted · ▆ High" in said
    assert "Agreed." in said


def test_an_escalation_is_answered_and_the_risk_closed_and_opened_again(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Old servers stop").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.ESCALATE)
    tab.fill(Offer.ESCALATE, to_role="unit_head", why="We have no money")
    tab.send(Offer.ESCALATE)
    tab = RiskTab(house, monkeypatch, "head", risk=code)
    (escalation,) = house.risk(code).open_escalations
    assert "> We have no money" in tab.said
    tab.fill(Offer.ANSWER, escalation.id, answer="It is in the budget of next year.")
    tab.send(Offer.ANSWER, escalation.id)
    assert house.risk(code).open_escalations == ()

    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.REQUEST_CLOSE)
    tab.fill(Offer.REQUEST_CLOSE, why="They are gone", evidence="Protocol", source_gone=True)
    tab.send(Offer.REQUEST_CLOSE)
    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    tab.send(Offer.DECIDE_CLOSE)
    assert house.risk(code).status is Status.CLOSED
    tab.open(Offer.REOPEN)
    tab.fill(Offer.REOPEN, why="One was forgotten")
    tab.send(Offer.REOPEN)
    assert house.risk(code).reopened_because == "One was forgotten"
    assert "Re-opened because: One was forgotten" in tab.said


def test_controls_are_linked_comments_left_and_the_owner_changed(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Signatures are forged").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.CONTROLS, "controls")
    assert "Choose one first." in tab.send(Offer.CONTROLS)
    tab.fill(Offer.CONTROLS, control="C-0001", side="consequence")
    tab.send(Offer.CONTROLS)
    (link,) = house.risk(code).control_links
    assert link.side is Side.CONSEQUENCE
    assert "C-0001 Weekly count of the stock: Never tested" in tab.said
    tab.open(Offer.CONTROLS, "controls")
    tab.fill(Offer.CONTROLS, deed="unlink")
    tab.fill(Offer.CONTROLS, linked=link.id)
    tab.send(Offer.CONTROLS)
    assert house.risk(code).control_links == ()

    tab = RiskTab(house, monkeypatch, "director", risk=code, part="comments")
    tab.open(Offer.COMMENT, "comments")
    tab.fill(Offer.COMMENT, comment="Show me the *stamps*")
    assert "Show me the *stamps*" in tab.send(Offer.COMMENT)

    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    tab.open(Offer.ASSIGN)
    tab.fill(Offer.ASSIGN, owner="deputy@example.org", why="Owner moves on")
    tab.send(Offer.ASSIGN)
    assert house.risk(code).owner == "deputy@example.org"


def test_a_coordinator_gives_a_reason_on_somebody_elses_risk(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Roof leaks").code
    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    tab.open(Offer.WORD)
    tab.fill(Offer.WORD, title="The roof leaks in winter")
    assert "give the reason for your change" in tab.send(Offer.WORD)
    assert tab.field(Offer.WORD, "title").value == "The roof leaks in winter"  # nothing is lost
    tab.fill(Offer.WORD, reason="To tell it from another")
    tab.send(Offer.WORD)
    assert house.risk(code).title == "The roof leaks in winter"
    said = RiskTab(house, monkeypatch, "owner", risk=code, part="history").said
    assert "Because: To tell it from another" in said
    assert "Title: Roof leaks → The roof leaks in winter" in said


# Nothing typed is lost


def test_what_is_typed_is_there_after_signing_in_again(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Keys are lost").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.WORD)
    tab.fill(Offer.WORD, cause="Nobody counts them\nThe safe is open")
    again = RiskTab(house, monkeypatch, "owner", risk=code)  # another session, another sign-in
    assert again.field(Offer.WORD, "cause").value == "Nobody counts them\nThe safe is open"
    assert "Kept as you typed it" in again.said
    again.page.button(key=f"risk.word.{code}|forget").click().run()
    assert again.field(Offer.WORD, "cause").value == "One cause\nAnother cause"
    assert house.risk(code).cause == "One cause\nAnother cause"


def test_a_field_out_of_sight_keeps_what_was_typed(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Mould").code
    house.do(add_treatment, "owner", code, plan=Plan("Dry it", OWNER, TODAY))
    one = house.risk(code).treatments[0].id
    tab = RiskTab(house, monkeypatch, "owner", risk=code, part="treatments")
    tab.open(Offer.PROGRESS, "treatments")
    tab.fill(Offer.PROGRESS, one, progress="finish")
    tab.fill(Offer.PROGRESS, one, evidence="Photographs of June")
    tab.fill(Offer.PROGRESS, one, progress="cancel")
    tab.fill(Offer.PROGRESS, one, why="Too dear")
    again = RiskTab(house, monkeypatch, "owner", risk=code, part="treatments")
    assert again.field(Offer.PROGRESS, "why", one).value == "Too dear"  # open by itself
    again.fill(Offer.PROGRESS, one, progress="finish")
    assert again.field(Offer.PROGRESS, "evidence", one).value == "Photographs of June"


def test_what_can_be_sent_no_more_is_shown_until_it_is_forgotten(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Dust").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.ESCALATE)
    tab.fill(Offer.ESCALATE, why="We need another filter")
    said = {"reason": "Gone", "evidence": "Letter", "source_gone": True}
    house.do(deciding.request_close, "owner", code, **said)
    house.do(deciding.decide_close, "coordinator", code, close=True)
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    assert "> We need another filter" in tab.said
    tab.page.button(key=f"risk.escalate.{code}|leaf").click().run()
    assert "We need another filter" not in tab.said


def test_two_who_change_one_risk_merge_and_neither_loses_a_word(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = opened(house, "Data leak").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.WORD)
    tab.fill(Offer.WORD, title="Data leak from the portal", event="Rows are sold")
    told = Wording("Leak of data", "Weak passwords", "It happens", "It hurts", "OPERATIONS")
    house.do(actions.word_risk, "coordinator", code, wording=told, reason="Clearer")
    tab.send(Offer.WORD)
    said = tab.said
    assert house.risk(code).title == "Leak of data"  # nothing was overwritten unseen
    for text in ("Data leak", "Leak of data", "Data leak from the portal"):
        assert text in said  # what he saw, what stands, what he wrote
    assert "As it stands now (Coordinator," in said
    keyed = {one.key or "": one for one in tab.page.radio}
    sides = {key.split(".")[-1]: one for key, one in keyed.items() if key.endswith("|side")}
    assert sorted(sides) == ["cause|side", "title|side"]  # only what differs is asked
    assert sides["title|side"].value == "mine"
    assert sides["cause|side"].value == "theirs"  # he had left it as it was
    tab.page.button(key=f"risk.word.{code}|merge").click().run()
    assert not tab.page.exception
    risk = house.risk(code)
    assert (risk.title, risk.cause) == ("Data leak from the portal", "Weak passwords")
    assert (risk.event, risk.consequence) == ("Rows are sold", "It hurts")
    assert f"{code} is reworded." in tab.said


def test_a_decision_on_what_was_changed_meanwhile_is_not_taken_unseen(
    house: RiskHouse, monkeypatch: MP
) -> None:
    code = house.draft().code
    house.judge("owner", Kind.CURRENT, 3, 3, code)
    house.do(deciding.propose_risk, "owner", code)
    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    house.judge("owner", Kind.CURRENT, 5, 5, code)  # after he saw it
    tab.send(Offer.DECIDE_PROPOSAL)
    assert house.risk(code).status is Status.PROPOSED
    assert "Somebody else changed this risk while you were writing." in tab.said
    assert "Owner: Risk assessed" in tab.said
    tab.page.button(key=f"risk.decide_proposal.{code}|merge").click().run()
    assert house.risk(code).status is Status.OPEN


def test_what_one_had_not_touched_follows_what_stands(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Water").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.WORD)
    told = Wording("Water in the cellar", "Rain", "It happens", "It hurts", "OPERATIONS")
    house.do(actions.word_risk, "coordinator", code, wording=told, reason="Clearer")
    tab.run()
    assert tab.field(Offer.WORD, "title").value == "Water in the cellar"


def test_a_right_that_ended_is_not_used_any_more(house: RiskHouse, monkeypatch: MP) -> None:
    code = house.draft().code
    house.judge("owner", Kind.CURRENT, 3, 3, code)
    house.do(deciding.propose_risk, "owner", code)
    tab = RiskTab(house, monkeypatch, "coordinator", risk=code)
    with house.workspace.database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE role_grant SET role = 'viewer' WHERE role = 'risk_coordinator'"
        )
    try:
        tab.page.button(key=f"risk.decide_proposal.{code}|send").click().run()
        assert house.risk(code).status is Status.PROPOSED
    finally:
        with house.workspace.database.writing() as session:
            session.connection().exec_driver_sql(
                "UPDATE role_grant SET role = 'risk_coordinator' WHERE role = 'viewer'"
                " AND person_id = (SELECT id FROM person WHERE email LIKE 'coordinator%')"
            )


def test_a_level_that_falls_needs_more_than_words(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Power fails").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.ASSESS, "assessments")
    tab.fill(Offer.ASSESS, "current", likelihood=1, impact__service=1, rationale="It is fine")
    assert "▼ It was ▆ High" in tab.said
    assert "needs a control that was tested and works" in tab.send(Offer.ASSESS, "current")
    assert tab.field(Offer.ASSESS, "rationale", "current").value == "It is fine"
    assert house.risk(code).level == "high"


# Who sees what


def test_who_may_not_act_is_offered_nothing(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Heat").code
    auditor = RiskTab(house, monkeypatch, "auditor", risk=code)
    assert auditor.offers() == []
    assert auditor.offers("assessments") == []
    assert "Raise a risk" not in auditor.said
    other = RiskTab(house, monkeypatch, "other", risk=code)
    assert f"There is no risk {code}, or it is not within your sight." in other.said
    assert "Heat" not in other.said


def test_only_what_is_published_is_shown_to_a_viewer(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Fire").code
    viewer = RiskTab(house, monkeypatch, "viewer", risk=code)
    assert f"There is no risk {code}" in viewer.said
    house.clock.now += timedelta(minutes=1)
    take_snapshot(house.workspace, by=house["coordinator"], label="Q", published=True)
    house.clock.now += timedelta(minutes=1)
    told = Wording("Fire in the archive", "c", "e", "q", "OPERATIONS")
    house.do(actions.word_risk, "owner", code, wording=told)
    viewer = RiskTab(house, monkeypatch, "viewer", risk=code)
    assert f"{code} Fire" in viewer.said
    assert "Fire in the archive" not in viewer.said
    assert "This is the register as it was published on" in viewer.said
    assert "Owner" not in viewer.said
    assert "As seen in the last months." not in viewer.said  # why it was judged so
    parts = viewer.page.button_group(key="risk.part").options
    assert parts == ["Assessments", "Treatments", "Indicators", "Reviews"]
    assert viewer.offers() == []


def test_in_the_past_nothing_is_offered(house: RiskHouse, monkeypatch: MP) -> None:
    day = TODAY - timedelta(days=50)
    tab = RiskTab(house, monkeypatch, "owner", risk="R-0001", as_of=day.isoformat())
    assert "R-0001 Snow" in tab.said
    assert tab.offers() == []
    assert RiskTab(house, monkeypatch, "owner", risk="R-0001").offers() != []


def test_the_days_said_are_those_of_the_calendar(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Late things").code
    began: date = house.clock.now.astimezone(ZONE).date()
    due = began + timedelta(days=20)
    house.do(add_treatment, "owner", code, plan=Plan("Mend it", OWNER, due))
    house.do(deciding.escalate_risk, "owner", code, to_role="manager", reason="Help")
    said = RiskTab(house, monkeypatch, "owner", risk=code).said
    assert f"treatment “Mend it” is {(TODAY - due).days} days late" in said
    assert f"escalated to “Manager”, no answer for {(TODAY - began).days} days" in said


def test_figures_half_said_are_not_sent(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Frost").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    tab.open(Offer.ASSESS, "assessments")
    tab.fill(Offer.ASSESS, "current", quantified=True, rationale="Seen")
    tab.fill(Offer.ASSESS, "current", severity="pert", frequency="poisson")
    tab.fill(Offer.ASSESS, "current", rate=2.0, low=100.0, high=700.0)
    assert "Fill in how often and from what to what it costs." in tab.said
    assert "The figures are not complete" in tab.send(Offer.ASSESS, "current")
    tab.fill(Offer.ASSESS, "current", mode=250.0)
    # PERT: (least + 4 likely + most) / 6, twice a year
    assert f"Expected loss: EUR {2 * (100 + 4 * 250 + 700) / 6:.0f} a year" in tab.said
    tab.send(Offer.ASSESS, "current")
    made = house.risk(code).current
    assert made is not None
    assert made.quantity is not None
    assert (made.quantity.mode, made.quantity.rate) == (250.0, 2.0)


def test_the_bow_tie_is_drawn_twice_and_told_as_text(house: RiskHouse, monkeypatch: MP) -> None:
    code = opened(house, "Wind").code
    tab = RiskTab(house, monkeypatch, "owner", risk=code)
    drawn = [one.value for one in tab.page.markdown if "data:image/svg+xml" in one.value]
    assert len(drawn) == 2
    assert all("Bow\\-tie of the risk" in one for one in drawn)
    for text in ("- One cause", "- Another cause", "- It happens", "- No control", "- It hurts"):
        assert text in tab.said
