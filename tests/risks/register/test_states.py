"""Every act on every state, held against the table of the design written down a second time."""

from __future__ import annotations

import pytest

from data.errors import Invalid
from risks.register.states import ACTIVE, Act, Status, acts_from, after

# From, by, to; a request refused goes back to where it was made.
WAYS = """
draft propose proposed
proposed approve open
proposed reject rejected
open treat in_treatment
open request_acceptance acceptance_requested
in_treatment request_acceptance acceptance_requested
acceptance_requested accept accepted
accepted end_acceptance open
open request_close close_requested
in_treatment request_close close_requested
close_requested close closed
closed reopen open
"""
EXPECTED = {tuple(line.split()[:2]): line.split()[2] for line in WAYS.strip().splitlines()}
REFUSED = {("acceptance_requested", "refuse_acceptance"), ("close_requested", "refuse_close")}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("status", Status)
def test_only_the_ways_of_the_table_are_open(status: Status, act: Act) -> None:
    way = (status.value, act.value)
    if way in REFUSED:
        for before in (Status.OPEN, Status.IN_TREATMENT):
            assert after(status, before, act) is before
    elif way in EXPECTED:
        assert after(status, None, act) == EXPECTED[way]
    else:
        assert act not in acts_from(status)
        with pytest.raises(Invalid, match="no_way"):
            after(status, None, act)


def test_what_is_over_or_not_begun_is_not_active() -> None:
    assert set(Status) - ACTIVE == {Status.DRAFT, Status.PROPOSED, Status.REJECTED, Status.CLOSED}
