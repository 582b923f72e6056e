"""A mail server that keeps what it gets as files: `python -m gevinst_shared.cli.mail_catcher`."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path

import typer
from aiosmtpd.smtp import SMTP, Envelope, Session

from gevinst_shared.values.ids import new_id


class MailFolder:
    """Writes each message to a file of its own, named by its moment, so that a listing is in order."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        name = f"{moment}-{new_id()}"
        draft = self._directory / f".{name}"
        draft.write_bytes(envelope.original_content or b"")
        draft.replace(self._directory / f"{name}.eml")
        return "250 kept"


async def catch_mail(directory: Path, port: int) -> None:
    """Serve SMTP on loopback until SIGTERM."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(MailFolder(directory), hostname="localhost", enable_SMTPUTF8=True, loop=loop),
        "127.0.0.1",
        port,
    )
    async with server:
        await stopped.wait()


def main(directory: Path, port: int) -> None:
    """Catch mail into DIRECTORY."""
    directory.mkdir(parents=True, exist_ok=True)
    asyncio.run(catch_mail(directory, port))


if __name__ == "__main__":
    typer.run(main)
