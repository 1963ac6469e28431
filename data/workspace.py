"""The door. Whoever reads or changes anything comes through here, and nowhere else.

    with workspace.read(by, Permission.KPI_VIEW) as reader: ...
    with workspace.change(by, Permission.TARGET_SET) as change:
        change.record(AuditTag.TARGET_SET, target, old=..., new=...)

Permission, unit scope, transaction, row versions and audit live here and nowhere else.

    past = workspace.at(Then(event=17, until=moment))  # the same house as it was known then
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, event, inspect
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import Select, SelectOfScalar

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit import trail
from data.audit.tags import AuditTag
from data.errors import Conflict, NotFound, PermissionDenied
from data.metrics.engine import Engine
from data.metrics.history import Shape
from data.settings import Settings
from data.store.batches import BatchStore
from data.store.database import Database
from data.store.tables.columns import Versioned

Row = TypeVar("Row", bound=SQLModel)
Value = TypeVar("Value")
# Never written to the trail, whatever an action hands over.
SECRETS = frozenset({"password_hash", "token_hash"})


@dataclass(frozen=True, slots=True)
class Then:
    """A time in the past: extract events up to a number, what people had said until a moment."""

    event: int
    until: datetime


class Reader:
    """A read-only look, limited to the units in which the actor may look; `then` None is now."""

    def __init__(
        self,
        session: Session,
        by: Actor,
        permission: Permission,
        settings: Settings,
        then: Then | None = None,
        now: datetime | None = None,
    ) -> None:
        self._session = session
        self.by = by
        self.units = by.units_for(permission)
        self.settings = settings
        self.then = then
        self.now = now or datetime.now(UTC)

    @property
    def today(self) -> date:
        """The agency's day of now, or the last one of the time looked at."""
        return _day(self.then, self.now, self.settings)

    def engine(self, shapes: Mapping[str, Shape]) -> Engine:
        """The measurement engine over the batches of extracts of these shapes."""
        spill = self.settings.home / "spill"
        return Engine(BatchStore(self.settings.extracts), shapes, temp=spill)

    def all(self, statement: SelectOfScalar[Value] | Select[Any]) -> Sequence[Value]:
        """Every row the statement finds."""
        return cast(Sequence[Value], self._session.exec(statement).all())

    def first(self, statement: SelectOfScalar[Value] | Select[Any]) -> Value | None:
        """The first row the statement finds, or None."""
        return cast(Value | None, self._session.exec(statement).first())

    def get(self, table: type[Row], key: Any) -> Row:
        """The row with this key; none is NotFound."""
        row = self._session.get(table, key)
        if row is None:
            raise NotFound("door.not_found", noun=noun_of(table), id=str(key))
        return row

    def find(self, table: type[Row], key: Any) -> Row | None:
        """The row with this key, or None."""
        return self._session.get(table, key)

    def scope(self, unit_code: str) -> bool:
        """Whether the actor may look into this unit."""
        return self.units is None or unit_code in self.units


