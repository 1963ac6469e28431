"""What every edit of reference data has to say: who says so, and why it is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import Invalid

LONGEST = 500
LANGUAGES = ("sq", "sr", "en")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")


@dataclass(frozen=True, slots=True)
class Grounds:
    """The source of what is entered, and the reason for the edit, which the audit trail keeps."""

    source: str
    reason: str

    def checked(self) -> Grounds:
        """The same without idle spaces; without either, or endless, it is Invalid."""
        return Grounds(
            checked_text(self.source, "reference.refused.no_source"),
            checked_text(self.reason, "reference.refused.no_reason"),
        )


def checked_names(names: Mapping[str, str]) -> dict[str, str]:
    """A name in each of the three languages, without idle spaces; one that lacks is Invalid."""
    return {
        language: checked_text(names.get(language, ""), "reference.refused.no_name")
        for language in LANGUAGES
    }


def checked_code(text: str) -> str:
    """A code as registers and files write it: capitals and digits; else it is Invalid."""
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise Invalid("reference.refused.code", code=code[:LONGEST])
    return code


def checked_text(text: str, lacking: str) -> str:
    """A text without idle spaces; none, or one that does not end, is Invalid."""
    said = " ".join(text.split())
    if not said:
        raise Invalid(lacking)
    if len(said) > LONGEST:
        raise Invalid("reference.refused.too_long", most=LONGEST)
    return said
