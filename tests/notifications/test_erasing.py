"""What is kept of a person: given to them, and erased without breaking what is kept of what happened (E3)."""

import json
from typing import Any

import pytest

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.erasing import without_addresses, without_names
from gevinst_notifications.domain.leaving import leaving_ticket
from gevinst_notifications.schemas.exports import ExportOut
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.test_absences_routes import days
from tests.notifications.test_delivering import Clock, post_office
from tests.notifications.test_digests import DAILY, WEEK, close, duty
from tests.notifications.test_preferences_routes import choose
from tests.notifications.world import World
from tests.support.installation import CHANNEL_KEY
from tests.support.smtp_server import Mailbox


def test_names_become_a_dash_wherever_they_are_all_of_a_text() -> None:
    data = {
        "owner_name": "Olga Ås, Per Mo",
        "by": "olga",
        "entries": [{"name": "Olga Ås"}],
        "text": "Kjære Olga Ås!",
    }

    assert without_names(data, frozenset({"Olga Ås", "olga"})) == {
        "owner_name": "–, Per Mo",
        "by": "–",
        "entries": [{"name": "–"}],
        "text": "Kjære Olga Ås!",
    }


def test_a_name_may_have_commas_and_may_be_a_part_of_another() -> None:
    names = frozenset({"Ås, Olga", "Ås", "olga"})

    told = [without_names(text, names) for text in ("Ås, Olga", "Per Mo, Ås, Olga, Ås", "Åse", "olga, olga")]

    assert told == ["–", "Per Mo, –, –", "Åse", "–, –"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <Olga.As@Example.no> unknown", "550 5.1.1 <–> unknown"),
        ("550 5.1.1 olga.as@example.no: user olga.as unknown", "550 5.1.1 –: user – unknown"),
        ("smtp; 550 no such user", "smtp; 550 no such user"),
    ],
)
def test_what_a_mail_server_said_is_kept_without_the_address(said: str, kept: str) -> None:
    assert without_addresses(said, "olga.as@example.no") == kept


async def furnish(world: World) -> None:
    """A row of every kind that names olga."""
    olga = world.caller("olga")
    await choose(olga, DAILY)
    body = {"scope": "project", "scope_id": str(world.project_id), "level": "follow"}
    assert (await olga.post("/followings", json=body)).status_code == 201
    assert (await olga.post("/absences", json=days(100, 110))).status_code == 201
    stands_in = days(100, 110, substitute_id=world.people["olga"])
    assert (await world.caller("magnus").post("/absences", json=stands_in)).status_code == 201
    await world.hear(world.gate_decided(decided_by="olle"))
    await close(world, later=WEEK)
    await world.hear(
        world.event("idea-answered", about="ideas/1", name="Ett skjema", submitter="olga", outcome="parked"),
        world.gate_decided(gate_name="BP4", decided_by="magnus"),
    )


async def suppress(world: World) -> None:
    """Olga's address, one that she had before and a mail came back from, and somebody else's."""
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    for address in ("Olga@Example.no", "magnus@example.no"):
        assert (await office.post("/suppressions", json={"address": address})).status_code == 201
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute(
            "INSERT INTO suppression (organisation_id, id, address, cause, text, delivery_id, suppressed_at, "
            "revision) SELECT $1, $2, 'olga.as@example.no', 'bounced', 'No such user', id, now(), 1 "
            "FROM delivery WHERE person_id = $3 LIMIT 1",
            world.organisation,
            new_id(),
            world.people["olga"],
        )


async def test_suppressed_addresses_are_given_and_erased_with_their_person(world: World) -> None:
    """E3: also one that the person had before; somebody else's stays."""
    await furnish(world)
    await suppress(world)
    person = world.people["olga"]

    given = (await world.caller("olga").get(f"/people/{person}/export")).json()["suppressions"]
    await world.caller("admin", Role.ADMINISTRATOR).post(f"/people/{person}/erasure")
    left = (await world.caller("olle", Role.PORTFOLIO_OFFICE).get("/suppressions")).json()["items"]

    assert {one["address"] for one in given} == {"olga@example.no", "olga.as@example.no"}
    assert [one["address"] for one in left] == ["magnus@example.no"]
    assert "olga" not in (await kept(world)).lower()


async def test_rules_and_duties_name_nobody_who_was_erased(world: World) -> None:
    """G3 holds on: who may not do it is found by the id as well."""
    await duty(world, "BP3", due_in=3, owner_role="project-owner", not_by="olga")
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute(
            "INSERT INTO pause (organisation_id, id, channel, reason, paused_by, paused_at, revision) "
            "VALUES ($1, $2, 'mail', 'Moving', 'olga', now(), 1)",
            world.organisation,
            new_id(),
        )

    await world.caller("admin", Role.ADMINISTRATOR).post(f"/people/{world.people['olga']}/erasure")

    assert "olga" not in (await kept(world)).lower()
    async with world.database.transaction(world.organisation) as connection:
        assert await connection.fetchval("SELECT not_by FROM duty") == str(world.people["olga"])
        await connection.execute("DELETE FROM pause")


