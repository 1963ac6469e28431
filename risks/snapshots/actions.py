"""Taking snapshots of the register, and publishing it with them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlmodel import col, func, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Invalid
from data.records import TICK
from data.store.tables import RecordVersion, RegisterSnapshot
from data.workspace import Change, Workspace
from risks.register.keeping import new_id
from risks.register.kinds import Part
from risks.register.lifecycle import said
from risks.register.nouns import Noun
from risks.snapshots.content import bytes_of, packed, standing_now
from risks.snapshots.reading import NAMES, Snapshot

LONGEST = 120


def take_snapshot(
    workspace: Workspace, *, by: Actor, label: str, published: bool = False
) -> Snapshot:
    """Keep the whole register as it stands, byte for byte, under a label.

    Published, it is what those see who may only see what is published, until the next one is.
    """
    text = said(label, Part.TITLE)
    if len(text) > LONGEST:
        raise Invalid("risks.refused.too_long", part=Part.TITLE, longest=LONGEST)
    # Most is made before the write lock is taken: nobody may hold up all writers.
    with workspace.read(by, Permission.REGISTER_PUBLISH) as reader:
        versions = standing_now(reader)
        content = bytes_of(reader, versions)
    stored = packed(content)
    with workspace.change(by, Permission.REGISTER_PUBLISH) as change:
        change.require_unit(WHOLE_AGENCY)
        if (stands := standing_now(change)) != versions:
            content = bytes_of(change, stands)
            stored = packed(content)
        change.now = _moment(change)
        row = RegisterSnapshot(
            id=new_id(),
            label=text,
            as_of=change.now,
            published=published,
            risks=len(stands[Noun.RISK]),
            sha256=hashlib.sha256(content).hexdigest(),
            content=stored,
            taken_by=by.email,
            taken_at=change.now,
        )
        change.add(row)
        taken = Snapshot(*(getattr(row, name) for name in NAMES))
        told = plain(taken) | {"kind": taken.label}
        change.record(AuditTag.SNAPSHOT_TAKEN, row, new=told)
        return taken


def _moment(change: Change) -> datetime:
    """A moment later than every change of the register and every snapshot of it."""
    kept = change.first(select(func.max(col(RecordVersion.at))))
    taken = change.first(select(func.max(col(RegisterSnapshot.as_of))))
    return max([change.now, *(one + TICK for one in (kept, taken) if one)])
