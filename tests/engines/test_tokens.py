"""Tokens are kept, looked up and taken back alike on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from data.access.actor import SYSTEM
from data.access.roles import Role
from data.agency.actions import found_agency
from data.audit.tags import AuditTag
from data.auditing import Wanted, count, verify_trail
from data.signing_in import actor_by_email
from data.tokens import create_token, holder_of, list_tokens, note_refused, revoke_token
from data.workspace import Workspace
from tests.engines.test_ground import add_person

BESA = "besa@example.org"


def test_a_token_is_its_holder_until_it_is_taken_back(house: Workspace) -> None:
    found_agency(house, by=SYSTEM)
    add_person(house, BESA, Role.VIEWER)
    besa = actor_by_email(house, BESA)
    assert besa is not None
    token = create_token(house, by=besa, name="Power BI", days=30)
    assert holder_of(house, token.key) == besa
    (kept,) = list_tokens(house, by=besa)
    assert kept.last_used_at is not None
    assert kept.expires_at == token.expires_at
    revoke_token(house, by=besa, token_id=token.id)
    assert holder_of(house, token.key) is None


@pytest.mark.parametrize("key", ["\0", "' OR 1=1 --", "é" * 47, "cra_" + "x" * 43])
def test_what_is_no_token_is_refused_and_put_on_record(house: Workspace, key: str) -> None:
    found_agency(house, by=SYSTEM)
    assert holder_of(house, key) is None
    note_refused(house, key, address="192.0.2.1")
    assert count(house, by=SYSTEM, wanted=Wanted(tag=AuditTag.TOKEN_REFUSED)) == 1
    assert verify_trail(house, by=SYSTEM).holds