async def kept(world: World) -> str:
    """Everything in the tables of the organisation that tells of people, as text."""
    found: list[Any] = []
    async with world.database.transaction(world.organisation) as connection:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace AND relname NOT IN ('audit', 'alembic_version')"
        )
        for (table,) in tables:
            found += [
                row["row"] for row in await connection.fetch(f"SELECT to_jsonb(t) AS row FROM {table} t")
            ]
    return "\n".join(found)


async def test_one_is_given_everything_that_is_kept(world: World) -> None:
    await furnish(world)
    await suppress(world)
    person = world.people["olga"]

    answer = await world.caller("olga").get(f"/people/{person}/export")

    assert answer.status_code == 200, answer.text
    document = ExportOut.model_validate_json(answer.text)
    assert json.loads(document.model_dump_json(exclude_none=True)) == answer.json()
    assert document.person.email == "olga@example.no"
    lists = {name: len(rows) for name, rows in answer.json().items() if isinstance(rows, list)}
    assert lists.pop("roles") == 0
    assert lists.pop("silences") == 0
    assert lists.pop("calendars") == 0
    assert all(lists.values()), lists


async def test_nobody_else_is_given_it(world: World) -> None:
    path = f"/people/{world.people['olga']}/export"

    assert (await world.caller("magnus").get(path)).status_code == 404
    assert (await world.caller("olle", Role.PORTFOLIO_OFFICE).get(path)).status_code == 404
    assert (await world.caller("admin", Role.ADMINISTRATOR).get(path)).status_code == 200


async def test_nothing_names_who_was_erased(world: World) -> None:
    await furnish(world)
    admin = world.caller("admin", Role.ADMINISTRATOR)
    path = f"/people/{world.people['olga']}/erasure"

    assert (await world.caller("olle", Role.PORTFOLIO_OFFICE).post(path)).status_code == 403
    assert (await admin.post(path)).status_code == 204
    assert (await admin.post(path)).status_code == 409

    left = await kept(world)
    assert "olga" not in left.lower()
    assert (await world.caller("olga").get("/preferences")).status_code == 404


async def test_what_others_were_told_stays(world: World) -> None:
    await furnish(world)
    before = (await world.caller("magnus").get("/inbox")).json()["items"]

    await world.caller("admin", Role.ADMINISTRATOR).post(f"/people/{world.people['olga']}/erasure")

    assert (await world.caller("magnus").get("/inbox")).json()["items"] == before


async def test_who_was_erased_is_told_nothing_and_does_not_come_back(world: World) -> None:
    """Also when the feeds are read again from the start."""
    await world.hear(world.gate_decided())
    await world.caller("admin", Role.ADMINISTRATOR).post(f"/people/{world.people['olga']}/erasure")

    await world.person("olga")
    await world.hear(world.gate_decided(gate_name="BP4"))
    mailbox = Mailbox()
    async with post_office(world, mailbox, Clock()) as office:
        while await deliver_due(office):
            pass

    assert "olga@example.no" not in mailbox.recipients
    assert "olga" not in (await kept(world)).lower()


async def test_the_trail_says_that_somebody_was_erased_and_not_whom(world: World) -> None:
    """E1 holds: the act is there, with an id that leads nowhere."""
    admin = world.caller("admin", Role.ADMINISTRATOR)
    await admin.post(f"/people/{world.people['olga']}/erasure")

    said = (await admin.get("/events", params={"limit": 100})).json()["items"]

    (erased,) = [event for event in said if event["type"] == "gevinst.notifications.person-erased.v1"]
    assert erased["data"] == {"person_id": str(world.people["olga"])}


OLGA = {"subject": "olga", "language": "nb", "email": "Olga.As@Example.NO"}


async def _subscribe(world: World) -> None:
    hook = {"channel": "webhook", "name": "All", "address": "https://192.0.32.7/", "event_types": ["*"]}
    made = await world.caller("admin", Role.ADMINISTRATOR).post("/endpoints", json=hook)
    assert made.status_code == 201


async def _erase(world: World) -> None:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    assert (await admin.post(f"/people/{world.people['olga']}/erasure")).status_code == 204


