"""How the page names extracts, profiles, days and moments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.extracts.profile import Profile
from data.language.texts import Said, Texts

BETWEEN = "\N{EN DASH}"


def extract_name(texts: Texts, contract: str) -> str:
    """The name of an extract in words; one that no catalogue knows is shown as it is."""
    return text_or(texts, f"extract_name.{contract}", contract)


def profile_title(texts: Texts, profile: Profile) -> str:
    """The title its author gave a profile; a native one is named after its extract."""
    if profile.titles:
        return profile.title(texts.language.value)
    name = extract_name(texts, profile.contract.name)
    return texts.text("extracts_page.native_title", extract=name)


def titles(texts: Texts, profiles: Iterable[Profile]) -> dict[str, str]:
    """Profile id to title, in the order of the titles."""
    named = {profile.id: profile_title(texts, profile) for profile in profiles}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def days(texts: Texts, first: date | None, last: date | None) -> str:
    """The days a file covers: one, a stretch, or none."""
    if first is None or last is None:
        return texts.value(None)
    if first == last:
        return texts.day_short(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{BETWEEN}{texts.day_short(last)}"
    return f"{texts.day_short(first)} {BETWEEN} {texts.day_short(last)}"


def said_or_key(texts: Texts, message: Said) -> str:
    """A note or a reason in words; one of a later version of the product is shown as it is."""
    return text_or(texts, message.key, message.key, **message.values)


def text_or(texts: Texts, key: str, otherwise: str, **values: object) -> str:
    """The text of a key that files or earlier versions brought along, if there is one."""
    try:
        return texts.text(key, **values)
    except KeyError:
        return otherwise
