"""The notices nobody has seen to yet, or had seen to at the time looked at.

A refused file is seen to as soon as a good load of the same extract and days follows, by whatever
way it came; where its days are unknown, one of a file of the same name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlmodel import col, or_, select

from data.notices.kinds import NoticeKind
from data.store.tables import Batch, ExtractEvent, Notice
from data.store.versions import WITHDRAWAL
from data.workspace import Reader


def open_notices(reader: Reader, kinds: Collection[NoticeKind]) -> tuple[Notice, ...]:
    """The open notices of these kinds, the newest first."""
    statement = select(Notice).where(col(Notice.kind).in_([kind.value for kind in kinds]))
    statement = statement.where(*_standing(reader))
    found = reader.all(statement.order_by(col(Notice.id).desc()))
    later = _loads_after(reader, found)
    return tuple(each for each in found if not any(_settles(batch, each) for batch in later))


def _standing(reader: Reader) -> list[Any]:
    """Which notices are open: not closed, or at the time looked at not closed yet."""
    closed = col(Notice.closed_at)
    if reader.then is None:
        return [closed.is_(None)]
    until = reader.then.until
    return [col(Notice.at) <= until, or_(closed.is_(None), closed > until)]


def _loads_after(reader: Reader, found: Iterable[Notice]) -> Sequence[Batch]:
    """The loads in use since the oldest refused file."""
    since = [each.at for each in found if each.kind == NoticeKind.FILE_REFUSED]
    if not since:
        return ()
    known = [col(ExtractEvent.number) <= reader.then.event] if reader.then else []
    events = select(ExtractEvent.batch_id).where(*known)
    withdrawn = events.where(ExtractEvent.kind == WITHDRAWAL)
    loaded = select(Batch).where(col(Batch.loaded_at) > min(since), col(Batch.id).in_(events))
    return reader.all(loaded.where(col(Batch.id).not_in(withdrawn)))


def _settles(batch: Batch, notice: Notice) -> bool:
    if notice.kind != NoticeKind.FILE_REFUSED or batch.loaded_at <= notice.at:
        return False
    if notice.contract not in (None, batch.contract):
        return False
    if notice.contract is None or notice.span_from is None or notice.span_to is None:
        return batch.file_name == notice.subject
    first, last = batch.coverage_from, batch.coverage_to
    if first is None or last is None:
        return batch.file_name == notice.subject
    return first <= notice.span_from and notice.span_to <= last
