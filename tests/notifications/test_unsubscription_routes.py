"""Stopping mails of a kind from the mail itself (RFC 8058)."""

import re
from base64 import b64encode
from email.message import EmailMessage
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from gevinst_notifications.clients.mail_pool import MailPool
from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.clients.smtp import mail_server
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.leaving import leaving_ticket, read_leaving, ways_after
from gevinst_notifications.domain.preferences import EVERY_KIND, OrganisationSetting, Way
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due
from gevinst_notifications.usecases.mailing import LeavingDesk, MailSender
from gevinst_shared.web.clock import utc_now
from tests.notifications.test_delivering import LEASE
from tests.notifications.test_digests import DAILY, WEEKLY, close
from tests.notifications.test_preferences_routes import choose
from tests.notifications.world import World
from tests.support.installation import CHANNEL_KEY
from tests.support.smtp_server import Mailbox, smtp_server

KEY = Safe([CHANNEL_KEY]).leaving_keys[0]
DESK = "https://gevinst.test/notifications/v1/unsubscription"


async def mails(world: World) -> list[EmailMessage]:
    """What is sent to olga now."""
    mailbox = Mailbox()
    async with (
        smtp_server(mailbox) as port,
        MailPool(mail_server(f"smtp://127.0.0.1:{port}"), size=1, timeout=5) as mail,
    ):
        sender = MailSender(mail, "gevinst@example.no", utc_now, leaving=LeavingDesk(DESK, KEY))
        office = PostOffice(world.database, {Channel.MAIL: sender}, now=utc_now, rng=Random(1), lease=LEASE)
        while await deliver_due(office):
            pass
    return [one for one in mailbox.messages if one["To"].addresses[0].addr_spec == "olga@example.no"]


def address(message: EmailMessage) -> str:
    return str(message["List-Unsubscribe"]).strip("<>")


def stranger(world: World) -> httpx.AsyncClient:
    """Whoever has the mail: no token."""
    return world.desk.with_headers()


async def click(world: World, message: EmailMessage) -> httpx.Response:
    """What a mail program sends for its reader."""
    return await stranger(world).post(address(message), data={"List-Unsubscribe": "One-Click"})


async def ways(world: World, kind: str) -> str:
    items = (await world.caller("olga").get("/preferences/ways")).json()["items"]
    return str(next(one["way"] for one in items if one["kind"] == kind))


async def test_one_click_stops_mails_of_the_kind_and_of_no_other(world: World) -> None:
    await world.hear(world.gate_decided())
    (message,) = await mails(world)

    answer = await click(world, message)

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert answer.status_code == 200, answer.text
    assert (await ways(world, "gate-decided"), await ways(world, "project-stopped")) == ("off", "at-once")
    await world.hear(world.gate_decided(gate_name="BP4"))
    assert await mails(world) == []
    assert (await world.caller("olga").get("/inbox")).json()["unread"] == 2


async def test_looking_at_the_page_changes_nothing(world: World) -> None:
    """Programs that check links follow them."""
    await world.hear(world.gate_decided())
    (message,) = await mails(world)

    page = await stranger(world).get(address(message))

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="nb"' in page.text
    assert "Oslo kommune" in page.text
    assert await ways(world, "gate-decided") == "at-once"


async def test_the_pages_own_form_and_style_work_under_its_policy(world: World) -> None:
    ticket = leaving_ticket(world.organisation, world.people["olga"], "gate-decided", key=KEY)
    page = await stranger(world).get(f"/unsubscription?ticket={ticket}")

    policy = page.headers["content-security-policy"]
    style = re.search("<style>(.*?)</style>", page.text, re.DOTALL)
    action = re.search('<form method="post" action="(.*?)"', page.text)

    assert style is not None
    assert f"'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert action is not None
    assert (await stranger(world).post(f"/unsubscription{action[1]}")).status_code == 200


async def test_a_second_click_changes_nothing(world: World) -> None:
    ticket = leaving_ticket(world.organisation, world.people["olga"], "gate-decided", key=KEY)
    first = await stranger(world).post(f"/unsubscription?ticket={ticket}")
    revision = (await world.caller("olga").get("/preferences")).headers["etag"]

    second = await stranger(world).post(f"/unsubscription?ticket={ticket}")

    assert (first.status_code, second.status_code) == (200, 200)
    assert (await world.caller("olga").get("/preferences")).headers["etag"] == revision


