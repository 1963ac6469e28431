"""What those learn of a risk who see only the published register."""

from __future__ import annotations

import json
from datetime import date

import pytest

from data.codec import plain
from risks.register.kinds import Kind, Outcome
from risks.register.published import published_register, published_view
from risks.register.states import Status
from tests.risks.records import full, made


def test_nobody_is_named_and_nothing_internal_is_told() -> None:
    known = json.dumps(plain(full(mark="SECRET")))
    told = json.dumps(plain(published_view(full(mark="SECRET"))))
    for hidden in ("@", "SECRET", "12000", "90000", "manager"):
        assert hidden in known
        assert hidden not in told


def test_what_the_risk_is_and_what_is_done_about_it_stays() -> None:
    risk = full()
    told = published_view(risk)
    for name in ("code", "title", "cause", "event", "consequence", "unit_code", "response"):
        assert getattr(told, name) == getattr(risk, name)
    for kind in Kind:
        now, before = told.assessment(kind), risk.assessment(kind)
        assert now is not None
        assert before is not None
        assert (now.likelihood, now.impacts, now.level) == (
            before.likelihood,
            before.impacts,
            before.level,
        )
    (one,) = told.treatments
    assert (one.text, one.due, one.slippage) == (
        "Hold three months of stock",
        date(2025, 5, 1),
        30,
    )
    assert [link.control_id for link in told.controls] == ["control-1"]
    assert [one.outcome for one in told.reviews] == [Outcome.CONFIRM]
    assert (told.acceptances, told.escalations, told.comments) == ((), (), ())


@pytest.mark.parametrize(
    ("status", "before", "shown"),
    [
        (Status.CLOSE_REQUESTED, Status.IN_TREATMENT, Status.IN_TREATMENT),
        (Status.ACCEPTANCE_REQUESTED, Status.OPEN, Status.OPEN),
        (Status.ACCEPTED, None, Status.ACCEPTED),
        (Status.CLOSED, None, Status.CLOSED),
    ],
)
def test_what_is_asked_for_is_told_once_it_is_decided(
    status: Status, before: Status | None, shown: Status
) -> None:
    told = published_view(full(status=status, status_before=before))
    assert (told.status, told.status_before) == (shown, None)


def test_what_is_not_in_the_register_is_not_told() -> None:
    risks = [made(number, status=status) for number, status in enumerate(Status, start=1)]
    told = {risks[one.number - 1].status for one in published_register(risks)}
    assert set(Status) - told == {Status.DRAFT, Status.PROPOSED, Status.REJECTED}
