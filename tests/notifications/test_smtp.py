import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from gevinst_notifications.clients.mime import composed
from gevinst_notifications.clients.smtp import MailClient, MailServer, mail_server
from gevinst_notifications.domain.deliveries import Attempt, Outcome
from tests.notifications.test_mime import ENVELOPE, content, received, text_of
from tests.support.certificates import self_signed
from tests.support.smtp_server import DROP, HANG, Mailbox, scripted_server, smtp_server

pytestmark = pytest.mark.anyio

MESSAGE = composed(content(), ENVELOPE)
SHORT = 0.3


async def send(port: int, *, times: int = 1, seconds: float = 5.0) -> list[Attempt]:
    async with MailClient(MailServer("127.0.0.1", port), timeout=seconds) as client:
        return await client.send_batch([MESSAGE] * times)


async def test_an_accepted_message_arrives_whole() -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox) as port:
        [attempt] = await send(port)

    assert (attempt.outcome, attempt.code) == (Outcome.ACCEPTED, 250)
    [arrived] = mailbox.messages
    assert mailbox.recipients == ["ase@oslo.example.no"]
    assert arrived["Message-ID"] == ENVELOPE.message_id
    assert list(map(text_of, arrived.iter_parts())) == list(map(text_of, received(MESSAGE).iter_parts()))


async def test_lines_that_begin_with_a_period_survive() -> None:
    mailbox = Mailbox()
    text = "..\n.\n.hei\n"
    async with smtp_server(mailbox) as port, MailClient(MailServer("127.0.0.1", port)) as client:
        attempt = await client.send(composed(replace(content(), text=text), ENVELOPE))

    assert attempt.outcome is Outcome.ACCEPTED
    assert text_of(next(mailbox.messages[0].iter_parts())) == text


async def test_a_batch_shares_one_connection() -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox) as port:
        attempts = await send(port, times=20)

    assert [attempt.outcome for attempt in attempts] == [Outcome.ACCEPTED] * 20
    assert (len(mailbox.messages), len(mailbox.sessions)) == (20, 1)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("250 OK", Outcome.ACCEPTED),
        ("421 closing", Outcome.TEMPORARY),
        ("450 greylisted", Outcome.TEMPORARY),
        ("451 try later", Outcome.TEMPORARY),
        ("452 full", Outcome.TEMPORARY),
        ("550 no such person", Outcome.PERMANENT),
        ("552 too large", Outcome.PERMANENT),
        ("530 log in first", Outcome.TEMPORARY),
    ],
)
@pytest.mark.parametrize("moment", ["at_rcpt", "at_data"])
async def test_a_reply_becomes_an_outcome_and_the_next_message_is_not_harmed(
    moment: str, reply: str, outcome: Outcome
) -> None:
    mailbox = Mailbox()
    getattr(mailbox, moment).append(reply)
    async with smtp_server(mailbox) as port:
        first, second = await send(port, times=2)

    assert (first.outcome, first.code) == (outcome, int(reply[:3]))
    assert second.outcome is Outcome.ACCEPTED


async def test_a_server_that_does_not_listen_is_lost_before_data_for_the_whole_batch() -> None:
    async with smtp_server(Mailbox()) as port:
        pass

    attempts = await send(port, times=3)

    assert [attempt.outcome for attempt in attempts] == [Outcome.LOST_BEFORE_DATA] * 3


async def test_a_batch_of_nothing_opens_no_connection() -> None:
    assert await send(1, times=0) == []


async def test_a_connection_dropped_before_data_is_lost_before_data() -> None:
    mailbox = Mailbox(at_rcpt=[DROP])
    async with smtp_server(mailbox) as port:
        first, second = await send(port, times=2)

    assert first.outcome is Outcome.LOST_BEFORE_DATA
    assert second.outcome is Outcome.ACCEPTED
    assert len(mailbox.messages) == 1


async def test_a_connection_gone_stale_is_reopened_and_nobody_notices() -> None:
    mailbox = Mailbox(at_rcpt=["250 OK", DROP])
    async with smtp_server(mailbox) as port:
        attempts = await send(port, times=3)

    assert [attempt.outcome for attempt in attempts] == [Outcome.ACCEPTED] * 3
    assert (len(mailbox.messages), len(mailbox.sessions)) == (3, 2)


async def test_a_connection_dropped_after_data_may_have_delivered() -> None:  # N5
    mailbox = Mailbox(at_data=[DROP])
    async with smtp_server(mailbox) as port:
        first, second = await send(port, times=2)

    assert first.outcome is Outcome.LOST_AFTER_DATA
    assert second.outcome is Outcome.ACCEPTED
    assert len(mailbox.messages) == 2  # the first had arrived: sending it again at once would double it


async def test_a_server_silent_before_data_is_lost_before_data() -> None:
    async with smtp_server(Mailbox(at_rcpt=[HANG])) as port:
        [attempt] = await send(port, seconds=SHORT)

    assert attempt.outcome is Outcome.LOST_BEFORE_DATA


