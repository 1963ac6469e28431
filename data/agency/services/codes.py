"""What a service may be called in files: a plain code that is not mistaken for another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.errors import Invalid

LONGEST_CODE = 20
_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
# Signs that a reader takes for one another; letters of other scripts are no code at all.
_ALIKE = str.maketrans("OILSZB", "011528", "_")


def checked_service_code(text: str) -> str:
    """A code of capital letters, digits and underscores that begins with a letter, or Invalid."""
    code = text.strip()
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise Invalid(
            "reference.refused.service_code", code=code[: 2 * LONGEST_CODE], most=LONGEST_CODE
        )
    return code


def refuse_taken(code: str, known: Iterable[str]) -> None:
    """A code in use, or one that looks like a code in use, is Invalid."""
    alike = {_skeleton(one): one for one in known}.get(_skeleton(code))
    if alike == code:
        raise Invalid("reference.refused.known", code=code)
    if alike is not None:
        raise Invalid("reference.refused.code_lookalike", code=code, known=alike)


def _skeleton(code: str) -> str:
    return code.translate(_ALIKE)
