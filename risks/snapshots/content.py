"""The whole register as bytes: made from what stands, or from the trail alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from data.codec import canonical
from data.records import RECORD, Document, contents, standing
from data.store.tables import AuditEntry
from data.workspace import Reader
from risks.register.nouns import Noun

Standing = dict[Noun, list[tuple[int, str]]]  # id and digest of the versions that stand
NOUNS = tuple(noun.value for noun in Noun)


def standing_now(reader: Reader, until: datetime | None = None) -> Standing:
    """The versions of everything in the register that stand now, or stood until a moment."""
    return {noun: sorted(standing(reader, noun, until)) for noun in Noun}


def bytes_of(reader: Reader, versions: Standing) -> bytes:
    """What these versions say, by noun and code."""
    return _written(
        {
            noun.value: [said for _digest, said in contents(reader, [one for one, _sha in found])]
            for noun, found in versions.items()
        }
    )


def register_bytes(reader: Reader, until: datetime) -> bytes:
    """The register as it stood until a moment, from its versions."""
    return bytes_of(reader, standing_now(reader, until))


def trail_bytes(reader: Reader, until: datetime) -> bytes:
    """The register as it stood until a moment, folded up from the audit trail alone."""
    table: Any = AuditEntry
    statement = (
        select(table.noun, table.noun_id, table.new)
        .where(col(table.noun).in_(NOUNS), table.at < until)
        .order_by(col(table.number))
    )
    records: dict[tuple[str, str], Document] = {}
    found: Any = reader.all(statement)
    for noun, noun_id, new in found:
        records.setdefault((noun, noun_id), {}).update((new or {}).get(RECORD, {}))
    register: dict[str, list[Document]] = {noun: [] for noun in NOUNS}
    for (noun, _noun_id), record in records.items():
        register[noun].append(record)
    return _written(register)


def packed(content: bytes) -> bytes:
    return zlib.compress(content, 6)


def unpacked(stored: bytes) -> bytes | None:
    """The bytes that were packed; None where they no longer can be read."""
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None


def _written(register: Mapping[str, Iterable[Document]]) -> bytes:
    return canonical({noun: sorted(said, key=_place) for noun, said in register.items()})


def _place(document: Document) -> tuple[int, str, str]:
    code = str(document.get("code", ""))
    return len(code), code, str(document.get("id", ""))
