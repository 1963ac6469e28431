"""Tokens: with them programs read the data interface as the person who made them, and no more."""

from data.tokens.actions import (
    LIFETIMES,
    LONGEST_NAME,
    MOST_TOKENS,
    NewToken,
    create_token,
    revoke_token,
)
from data.tokens.admission import holder_of, note_refused
from data.tokens.directory import TokenView, list_tokens

__all__ = [
    "LIFETIMES",
    "LONGEST_NAME",
    "MOST_TOKENS",
    "NewToken",
    "TokenView",
    "create_token",
    "holder_of",
    "list_tokens",
    "note_refused",
    "revoke_token",
]
