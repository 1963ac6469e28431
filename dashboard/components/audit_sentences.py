"""Audit entries as sentences: one text a tag, filled with what the entry tells."""

from __future__ import annotations

from typing import Any

from data.access.roles import Role
from data.audit.tags import AuditTag
from data.language.languages import Language
from data.language.texts import Texts
from data.store.tables import AuditEntry


def tag_name(texts: Texts, tag: str) -> str:
    """What kind of entry it is, for a filter."""
    return texts.text(f"audit_tag.{tag}")


def sentence(texts: Texts, entry: AuditEntry) -> str:
    """What happened, in words. A tag of a later version of the product is shown as it is."""
    if entry.tag not in set(AuditTag):
        return f"{entry.actor} · {entry.tag} · {entry.noun} {entry.noun_id}"
    told = (entry.old or {}) | (entry.new or {})
    return texts.text(
        f"audit_sentence.{entry.tag}",
        actor=_name(texts, entry.actor),
        id=entry.noun_id,
        person=_text(told.get("person")) or entry.noun_id,
        role=_role(texts, told.get("role")),
        unit=_text(told.get("unit")),
        language=_language(texts, told.get("language")),
        kind=_text(told.get("kind")),
        outcome=_outcome(texts, told.get("state")),
    )


def _name(texts: Texts, actor: str) -> str:
    return texts.text("audit.system") if actor == "SYSTEM" else actor


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _role(texts: Texts, role: Any) -> str:
    return texts.word(Role(role)) if role in set(Role) else _text(role)


def _language(texts: Texts, language: Any) -> str:
    return texts.word(Language(language)) if language in set(Language) else _text(language)


def _outcome(texts: Texts, state: Any) -> str:
    known = {"done", "refused", "failed"}
    return texts.text(f"job_state.{state}") if state in known else _text(state)