class Change(Reader):
    """One user action: everything in it becomes true together, with its audit, or nothing does."""

    def __init__(
        self,
        session: Session,
        by: Actor,
        permission: Permission,
        settings: Settings,
        now: datetime | None = None,
    ) -> None:
        super().__init__(session, by, permission, settings, now=now)
        self._permission = permission
        self.recorded = 0

    def add(self, *rows: SQLModel) -> None:
        """Take new rows in, or changed ones."""
        self._session.add_all(rows)
        self._session.flush()

    def execute(self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
        """Run a statement over many rows at once; returns how many it touched."""
        result = self._session.connection().execute(statement, rows)
        return int(result.rowcount)

    def insert_many(
        self, table: type[SQLModel], names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert plain values by the ten thousand: no row becomes an object on the way."""
        connection = self._session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        columns = ", ".join(inspect(table).columns[name].name for name in names)
        marks = ", ".join(["?" if is_sqlite else "%s"] * len(names))
        statement = f"INSERT INTO {noun_of(table)} ({columns}) VALUES ({marks})"
        connection.exec_driver_sql(statement, list(rows))

    def get_version(self, table: type[Row], key: Any, version: int) -> Row:
        """The row, provided it is still the version the person saw; else a Conflict with both."""
        row = self.get(table, key)
        current = cast(Versioned, row).row_version
        if current != version:
            raise Conflict(
                "door.conflict",
                noun=noun_of(table),
                id=str(key),
                seen=version,
                current=snapshot(row),
            )
        return row

    def require_unit(self, unit_code: str) -> None:
        """Refuse unless the actor's right reaches this unit."""
        if not self.scope(unit_code):
            raise PermissionDenied(
                "door.denied_in_unit", permission=self._permission.value, unit=unit_code
            )

    def leave_unrecorded(self) -> None:
        """Commit without an audit entry: for a person's own desk, which nobody else sees."""
        self.recorded += 1

    def record(
        self,
        tag: AuditTag,
        row: SQLModel | None = None,
        *,
        noun: str = "",
        noun_id: str = "",
        old: dict[str, Any] | None = None,
        new: dict[str, Any] | None = None,
    ) -> None:
        """Write the audit entry of this change, about a row or about a named noun."""
        self._session.flush()
        trail.append(
            self._session,
            actor=self.by.email,
            tag=tag,
            noun=noun_of(type(row)) if row is not None else noun,
            noun_id=identity_of(row) if row is not None else noun_id,
            old=old,
            new=new,
            at=self.now,
        )
        self.recorded += 1


class UnrecordedChange(RuntimeError):
    """A bug: an action changed something and told the audit trail nothing."""


class Workspace:
    """The house behind the door: its settings, its database."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        then: Then | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.then = then
        self.clock = clock or _now

    @classmethod
    def open(cls, settings: Settings) -> Workspace:
        """The workspace these settings describe."""
        return cls(settings, Database(settings.database_url))

    def at(self, then: Then | None) -> Workspace:
        """The same house as it was known at a time; the past can be read, not changed."""
        return Workspace(self.settings, self.database, then, self.clock)

    def by_clock(self, clock: Callable[[], datetime]) -> Workspace:
        """The same house in which it is as late as this clock says: for playing a story."""
        return Workspace(self.settings, self.database, self.then, clock)

    @property
    def now(self) -> datetime:
        """This moment, or the last one of the time looked at."""
        return _moment(self.then, self.clock())

    @property
    def today(self) -> date:
        """The agency's day, or the last one of the time looked at."""
        return _day(self.then, self.clock(), self.settings)

    @contextmanager
    def read(self, by: Actor, permission: Permission) -> Iterator[Reader]:
        """Look at something the actor may look at, or refuse."""
        self._admit(by, permission)
        with self.database.reading() as session:
            yield Reader(session, by, permission, self.settings, self.then, self.clock())

    @contextmanager
    def change(self, by: Actor, permission: Permission) -> Iterator[Change]:
        """One transaction for something the actor may do, or refuse. Unrecorded, it is undone."""
        self._admit(by, permission)
        if self.then is not None:
            raise Conflict("door.past")
        with self.database.writing() as session:
            event.listen(session, "before_flush", _raise_row_versions)
            change = Change(session, by, permission, self.settings, self.clock())
            yield change
            if not change.recorded:
                raise UnrecordedChange(f"{permission.value} by {by.email}")

    def _admit(self, by: Actor, permission: Permission) -> None:
        if by.may(permission):
            return
        with self.database.writing() as session:
            trail.append(
                session,
                actor=by.email,
                tag=AuditTag.REFUSED,
                noun="permission",
                noun_id=permission.value,
            )
        raise PermissionDenied("door.denied", permission=permission.value)


def snapshot(row: SQLModel) -> dict[str, Any]:
    """A row's values as the trail and a conflict may show them, without secrets."""
    return {
        name: value for name, value in row.model_dump(mode="json").items() if name not in SECRETS
    }


def noun_of(table: type[SQLModel]) -> str:
    return str(getattr(table, "__tablename__", table.__name__))


def identity_of(row: SQLModel) -> str:
    """The row's key as text."""
    return "/".join(str(part) for part in inspect(row).identity or ())


def _raise_row_versions(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        if isinstance(row, Versioned) and session.is_modified(row):
            row.row_version += 1


def _now() -> datetime:
    return datetime.now(UTC)


def _day(then: Then | None, now: datetime, settings: Settings) -> date:
    return _moment(then, now).astimezone(settings.zone).date()


def _moment(then: Then | None, now: datetime) -> datetime:
    return then.until - timedelta(microseconds=1) if then else now
