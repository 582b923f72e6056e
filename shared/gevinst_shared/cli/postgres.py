"""A PostgreSQL of our own: made, started, recovered and stopped without an installation or an administrator.

As root it runs as `nobody`; it listens on loopback TCP only and asks for a SCRAM password.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from gevinst_shared.cli import postmaster
from gevinst_shared.cli.cannot_start import CannotStart, disk_full, is_disk_full, says_disk_full
from gevinst_shared.cli.orphans import ends_with_parent
from gevinst_shared.cli.ports import free_port, is_taken, require_free
from gevinst_shared.cli.postgres_binaries import (
    UNPRIVILEGED,
    find_binaries,
    is_open,
    major_version,
    reachable_binaries,
)
from gevinst_shared.cli.secret_files import secret

SUPERUSER = "gevinst"
START_SECONDS = 60  # recovery after a kill reads the log of at most `max_wal_size`
_STILL_HELD = ("pre-existing shared memory block", "Address already in use")


class EmbeddedPostgres:
    """One database cluster in `home`.

    `port` fixes the port; without it a free one is chosen and remembered. `is_durable=False` turns fsync off,
    for tests. Everything that the person can put right raises `CannotStart`.
    """

    def __init__(
        self, home: Path, *, port: int | None = None, is_durable: bool = True, binaries: Path | None = None
    ) -> None:
        self.home = home.absolute()
        self.is_durable = is_durable
        self.log = self.home / "log" / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0  # chosen by `prepare`, and the same for as long as this object lives
        self._asked_port = port
        self._found = binaries or find_binaries()

    def start(self) -> str:
        """Start, with recovery if the last run was killed, and return the administrator's URL."""
        self.prepare()
        before = self.log.stat().st_size if self.log.exists() else 0
        deadline = time.monotonic() + START_SECONDS
        while not self._started():
            complaint = _tail(self.log, before)
            if not any(words in complaint for words in _STILL_HELD) or time.monotonic() > deadline:
                raise self._reason(complaint)
            time.sleep(0.2)  # the processes of a killed server are on their way out
            before = self.log.stat().st_size
        return self.url

    def stop(self) -> None:
        """Disconnect everybody, write what is in memory, and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        if not self.is_durable and not self.place.is_relative_to(self.home):
            self.remove()

    def remove(self) -> None:
        """Delete the stopped cluster, wherever it lies."""
        shutil.rmtree(self.place, ignore_errors=True)

    @property
    def url(self) -> str:
        """The superuser's address, as asyncpg reads it."""
        return f"postgresql://{SUPERUSER}:{secret(self._password_file)}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Make what `command` needs: directories, programs in reach, the cluster itself, a port."""
        try:
            for directory in (self.home, self.log.parent):
                directory.mkdir(parents=True, exist_ok=True)
            self.place.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                self.place.chmod(0o711)  # a directory of ours alone
            self.binaries = reachable_binaries(self._found, self.place / "programs")
            postmaster.end_left_over(self.data)
            self._require_same_version()
            if not self.data.exists():
                self._create()
            self._choose_port()
        except OSError as error:
            raise disk_full(self.home) if is_disk_full(error) else error from None

    @property
    def command(self) -> tuple[str, ...]:
        """The server in the foreground, with settings for a small machine that keeps its promises."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": "32MB",
            "max_connections": 100,
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "max_wal_size": "256MB",
            "jit": "off",
            "fsync": "on" if self.is_durable else "off",
            "synchronous_commit": "on" if self.is_durable else "off",
            "full_page_writes": "on" if self.is_durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return (str(self.binaries / "postgres"), "-D", str(self.data), *options)

    @cached_property
    def place(self) -> Path:
        """Where the cluster lies: in the home, or where `nobody` can reach it when root's home is closed.

        A cluster that need not last then lies in a temporary directory, which goes when it stops.
        """
        inside = self.home / "postgres"
        if os.geteuid() != 0 or is_open(inside / "data"):
            return inside
        if self.is_durable:
            return Path("/var/lib/gevinst") / sha256(str(self.home).encode()).hexdigest()[:16]
        return Path(tempfile.mkdtemp(prefix="gevinst-"))

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def account(self) -> str | None:
        """The account that runs the server, when it is not ours."""
        return UNPRIVILEGED if os.geteuid() == 0 else None

    @property
    def _password_file(self) -> Path:
        return self.home / "secrets" / "postgres"

    def _choose_port(self) -> None:
        """The port that was asked for, else the one of the last run, else a free one; kept from then on."""
        if self.port:
            return
        note = self.home / "postgres.port"
        if self._asked_port is not None:
            require_free(self._asked_port, setting="another port for PostgreSQL")
            self.port = self._asked_port
        elif note.exists() and not is_taken(int(note.read_text())):
            self.port = int(note.read_text())
        else:
            self.port = free_port()
        note.write_text(str(self.port))

    def _create(self) -> None:
        """`initdb` into a draft that is renamed when whole: a kill in the middle leaves nothing half made."""
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        read_end, write_end = os.pipe()
        if self.account is not None:
            owner = pwd.getpwnam(self.account)
            for given in (draft, read_end):
                os.chown(given, owner.pw_uid, owner.pw_gid)
        os.write(write_end, secret(self._password_file).encode())
        os.close(write_end)
        arguments = [
            str(self.binaries / "initdb"),
            "-D",
            str(draft),
            "-U",
            SUPERUSER,
            f"--pwfile=/dev/fd/{read_end}",
        ]
        arguments += ["-A", "scram-sha-256", "-E", "UTF8", "--no-locale"]
        arguments += [] if self.is_durable else ["--no-sync"]
        made = subprocess.run(  # noqa: S603 - the programs that we found
            arguments,
            user=self.account,
            extra_groups=[] if self.account else None,
            pass_fds=(read_end,),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        os.close(read_end)
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise self._reason(made.stderr)
        draft.rename(self.data)

    def _started(self) -> bool:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the programs that we found
                self.command,
                user=self.account,
                extra_groups=[] if self.account else None,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509 - one system call, no lock is taken
            )
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            if postmaster.is_ready(self.data):
                return True
            time.sleep(0.01)
        return False

    def _require_same_version(self) -> None:
        note = self.data / "PG_VERSION"
        if not note.exists():
            return
        made_by, ours = int(note.read_text().split(".")[0]), major_version(self.binaries)
        if made_by != ours:
            raise CannotStart(
                f"The data in {self.data} was written by PostgreSQL {made_by} and this is PostgreSQL {ours}: "
                f"start with version {made_by}, or move the directory away to begin anew."
            )

    def _reason(self, complaint: str) -> CannotStart:
        if says_disk_full(complaint):
            return disk_full(self.place)
        last = next(
            (line for line in reversed(complaint.splitlines()) if "FATAL" in line or "error" in line), ""
        )
        return CannotStart(f"PostgreSQL did not start ({last.strip() or 'no reason given'}): see {self.log}.")


def _tail(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read().decode(errors="replace")