async def test_nothing_keeps_an_earlier_name_or_one_with_quotes_and_commas(world: World) -> None:
    """Also not the facts that wait for webhooks."""
    await _subscribe(world)
    for name in ("Olga Berg", 'Ås, "Olga" \\o'):
        await world.hear(world.event("person-changed", person_id=world.people["olga"], name=name, **OLGA))
        await world.hear(
            world.gate_decided(decided_by="olga", owner_name=name, names=[f"Per Mo, {name}"]),
            world.event("idea-answered", about="ideas/1", name="Ett", submitter="olga", outcome="parked"),
        )

    await _erase(world)

    left = await kept(world)
    assert "olga" not in left.lower()
    assert left.count("Per Mo, –") == 4  # two notices, and the two facts for the webhook


async def test_answers_that_were_kept_for_repeated_requests_go_as_well(world: World) -> None:
    await world.hear(world.event("person-changed", person_id=world.people["olga"], name="Olga Ås", **OLGA))
    own, office = world.caller("olga"), world.caller("olle", Role.PORTFOLIO_OFFICE)
    key = {"Idempotency-Key": "one"}
    assert (await own.post("/calendar-feeds", json={"name": "Mine"}, headers=key)).status_code == 201
    address = {"address": "olga.as@example.no"}
    assert (await office.post("/suppressions", json=address, headers=key)).status_code == 201

    await _erase(world)

    assert "olga" not in (await kept(world)).lower()


async def test_the_trail_never_holds_a_suppressed_address(world: World) -> None:
    """Nothing can be taken out of it again."""
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    made = await office.post("/suppressions", json={"address": "olga@example.no"})
    await office.delete(f"/suppressions/{made.json()['id']}", headers={"If-Match": '"1"'})

    async with world.database.transaction(world.organisation) as connection:
        trail = await connection.fetch("SELECT to_jsonb(t) AS row FROM audit t")

    assert len(trail) == 2
    assert "olga@example.no" not in str([row["row"] for row in trail])


async def test_a_mail_server_that_repeats_the_address_leaves_no_trace_of_it(world: World) -> None:
    await world.hear(world.gate_decided())
    mailbox = Mailbox(at_rcpt=["550 5.7.1 <olga@example.no> is not wanted"] * 3)
    async with post_office(world, mailbox, Clock()) as office:
        while await deliver_due(office):
            pass

    await _erase(world)

    left = await kept(world)
    assert "is not wanted" in left
    assert "olga" not in left.lower()


async def test_what_is_announced_later_goes_nowhere_and_names_nobody(world: World) -> None:
    await _subscribe(world)
    await _erase(world)

    await world.role("olga", Role.UNIT_LEADER, "unit", world.unit_id)
    await world.hear(world.event("person-changed", person_id=world.people["olga"], name="Olga Ås", **OLGA))

    assert "olga" not in (await kept(world)).lower()


async def test_an_old_unsubscribing_address_does_nothing_for_who_was_erased(world: World) -> None:
    await _erase(world)
    key = Safe([CHANNEL_KEY]).leaving_keys[0]
    ticket = leaving_ticket(world.organisation, world.people["olga"], "gate-decided", key=key)

    clicked = await world.desk.with_headers().post(
        "/unsubscription", params={"ticket": ticket}, data={"List-Unsubscribe": "One-Click"}
    )

    looked = await world.desk.with_headers().get("/unsubscription", params={"ticket": ticket})

    assert (clicked.status_code, looked.status_code) == (404, 404)
    async with world.database.transaction(world.organisation) as connection:
        assert await connection.fetchval("SELECT count(*) FROM person_setting") == 0


async def test_facts_of_later_bring_nobody_back(world: World) -> None:
    """G3 holds on: who proposed it may not decide it, and is known by the id."""
    await _subscribe(world)
    await _erase(world)
    gate = world.fact(
        "benefits.gate-proposed",
        project_id=world.project_id,
        gate_id=new_id(),
        gate_name="BP4",
        outcome="go",
        decide_by="2027-02-01",
        proposed_by="olga",
        reason="olga",
        names=["Per Mo, Olga", "Olga"],
    )

    await world.hear(gate, world.gate_decided(decided_by="olga", owner_name="Per Mo, Olga"))

    assert "olga" not in (await kept(world)).lower()
    async with world.database.transaction(world.organisation) as connection:
        assert str(world.people["olga"]) in {
            row["not_by"] for row in await connection.fetch("SELECT not_by FROM duty")
        }


async def test_a_namesake_keeps_their_name_and_who_comes_again_is_somebody_else(world: World) -> None:
    await _erase(world)
    again = new_id()
    await world.hear(
        world.event("person-changed", person_id=again, subject="olga", name="Olga", language="nb"),
        world.project(owner_id=again),
        world.gate_decided(gate_name="BP4", decided_by="magnus", reason="Olga"),
    )

    (item,) = (await world.caller("olga").get("/inbox")).json()["items"]

    assert [fact["value"] for fact in item["facts"] if fact["value"] == "Olga"] == ["Olga"]
