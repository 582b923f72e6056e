"""The embedded PostgreSQL: made, started again, recovered, and plain about what is wrong."""

import asyncio
import os
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from gevinst_shared.cli import postmaster
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.databases import make_databases
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.cli.postgres_binaries import find_binaries, is_open, major_version, reachable_binaries
from tests.support.house import chosen_postgres

pytestmark = [pytest.mark.slow, pytest.mark.database]


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that the database's account can reach, which pytest's own is not when root runs it."""
    with tempfile.TemporaryDirectory(prefix="gevinst-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(home, is_durable=False, binaries=chosen_postgres())
    yield server
    server.stop()


def ask(url: str, *statements: str) -> object:
    """The value of the last statement, without the driver of the services."""

    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


def test_data_survives_a_kill_and_a_new_start(home: Path) -> None:
    first = EmbeddedPostgres(home, binaries=chosen_postgres())
    url = first.start()
    ask(url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42) RETURNING n")
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    again = EmbeddedPostgres(home, binaries=chosen_postgres())
    try:
        assert ask(again.start(), "SELECT n FROM kept") == 42
        assert again.url == url
    finally:
        again.stop()


def test_a_server_that_outlived_its_supervisor_is_ended_first(home: Path) -> None:
    orphan = EmbeddedPostgres(home, is_durable=False, binaries=chosen_postgres())
    orphan.start()
    again = EmbeddedPostgres(home, is_durable=False, binaries=chosen_postgres())
    try:
        assert ask(again.start(), "SELECT 1") == 1
    finally:
        again.stop()
    assert orphan.process is not None
    assert orphan.process.wait(10) == 0


def test_the_note_of_a_server_whose_number_another_program_has_now_is_taken_away(
    postgres: EmbeddedPostgres,
) -> None:
    postgres.start()
    postgres.stop()
    (postgres.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{postgres.data}\n0\n{postgres.port}\n\n\n\nready\n"
    )
    assert not postmaster.is_ready(postgres.data)
    assert ask(postgres.start(), "SELECT 1") == 1


def test_it_wants_a_password_and_keeps_it_to_itself(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    password_file = postgres.home / "secrets" / "postgres"
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(url.replace(password_file.read_text().strip(), "guess"), "SELECT 1")
    assert ask(url, "SELECT rolpassword FROM pg_authid WHERE rolname = 'gevinst'").startswith("SCRAM-SHA-256")  # type: ignore[attr-defined]


def test_it_never_runs_as_root(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    assert postgres.process is not None
    assert Path(f"/proc/{postgres.process.pid}").stat().st_uid != 0


def test_a_remembered_port_that_is_taken_now_is_replaced(postgres: EmbeddedPostgres) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (postgres.home / "postgres.port").write_text(str(other.getsockname()[1]))
        assert ask(postgres.start(), "SELECT 1") == 1
        assert postgres.port != other.getsockname()[1]


def test_a_taken_port_that_was_asked_for_is_one_sentence(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        server = EmbeddedPostgres(
            home, port=other.getsockname()[1], is_durable=False, binaries=chosen_postgres()
        )
        with pytest.raises(CannotStart, match=rf"Port \d+ is taken by .+ \(process {os.getpid()}\)"):
            server.start()


def test_data_of_another_version_is_left_alone(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(CannotStart, match=r"was written by PostgreSQL 9 and this is PostgreSQL \d+"):
        postgres.start()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("No space left on device", "is full: free some space"), ("error: it is Monday", "it is Monday")],
)
def test_why_it_cannot_be_made_is_one_sentence(home: Path, said: str, sentence: str) -> None:
    binaries = home / "bin"
    binaries.mkdir()
    for name, text in (("initdb", f"echo 'initdb: {said}' >&2; exit 1"), ("postgres", "echo postgres 18.4")):
        (binaries / name).write_text(f"#!/bin/sh\n{text}\n")
        (binaries / name).chmod(0o755)
    with pytest.raises(CannotStart, match=sentence):
        EmbeddedPostgres(home / "house", binaries=binaries).start()
    assert not (home / "house" / "postgres" / "data").exists()


def test_programs_that_only_root_can_reach_are_copied_and_their_directory_stays_closed(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    package = find_binaries().parent.parent
    for source in (package, package.with_name(f"{package.name}.libs")):
        (closed / source.name).mkdir()
    installation = closed / package.name / find_binaries().parent.name
    installation.symlink_to(find_binaries().parent, target_is_directory=True)
    copied = reachable_binaries(installation / "bin", home / "programs")
    assert is_open(copied / "postgres") or os.geteuid() != 0  # another account runs its own server
    assert major_version(copied) == major_version(find_binaries())
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


DEBIAN = Path("/usr/lib/postgresql/15/bin")


@pytest.mark.parametrize(
    "binaries",
    [find_binaries(), *([DEBIAN] if DEBIAN.exists() else [])],
    ids=lambda path: str(major_version(path)),
)
def test_each_service_gets_a_database_and_roles_that_cannot_do_more_than_they_must(
    home: Path, binaries: Path
) -> None:
    server = EmbeddedPostgres(home, is_durable=False, binaries=binaries)
    try:
        admin = server.start()
        first = asyncio.run(make_databases(admin, home / "secrets"))
        assert asyncio.run(make_databases(admin, home / "secrets")) == first
        own = first["benefits"]
        app, owner = (url.replace("+asyncpg", "") for url in (own.url, own.owner_url))
        ask(
            owner, "CREATE TABLE event (n int)", "GRANT SELECT ON event TO gevinst_benefits_queue", "SELECT 1"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(app, "SELECT count(*) FROM event")
        assert ask(app, "SET ROLE gevinst_benefits_queue", "SELECT count(*) FROM event") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(app, "CREATE TABLE mine (n int)", "SELECT 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(f"{app.removesuffix('benefits')}portfolio", "SELECT 1")
        powers = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
        powers = f"SELECT bool_or({powers}) FROM pg_roles WHERE rolname LIKE 'gevinst\\_%'"
        assert ask(admin, powers) is False
        assert (
            ask(admin, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'gevinst_benefits_queue'") is False
        )
    finally:
        server.stop()


def test_a_cluster_for_a_test_below_a_closed_directory_leaves_nothing(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed, is_durable=False)
    assert ask(server.start(), "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    server.stop()
    assert server.place.is_relative_to(closed) or not server.place.exists()


def test_stopping_leaves_no_process(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    process = postgres.process
    assert process is not None
    postgres.stop()
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, signal.SIG_DFL)
