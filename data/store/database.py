"""The database: one engine to read with, one to write with, and how its schema is kept up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as every writer of this product takes the same.
WRITE_LOCK = 7_301_000
BUSY_TIMEOUT_MS = 60_000


class Database:
    """Sessions over SQLite (WAL, foreign keys on) or PostgreSQL; writers come one at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._reader = self._engine(read_only=True)
        self._writer = self._engine(read_only=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write, whatever is asked of it."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session holding the write lock; committed at the end, rolled back on any error.

        It is held before the session is handed out: whoever looks at the clock then looks at it
        after all that was written before.
        """
        with Session(self._writer) as session, session.begin():
            connection = session.connection()
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": WRITE_LOCK})
            yield session

    def upgrade(self) -> None:
        """Bring the schema to what this version of the product needs."""
        self._make_folder()
        with self._writer.connect() as connection:
            command.upgrade(self._alembic(connection), "head")
            connection.commit()

    def is_current(self) -> bool:
        """Whether every migration has been applied."""
        if self.is_sqlite and not self._sqlite_path().exists():
            return False
        with self._reader.connect() as connection:
            applied = MigrationContext.configure(connection).get_current_revision()
        return applied == ScriptDirectory(str(MIGRATIONS)).get_current_head()

    def dispose(self) -> None:
        self._reader.dispose()
        self._writer.dispose()

    def _engine(self, *, read_only: bool) -> Engine:
        if not self.is_sqlite:
            options = {"postgresql_readonly": True} if read_only else {}
            return create_engine(self.url, execution_options=options)
        engine = create_engine(self.url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _sqlite_reader if read_only else _sqlite_writer)
        event.listen(engine, "begin", _begin if read_only else _begin_immediate)
        return engine

    def _alembic(self, connection: Connection) -> Config:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        return config

    def _make_folder(self) -> None:
        if self.is_sqlite:
            self._sqlite_path().parent.mkdir(parents=True, exist_ok=True)

    def _sqlite_path(self) -> Path:
        return Path(make_url(self.url).database or "")


def _sqlite_writer(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's events below say BEGIN, not the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    # The lock is taken at the start: a deferred one could fail half way through a transaction.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
