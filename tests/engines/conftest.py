"""Both databases, for real: SQLite in a file, PostgreSQL as a server of the tests' own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.settings import Settings
from data.workspace import Workspace
from tests.requirements import required


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests, on a socket alone."""
    binaries = required("PostgreSQL", _binaries())
    with tempfile.TemporaryDirectory(prefix="cra-pg-") as name:
        folder = Path(name)
        # PostgreSQL refuses to run as root; Debian brings a user for it.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        cluster = folder / "cluster"

        def run(command: str, *arguments: str) -> None:
            subprocess.run(
                [str(binaries / command), *arguments],
                user=user,
                cwd=folder,
                check=True,
                stdout=subprocess.DEVNULL,
                timeout=60,
            )

        run("initdb", "--auth=trust", "--username=cra", "--encoding=UTF8", "-D", str(cluster))
        options = f"-c listen_addresses='' -k {folder}"
        run("pg_ctl", "-w", "-D", str(cluster), "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql+psycopg://cra@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-w", "-D", str(cluster), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Workspace]:
    """An empty house on each of the databases."""
    if request.param == "postgresql":
        settings = replace(
            settings, database_url=fresh_database(request.getfixturevalue("postgresql"))
        )
    workspace = Workspace.open(settings)
    workspace.database.upgrade()
    yield workspace
    workspace.database.dispose()


def fresh_database(server: str) -> str:
    """A new database on the server."""
    import uuid

    import sqlalchemy

    name = f"cra_{uuid.uuid4().hex}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