async def test_a_server_silent_after_data_may_have_delivered() -> None:
    async with smtp_server(Mailbox(at_data=[HANG])) as port:
        [attempt] = await send(port, seconds=SHORT)

    assert attempt.outcome is Outcome.LOST_AFTER_DATA


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("GREETING", DROP, Outcome.LOST_BEFORE_DATA),
        ("GREETING", HANG, Outcome.LOST_BEFORE_DATA),
        ("GREETING", "421 too busy", Outcome.TEMPORARY),
        ("GREETING", "554 not for you", Outcome.TEMPORARY),
        ("GREETING", "hello there", Outcome.TEMPORARY),
        ("EHLO", DROP, Outcome.LOST_BEFORE_DATA),
        ("EHLO", "421 not now", Outcome.TEMPORARY),
        ("MAIL", "451 later", Outcome.TEMPORARY),
        ("MAIL", "550 unknown sender", Outcome.PERMANENT),
        ("DATA", DROP, Outcome.LOST_BEFORE_DATA),
        ("DATA", HANG, Outcome.LOST_BEFORE_DATA),
        ("DATA", "451 later", Outcome.TEMPORARY),
        ("DATA", "554 no", Outcome.PERMANENT),
        ("CONTENT", "nonsense", Outcome.LOST_AFTER_DATA),
        ("CONTENT", DROP, Outcome.LOST_AFTER_DATA),
        ("CONTENT", "250 taken", Outcome.ACCEPTED),
        ("CONTENT", "350 what else", Outcome.LOST_AFTER_DATA),
        ("QUIT", DROP, Outcome.ACCEPTED),
        ("QUIT", HANG, Outcome.ACCEPTED),
    ],
)
async def test_each_moment_of_the_talk_can_fail_in_its_own_way(
    verb: str, reply: str, outcome: Outcome
) -> None:
    async with scripted_server({"DATA": "354 go on", verb: reply}) as port:
        [attempt] = await send(port, seconds=SHORT)

    assert attempt.outcome is outcome


async def test_a_server_that_turns_our_greeting_away_is_not_the_recipients_fault() -> None:
    async with (
        scripted_server({"EHLO": "554 not you"}) as port,
        MailClient(MailServer("127.0.0.1", port, starttls=False)) as client,
    ):
        attempt = await client.send(MESSAGE)

    assert (attempt.outcome, attempt.code) == (Outcome.TEMPORARY, 554)


async def test_a_reply_is_kept_short_and_on_one_line() -> None:
    async with scripted_server({"MAIL": f"550-first\r\n550 {'x' * 400}"}) as port:
        [attempt] = await send(port)

    assert len(attempt.text) == 200
    assert attempt.text.startswith("first x")


async def test_a_cancelled_send_closes_its_connection() -> None:
    mailbox = Mailbox(at_data=[HANG])
    async with smtp_server(mailbox) as port:
        sending = asyncio.create_task(send(port))
        await asyncio.sleep(0.1)
        sending.cancel()

        with pytest.raises(asyncio.CancelledError):
            await sending


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def client_tls(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


async def test_a_server_that_offers_starttls_gets_it(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    async with (
        smtp_server(mailbox, starttls=server_tls) as port,
        MailClient(mail_server(f"smtp://127.0.0.1:{port}"), tls_context=client_tls) as client,
    ):
        attempt = await client.send(MESSAGE)

    assert attempt.outcome is Outcome.ACCEPTED
    assert mailbox.was_encrypted


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_login_by_address_works_under_tls(
    scheme: str, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    starttls, tls = (server_tls, None) if scheme == "smtp" else (None, server_tls)
    async with smtp_server(mailbox, starttls=starttls, tls=tls, needs_login=True) as port:
        server = mail_server(f"{scheme}://gevinst:p%40ss%20word@127.0.0.1:{port}")
        async with MailClient(server, tls_context=client_tls) as client:
            attempt = await client.send(MESSAGE)

    assert attempt.outcome is Outcome.ACCEPTED
    assert mailbox.logins == ["gevinst"]


async def test_a_wrong_password_waits_for_a_better_one(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox, starttls=server_tls, needs_login=True) as port:
        server = mail_server(f"smtp://gevinst:wrong@127.0.0.1:{port}")
        async with MailClient(server, tls_context=client_tls) as client:
            attempts = await client.send_batch([MESSAGE] * 2)

    assert [(attempt.outcome, attempt.code) for attempt in attempts] == [(Outcome.TEMPORARY, 535)] * 2


async def test_a_password_is_never_sent_in_the_clear() -> None:
    mailbox = Mailbox()
    async with (
        smtp_server(mailbox, needs_login=True) as port,
        MailClient(mail_server(f"smtp://gevinst:secret@127.0.0.1:{port}")) as client,
    ):
        attempt = await client.send(MESSAGE)

    assert attempt.outcome is Outcome.LOST_BEFORE_DATA
    assert mailbox.logins == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(server_tls: ssl.SSLContext) -> None:
    async with smtp_server(Mailbox(), starttls=server_tls) as port:
        [attempt] = await send(port)

    assert attempt.outcome is Outcome.LOST_BEFORE_DATA
    assert "CERTIFICATE_VERIFY_FAILED" in attempt.text


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.no", MailServer("mail.example.no", 25)),
        ("smtp://127.0.0.1:1025", MailServer("127.0.0.1", 1025)),
        ("smtps://mail.example.no", MailServer("mail.example.no", 465, is_tls=True, starttls=False)),
        (
            "smtp://a%40b:c%3Ad@mail.example.no",
            MailServer("mail.example.no", 587, "a@b", "c:d", starttls=True),
        ),
    ],
)
async def test_an_address_says_how_to_reach_the_server(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.no",
        "http://x.no",
        "smtp://",
        "smtp://x.no/in",
        "smtp://x.no:99999",
        "smtp://u:geheim@x.no?a=1",
    ],
)
async def test_an_odd_address_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server|[Pp]ort") as refused:
        mail_server(url)

    assert "geheim" not in str(refused.value)


async def test_a_server_does_not_show_its_password() -> None:
    assert "geheim" not in repr(mail_server("smtp://u:geheim@x.no"))
