"""Whether a snapshot is still what the register was: held against its digest, the versions and the
audit trail.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import chain

from data.codec import digest
from data.workspace import Reader
from risks.snapshots.content import register_bytes, trail_bytes
from risks.snapshots.reading import read_snapshot, stored


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found; `differing` are the codes of what is not the same everywhere."""

    digest_holds: bool  # the bytes kept are those that were written
    versions_hold: bool  # the register as of then, from its versions, is those bytes
    trail_holds: bool  # and so it is when folded up from the audit trail
    differing: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.digest_holds and self.versions_hold and self.trail_holds


def proved(reader: Reader, snapshot_id: str) -> Proof:
    """Hold a snapshot against everything else that tells of its moment."""
    snapshot = read_snapshot(reader, snapshot_id)
    kept = stored(reader, snapshot_id)
    if kept is None:
        return Proof(digest_holds=False, versions_hold=False, trail_holds=False)
    versions = register_bytes(reader, snapshot.as_of)
    trail = trail_bytes(reader, snapshot.as_of)
    return Proof(
        digest_holds=hashlib.sha256(kept).hexdigest() == snapshot.sha256,
        versions_hold=versions == kept,
        trail_holds=trail == kept,
        differing=tuple(sorted(_differing(kept, versions) | _differing(kept, trail))),
    )


def _differing(one: bytes, other: bytes) -> set[str]:
    """The codes of what is in one and not the same in the other."""
    if one == other:
        return set()
    return {code for code, _said in set(_digests(one).items()) ^ set(_digests(other).items())}


def _digests(content: bytes) -> dict[str, str]:
    found = chain.from_iterable(json.loads(content).values())
    return {str(said.get("code")): digest(said) for said in found}
