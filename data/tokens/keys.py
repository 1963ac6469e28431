"""What a token looks like, and how it is kept: as a hash, because it is random enough for one."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any

from sqlmodel import col

from data.store.tables import ApiToken

PREFIX = "cra_"  # so that people and scanners know a lost one when they see it
RANDOM_BYTES = 32
ENDING = 4
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def new_key() -> str:
    """A token nobody can guess."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def is_key(text: str) -> bool:
    """Whether the text could be a token at all."""
    return _SHAPE.fullmatch(text) is not None


def hash_of(key: str) -> str:
    """What is kept of a token. Looking it up compares nothing an attacker could time."""
    return hashlib.sha256(key.encode()).hexdigest()


def live(now: datetime) -> tuple[Any, ...]:
    """The conditions of tokens that open something now."""
    return (col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now)