async def test_what_must_be_done_offers_no_such_click_and_says_why(world: World) -> None:
    """N1."""
    await world.hear(world.event("gate-proposed", project_id=world.project_id, gate_name="BP2", outcome="go"))

    (message,) = await mails(world)

    assert "List-Unsubscribe" not in message
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    assert "Dette kan ikke slås av" in part.get_content()


@pytest.mark.parametrize("chosen", [DAILY, WEEKLY], ids=["daily", "weekly"])
async def test_who_leaves_a_digest_has_none_any_more(world: World, chosen: dict[str, Any]) -> None:
    await choose(world.caller("olga"), chosen)
    await world.hear(world.gate_decided())
    await close(world)
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute("UPDATE delivery SET due_at = now()")
    (message,) = await mails(world)
    assert "oppsummering" in message["Subject"]

    await click(world, message)
    await world.hear(world.gate_decided(gate_name="BP4"))
    await close(world)

    assert await ways(world, "gate-decided") == "off"
    assert await ways(world, "role-vacant") == "at-once"
    assert await mails(world) == []


async def test_a_digest_brings_its_picture_along(world: World) -> None:
    await choose(world.caller("olga"), WEEKLY)
    await world.hear(world.gate_decided(), world.gate_decided(gate_name="BP4"))
    await world.hear(
        world.event(
            "scenario-published",
            portfolio_id=world.portfolio_id,
            scenario_name="Stram ramme",
            selected_count=31,
            left_out_count=9,
        )
    )
    mailbox = Mailbox()
    async with (
        smtp_server(mailbox) as port,
        MailPool(mail_server(f"smtp://127.0.0.1:{port}"), size=1, timeout=5) as mail,
    ):
        sender = MailSender(mail, "gevinst@example.no", utc_now)
        office = PostOffice(world.database, {Channel.MAIL: sender}, now=utc_now, rng=Random(1), lease=LEASE)
        while await deliver_due(office):
            pass

    (message,) = [one for one in mailbox.messages if "Stram ramme" in one["Subject"]]
    html = message.get_body(("html",))
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert isinstance(html, EmailMessage)
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in html.get_content()
    assert picture.get_content_disposition() == "inline"
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("ticket", ["", "x", "A" * 200, "AAAA-_", "æøå", "A" * 201])
async def test_a_ticket_that_is_none_of_ours_leads_nowhere(world: World, ticket: str) -> None:
    answer = await stranger(world).post("/unsubscription", params={"ticket": ticket})

    assert answer.status_code in {400, 404}


async def test_a_ticket_does_not_fit_another_organisation_person_or_kind(world: World) -> None:
    ticket = leaving_ticket(world.organisation, world.people["olga"], "gate-decided", key=KEY)
    forged = leaving_ticket(world.organisation, world.people["magnus"], "gate-decided", key=b"another key")

    assert read_leaving(ticket, keys=[KEY]) is not None
    assert read_leaving(ticket[:-2] + "AA", keys=[KEY]) is None
    assert (await stranger(world).post(f"/unsubscription?ticket={forged}")).status_code == 404
    unknown = leaving_ticket(world.organisation, uuid4(), "gate-decided", key=KEY)
    assert (await stranger(world).post(f"/unsubscription?ticket={unknown}")).status_code == 404
    assert (await stranger(world).get(f"/unsubscription?ticket={ticket}&x=1")).status_code == 400


def test_leaving_a_digest_leaves_other_choices_as_they_are() -> None:
    own = {
        EVERY_KIND: {"mail": Way.WEEKLY},
        NoticeKind.GATE_DECIDED.value: {"mail": Way.DAILY},
        NoticeKind.MEETING_CALLED.value: {"mail": Way.AT_ONCE},
    }

    after = ways_after("digest-daily", own, OrganisationSetting())

    # What goes up the line was gathered for the digest that does not leave any more.
    at_once = {NoticeKind.DUTY_ESCALATED.value: {"mail": Way.AT_ONCE}}
    assert after == {**own, NoticeKind.GATE_DECIDED.value: {"mail": Way.OFF}, **at_once}


def test_the_key_of_tickets_opens_nothing_else() -> None:
    safe = Safe([CHANNEL_KEY])

    assert not {*safe.leaving_keys} & {*safe.ticket_keys}
    assert (
        read_leaving(leaving_ticket("0192:958935420", UUID(int=1), "x", key=KEY), keys=safe.ticket_keys)
        is None
    )
