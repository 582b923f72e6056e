"""Mails that come back: what is learned from them, and that nobody is written to in vain."""

from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.bounces import NotABounce, is_gone, read_bounces
from gevinst_notifications.domain.deliveries import Outcome, message_id
from gevinst_notifications.schemas.suppressions import SuppressionPageOut
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.returned_mails import returned
from tests.notifications.test_delivering import Clock, post_office
from tests.notifications.world import World
from tests.support.callers import problem
from tests.support.organisations import new_organisation
from tests.support.smtp_server import Mailbox


@pytest.mark.parametrize("words", ["5.1.1 no such user", "550 5.1.10 RecipientNotFound", "5.2.1", "#5.1.6#"])
def test_a_mailbox_that_does_not_exist_is_gone(words: str) -> None:  # RFC 3463
    assert is_gone(words)


@pytest.mark.parametrize(
    "words", ["", "no such user", "5.2.2 full", "5.7.1 spam", "5.1.11", "15.1.1", "4.1.1"]
)
def test_what_may_pass_or_is_our_own_fault_is_not_gone(words: str) -> None:
    assert not is_gone(words)


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_report_names_message_recipient_and_status(is_whole: bool) -> None:
    [bounce] = read_bounces(returned("<a1@example.no>", is_whole=is_whole))

    assert bounce.message_id == "<a1@example.no>"
    assert bounce.recipients == {"olga@example.no"}
    assert bounce.status == "5.1.1"


def test_a_mere_delay_is_no_failure() -> None:
    assert read_bounces(returned("<a1@example.no>", action="delayed", status="4.4.1")) == ()


@given(st.text(max_size=300) | st.builds(lambda cut: returned("<a@b>")[:cut], st.integers(0, 900)))
def test_any_text_is_a_report_or_is_refused(text: str) -> None:
    try:
        found = read_bounces(text)
    except NotABounce:
        return
    assert all(bounce.message_id for bounce in found)


@pytest.mark.parametrize("part", ["message/rfc822", "multipart/mixed; boundary=b{0}\n\n--b{0}"])
def test_parts_within_parts_without_end_are_no_report(part: str) -> None:
    """The parser goes into each part by a call of itself."""
    nested = "".join(f"Content-Type: {part.format(depth)}\n\n" for depth in range(3_000))

    with pytest.raises(NotABounce):
        read_bounces(nested + returned("<a1@example.no>"))


async def _sent(world: World) -> list[dict[str, str]]:
    """Three mails that the server has taken; the deliveries."""
    await world.hear(world.gate_decided())
    async with post_office(world, Mailbox(), Clock()) as office:
        await deliver_due(office)
    answer = await world.caller("olle", Role.PORTFOLIO_OFFICE).get("/deliveries")
    items: list[dict[str, str]] = answer.json()["items"]
    return items


def _pipe(world: World) -> httpx.AsyncClient:
    return world.caller("mail-pipe", Role.INTEGRATION)


async def _to(world: World, subject: str) -> str:
    person = str(world.people[subject])
    delivery = next(one for one in await _sent(world) if one["person_id"] == person)
    return delivery["id"]


async def test_a_returned_mail_fails_its_delivery_and_suppresses_the_address(world: World) -> None:
    delivery_id = await _to(world, "olga")
    report = returned(_written(delivery_id))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    first = await _pipe(world).post("/bounces", json={"report": report})
    again = await _pipe(world).post("/bounces", json={"report": report})

    assert first.json() == {"failed": 1, "suppressed": 1}
    assert again.json() == {"failed": 0, "suppressed": 0}
    delivery = (await office.get(f"/deliveries/{delivery_id}")).json()
    assert (delivery["state"], delivery["last_outcome"]) == ("dead", str(Outcome.GONE))
    [suppressed] = (await office.get("/suppressions")).json()["items"]
    assert (suppressed["address"], suppressed["cause"]) == ("olga@example.no", "bounced")


async def test_nothing_more_is_sent_to_a_suppressed_address_until_it_is_lifted(world: World) -> None:
    mailbox = Mailbox(at_rcpt=["550 5.1.1 no such user"])
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    await world.hear(world.gate_decided())
    async with post_office(world, mailbox, Clock()) as post:
        await deliver_due(post)
        await world.hear(world.gate_decided())
        await deliver_due(post)
        meanwhile = len(mailbox.messages)
        [suppressed] = (await office.get("/suppressions")).json()["items"]
        lifted = await office.delete(f"/suppressions/{suppressed['id']}", headers={"If-Match": '"1"'})
        await world.hear(world.gate_decided())
        await deliver_due(post)

    assert suppressed["cause"] == "refused"
    assert lifted.status_code == 204
    assert (meanwhile, len(mailbox.messages)) == (4, 7)
    assert (await office.get("/suppressions")).json()["items"] == []


async def test_the_office_can_choose_to_write_to_an_address_no_more(world: World) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    mailbox = Mailbox()

    made = await office.post("/suppressions", json={"address": "Olga@Example.no"})
    twice = await office.post("/suppressions", json={"address": "olga@example.no"})
    odd = await office.post("/suppressions", json={"address": "olga at home"})
    await world.hear(world.gate_decided())
    async with post_office(world, mailbox, Clock()) as post:
        await deliver_due(post)

    assert (made.status_code, twice.status_code, odd.status_code) == (201, 409, 400)
    assert (await office.get(f"/suppressions/{made.json()['id']}")).json() == made.json()
    assert sorted(mailbox.recipients) == ["magnus@example.no", "olle@example.no"]
    read = SuppressionPageOut.model_validate_json((await office.get("/suppressions")).content)
    assert [(one.address, one.cause) for one in read.items] == [("olga@example.no", "chosen")]


async def test_a_full_mailbox_fails_the_delivery_and_leaves_the_address(world: World) -> None:
    delivery_id = await _to(world, "olga")

    answer = await _pipe(world).post(
        "/bounces", json={"report": returned(_written(delivery_id), status="5.2.2")}
    )

    assert answer.json() == {"failed": 1, "suppressed": 0}


async def test_a_report_of_the_address_that_a_person_left_does_not_touch_the_new_one(world: World) -> None:
    delivery_id = await _to(world, "olga")
    report = returned(_written(delivery_id), recipient="olga@old.example.no")

    answer = await _pipe(world).post("/bounces", json={"report": report})

    assert answer.json() == {"failed": 1, "suppressed": 0}


async def test_another_organisations_mails_cannot_be_bounced(world: World) -> None:
    delivery_id = await _to(world, "olga")
    stranger = world.desk.caller(Role.INTEGRATION, organisation=new_organisation())

    answer = await stranger.post("/bounces", json={"report": returned(_written(delivery_id))})

    assert answer.json() == {"failed": 0, "suppressed": 0}


async def test_what_is_no_report_is_refused(world: World) -> None:
    answer = await _pipe(world).post("/bounces", json={"report": "Subject: hello\n\nI am on holiday."})

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("not-a-bounce")


async def test_bounces_are_reported_by_integrations_and_seen_by_the_office(world: World) -> None:
    reader = world.caller("olga", Role.READER)

    answers = [
        await reader.post("/bounces", json={"report": returned("<a@b>")}),
        await reader.get("/suppressions"),
        await reader.delete(f"/suppressions/{new_id()}", headers={"If-Match": '"1"'}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def _written(delivery_id: str) -> str:
    return message_id(UUID(delivery_id), domain="example.no")
