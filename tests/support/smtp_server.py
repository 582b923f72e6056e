"""Real SMTP servers in the test's own event loop, which answer or fail as a script says."""

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
HANG = "hang"
OK = "250 OK"


@dataclass
class Mailbox:
    """What a server does with the next recipients and messages, and what it has taken in."""

    at_rcpt: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    logins: list[str] = field(default_factory=list)
    was_encrypted: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds hooks by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        self.was_encrypted = session.ssl is not None
        reply = await _play(self.at_rcpt, server)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = await _play(self.at_data, server)
        if reply in {OK, DROP}:  # a server may take a message and die before it says so
            content = envelope.content
            assert isinstance(content, bytes)
            self.messages.append(message_from_bytes(content, policy=policy.SMTP))
            self.recipients.extend(envelope.rcpt_tos)
        return reply

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, auth_data: Any
    ) -> AuthResult:
        assert isinstance(auth_data, LoginPassword)
        self.logins.append(auth_data.login.decode())
        return AuthResult(success=auth_data.password == b"p@ss word", handled=False)


@contextlib.asynccontextmanager
async def smtp_server(
    mailbox: Mailbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    needs_login: bool = False,
) -> AsyncIterator[int]:
    """An aiosmtpd server around `mailbox`; gives its port."""
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that AUTH without TLS is unwise: it is the test
            smtp = SMTP(
                mailbox,
                loop=loop,
                hostname="mail.test",
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=needs_login,
                auth_require_tls=False,
                authenticator=mailbox.authenticate if needs_login else None,
            )
        sessions.append(smtp)
        return smtp

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for smtp in sessions:
            _abort(smtp)
        await asyncio.sleep(0.01)  # the transports tell their protocols in the next rounds of the loop


@contextlib.asynccontextmanager
async def scripted_server(replies: Mapping[str, str]) -> AsyncIterator[int]:
    """A server of bare lines: verb to reply, `GREETING` and `CONTENT` included; gives its port.

    For the moments where a well-behaved library cannot be made to misbehave.
    """

    script = {"GREETING": "220 ready", "QUIT": "221 bye", **replies}
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await _converse(reader, writer, script)
            writer.close()
            await writer.wait_closed()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(talk(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*talks)


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, replies: Mapping[str, str]
) -> None:
    verb = "GREETING"
    while verb:
        reply = replies.get(verb, OK)
        if reply == DROP:
            return
        if reply == HANG:
            await reader.read()
            return
        writer.write(f"{reply}\r\n".encode())
        if reply.startswith("354"):
            with contextlib.suppress(asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n.\r\n")
            verb = "CONTENT"
        else:
            verb = (await reader.readline()).decode()[:4].strip().upper()


async def _play(script: list[str], server: SMTP) -> str:
    reply = script.pop(0) if script else OK
    if reply == HANG:
        await asyncio.Event().wait()
    if reply == DROP:
        _abort(server)
    return reply


def _abort(server: SMTP) -> None:
    # A transport under TLS that has been closed cannot be aborted before Python 3.11.5.
    if isinstance(server.transport, asyncio.WriteTransport) and not server.transport.is_closing():
        server.transport.abort()
