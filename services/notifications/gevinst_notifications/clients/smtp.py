"""Mail out: one connection, many messages, and for each an honest account of how it ended."""

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from gevinst_notifications.clients.mime import Mail
from gevinst_notifications.domain.bounces import is_gone
from gevinst_notifications.domain.deliveries import Attempt, Outcome
from gevinst_notifications.domain.wording import one_line

_LONGEST_REPLY = 200
_LINE_START_PERIOD = re.compile(rb"(?m)^\.")
_LOST = (OSError, SMTPServerDisconnected, SMTPTimeoutError)
# "Log in first" and its kin speak of our settings, not of the recipient: wait until they are mended.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `starttls` None means: when the server offers it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False
    starttls: bool | None = None


def mail_server(url: str) -> MailServer:
    """The server of `smtp://[user:password@]host[:port]` or `smtps://…`. ValueError says what is wrong.

    `smtp` upgrades to TLS when the server offers it, and insists when a password is to be sent; `smtps`
    is TLS from the first byte. Ports when none is given: 25, 587 with a password, 465.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("the mail server is written smtp://host:port or smtps://user:password@host:port")
    is_tls = parts.scheme == "smtps"
    has_login = parts.username is not None
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if is_tls else 587 if has_login else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls=is_tls,
        starttls=False if is_tls else True if has_login else None,
    )


class MailClient:
    """A connection that opens when needed and is reopened when lost. For one coroutine at a time.

    Use it as `async with`; leaving says goodbye to the server. Every wait is bounded by `timeout` seconds.
    `tls_context` is for a certificate authority of one's own.
    """

    def __init__(
        self, server: MailServer, *, timeout: float = 30.0, tls_context: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._tls_context = tls_context
        self._smtp: SMTP | None = None
        self._is_reachable = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if error is None and smtp.is_connected:
                await smtp.quit(timeout=self._timeout)
        except (*_LOST, SMTPException):
            pass  # every message already has its outcome
        finally:
            smtp.close()

    async def send(self, message: Mail) -> Attempt:
        """Hand one message over and say how it ended; what the server or network does is never raised.

        A connection that went stale between messages is reopened once.
        """
        is_reused = self._smtp is not None
        attempt = await self._sent(message)
        if is_reused and attempt.outcome is Outcome.LOST_BEFORE_DATA:
            attempt = await self._sent(message)
        return attempt

    async def send_batch(self, messages: Sequence[Mail]) -> list[Attempt]:
        """One attempt per message, in order. Once the server cannot be reached the rest is not tried."""
        attempts: list[Attempt] = []
        for message in messages:
            attempts.append(await self.send(message))
            if not self._is_reachable:
                break
        return attempts + attempts[-1:] * (len(messages) - len(attempts))

    async def _sent(self, message: Mail) -> Attempt:
        self._is_reachable = False
        try:
            smtp = await self._connected()
        except SMTPResponseException as error:
            # The server turned us away, not the recipient: nothing is lost by waiting.
            return Attempt(Outcome.TEMPORARY, error.code, _brief(error.message))
        except (*_LOST, SMTPException) as error:
            return Attempt(Outcome.LOST_BEFORE_DATA, text=_brief(_words(error)))
        self._is_reachable = True
        exchange = _Exchange(smtp, self._timeout)
        attempt = await exchange.attempt(message)
        if not smtp.is_connected or not await exchange.is_ready_again(attempt):
            smtp.close()
            self._smtp = None
        return attempt

    async def _connected(self) -> SMTP:
        if self._smtp is None:
            server = self._server
            smtp = SMTP(
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.is_tls,
                start_tls=server.starttls,
                tls_context=self._tls_context,
                timeout=self._timeout,
            )
            await smtp.connect()
            if smtp.is_ehlo_or_helo_needed:
                await _greet(smtp)
            self._smtp = smtp
        return self._smtp


class _Exchange:
    """MAIL, RCPT, DATA for one message. DATA is spoken in two halves, since between them the risk begins."""

    def __init__(self, smtp: SMTP, timeout: float) -> None:
        self._smtp = smtp
        self._timeout = timeout
        self._is_content_out = False

    async def attempt(self, message: Mail) -> Attempt:
        try:
            return await self._hand_over(message)
        except SMTPResponseException as error:
            return self._refused(error.code, error.message)
        except _LOST as error:
            return self._lost(_words(error))

    async def is_ready_again(self, attempt: Attempt) -> bool:
        """Clear the server's memory of a refused message; False when the connection is of no more use."""
        if attempt.outcome is Outcome.ACCEPTED:
            return True
        if attempt.outcome not in {Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.GONE}:
            return False
        try:
            await self._smtp.rset(timeout=self._timeout)
        except (*_LOST, SMTPException):
            return False
        return True

    async def _hand_over(self, message: Mail) -> Attempt:
        content = _LINE_START_PERIOD.sub(b"..", message.content)
        for command, code in (
            (f"MAIL FROM:<{message.sender}>", 250),
            (f"RCPT TO:<{message.recipient}>", 250),
            ("DATA", 354),
        ):
            said = await self._smtp.execute_command(command.encode("ascii"))
            if said.code // 100 != code // 100:
                return self._refused(said.code, said.message)
        protocol = self._smtp.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(content + b".\r\n")
        self._is_content_out = True
        end = await protocol.read_response(timeout=self._timeout)
        return self._answer(end.code, end.message)

    def _answer(self, code: int, text: str) -> Attempt:
        if 200 <= code < 300:
            return Attempt(Outcome.ACCEPTED, code, _brief(text))
        return self._refused(code, text)

    def _refused(self, code: int, text: str) -> Attempt:
        if 400 <= code < 500 or code in _LOGIN_CODES:
            return Attempt(Outcome.TEMPORARY, code, _brief(text))
        if 500 <= code < 600:
            return Attempt(Outcome.GONE if is_gone(text) else Outcome.PERMANENT, code, _brief(text))
        return self._lost(text)  # not SMTP: no answer at all

    def _lost(self, text: str) -> Attempt:
        outcome = Outcome.LOST_AFTER_DATA if self._is_content_out else Outcome.LOST_BEFORE_DATA
        return Attempt(outcome, text=_brief(text))


async def _greet(smtp: SMTP) -> None:
    """Introduce ourselves here, so that a refusal counts against the server and not against a recipient."""
    try:
        await smtp.ehlo()
    except SMTPException:
        smtp.close()
        raise


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _brief(text: str) -> str:
    return one_line(text)[:_LONGEST_REPLY]
