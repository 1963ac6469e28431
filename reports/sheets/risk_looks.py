"""Levels of risk as word, shape and a colour that still reads in print."""

from __future__ import annotations

from typing import Any

from data.language.texts import Texts
from reports import styles
from reports.packs.risk_register import RiskRegisterPack
from risks.criteria.scale import Criteria
from risks.lexicon import Lexicon
from risks.register.record import Assessment

DARK = 140.0  # of 255: below it letters on a colour are white


def level_text(texts: Texts, lexicon: Lexicon, one: Assessment | None) -> str | None:
    """'▆ High', by the criteria of the assessment; None where it is not judged."""
    if one is None or one.level is None:
        return None
    criteria = lexicon.versions[one.criteria_version]
    name = texts.value(criteria.level_of(one.level).names)
    return f"{styles.FILLS[_place(criteria, one.level, len(styles.FILLS))]} {name}"


def level_look(lexicon: Lexicon, one: Assessment | None) -> dict[str, Any]:
    """The colour of a level and of letters on it."""
    if one is None or one.level is None:
        return {}
    return look_of(lexicon.versions[one.criteria_version], one.level)


def look_of(criteria: Criteria, level: str) -> dict[str, Any]:
    """The same of a level of these criteria."""
    colour = styles.LEVELS[_place(criteria, level, len(styles.LEVELS))]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return {"bg_color": colour, "font_color": styles.WHITE if brightness < DARK else styles.TEXT}


def sign_of(criteria: Criteria, level: str) -> str:
    return styles.FILLS[_place(criteria, level, len(styles.FILLS))]


def unit_text(pack: RiskRegisterPack, texts: Texts, code: str) -> str:
    """'Prishtinë (O01)'."""
    name = texts.value(pack.lexicon.naming.units.get(code, ""))
    return f"{name} ({code})" if name else code


def _place(criteria: Criteria, level: str, steps: int) -> int:
    """Where the level stands among so many steps, the lowest at 0."""
    last = max(len(criteria.levels) - 1, 1)
    return round(criteria.rank(level) / last * (steps - 1))
