"""Passwords: argon2id hashes, and the least a password must be."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.errors import Invalid

MIN_LENGTH = 12
MAX_LENGTH = 256  # hashing longer ones would only serve an attacker

_hasher = PasswordHasher()
# Verified when an account does not exist, so that the time taken does not tell.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to store; a password too short or too long is Invalid."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid("access.password_length", shortest=MIN_LENGTH, longest=MAX_LENGTH)
    return _hasher.hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind the hash; no account is as slow as a wrong one."""
    try:
        matches = _hasher.verify(stored or _NOBODY, password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None
