"""X1, X2: plans travel between installations: what is shared, while it is, and signed by a key that can do
nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gevinst_shared.auth.client_credentials import ASSERTION_TYPE
from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.sync.partner_tokens import assertion
from gevinst_shared.sync.statements import (
    Fault,
    StatementError,
    read_statement,
    refuse_unfollowing,
    signed_payload,
    signed_statement,
)
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.benefits.plan_records import POSTAGE
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.two_houses import FEED, Body, settled
from tests.benefits.world import made
from tests.portfolio.two_installations import House, acquainted, quiet

WELL_KNOWN = "/.well-known/gevinst-federation"


@pytest.fixture
async def bodies(houses: tuple[House, House]) -> AsyncIterator[tuple[Body, Body]]:
    """Two bodies that have confirmed each other: the first gives, the second reads."""
    await quiet(*houses)
    async with settled(*houses) as (giver, reader):
        await met(giver, reader)
        yield giver, reader
    await quiet(*houses)


async def met(giver: Body, reader: Body) -> None:
    await acquainted(giver, reader)
    for body in (giver, reader):
        await body.catch_up()


async def measured(giver: Body) -> str:
    """A benefit of the giver's project with an indicator and one measurement."""
    world = giver.plans
    benefit = await world.planned(**{**POSTAGE, "timing": {"hangs_on": "none", "starts_on": "2027-01-01"}})
    indicator = await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    path = f"/indicators/{indicator['id']}/measurements"
    leader = world.desk.caller(Role.UNIT_LEADER)
    await made(leader, path, {"taken_on": "2026-02-01", "value": "90"})
    return str(benefit["id"])


async def test_a_plan_that_is_shared_arrives_and_what_is_revoked_is_gone_after_one_pull(
    bodies: tuple[Body, Body],
) -> None:
    giver, reader = bodies
    await measured(giver)
    grant = await giver.grant(reader, giver.plans.project_id)
    await giver.catch_up()
    await reader.pull()
    arrived = await reader.has_plans(giver)

    await giver.revoke(reader, grant)
    await reader.pull()
    too_early = (await reader.plan_reading(giver))["fault"], await reader.has_plans(giver)
    await giver.catch_up()
    await reader.pull()

    assert (arrived["benefit"], arrived["indicator"], arrived["measurement"]) == (1, 1, 1)
    # The giver's benefits service does not know of it yet, and so it gives nothing.
    assert too_early == ("partner-paused-there", arrived)
    assert await reader.has_plans(giver) == {}
    assert (await reader.plan_reading(giver))["fault"] is None


async def test_a_key_of_one_service_speaks_for_nobody(bodies: tuple[Body, Body]) -> None:
    """It gets no token, signs no statement, and its revisions count in its own service's feed only."""
    giver, reader = bodies
    key = await own_key(giver)
    endpoint = f"{reader.house.address}/issuer/token"
    form = {
        "grant_type": "client_credentials",
        "client_id": giver.organisation,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(giver.organisation, endpoint, key, utc_now()),
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        no_token = await client.post(endpoint, data=form)
        text = (await client.get(f"{giver.house.address}{WELL_KNOWN}?owner={giver.organisation}")).text
    told = read_statement(text.encode(), owner=giver.organisation)
    service_keys = {kid: one.get("service") for kid, one in told.keys.items() if "service" in one}
    said = signed_payload(text)
    [listed] = said["service_keys"]["benefits"]["keys"]
    forged = signed_statement({**said, "serial": said["serial"] + 1, "keys": {"keys": [listed]}}, [key])
    moved = forged_without_services(forged, key)

    assert no_token.status_code == 401
    assert service_keys == {key.kid: "benefits"}
    assert set(told.feeds) == {"portfolio", "benefits"}
    # The same key in both places is refused; alone it is read, and follows nothing that is known.
    with pytest.raises(StatementError) as twice:
        read_statement(forged.encode(), owner=giver.organisation)
    assert twice.value.fault is Fault.ODD_KEY
    alone = read_statement(moved.encode(), owner=giver.organisation)
    known = [kid for kid, one in told.keys.items() if "service" not in one]
    with pytest.raises(StatementError) as unknown:
        refuse_unfollowing(alone, serial=told.serial, hash_=told.hash, known=known)
    assert unknown.value.fault is Fault.UNKNOWN_KEYS


def forged_without_services(text: str, key: SigningKey) -> str:
    said = signed_payload(text)
    del said["service_keys"]
    return signed_statement(said, [key])


async def own_key(body: Body) -> SigningKey:
    async with body.there.transaction(body.organisation) as connection:
        found = await body.here.part.find_key(connection, body.organisation, body.here.exchange)
    assert found is not None
    return found


async def test_a_renewed_key_is_used_when_the_statement_names_it_and_nothing_is_lost(
    bodies: tuple[Body, Body],
) -> None:
    giver, reader = bodies
    await giver.grant(reader, giver.plans.project_id)
    await giver.catch_up()
    before = await own_key(giver)
    async with giver.administrator as client:
        assert (await client.post("/sync-identity/renew")).status_code == 200
    still = await own_key(giver)
    await giver.catch_up()
    after = await own_key(giver)
    await measured(giver)
    await reader.read_plans()
    unknown = (await reader.plan_reading(giver))["fault"]
    await reader.catch_up()
    await reader.introduce()
    await reader.catch_up()
    await reader.read_plans()

    assert before.kid == still.kid != after.kid
    assert unknown == "unknown-partner-key"
    assert (await reader.has_plans(giver))["benefit"] == 1
    async with reader.there.transaction(reader.organisation) as connection:
        keys = await connection.fetchval('SELECT "keys"::text FROM sync_partner')
    assert before.kid in keys
    assert after.kid in keys


async def test_bodies_of_one_installation_read_each_other_without_http(houses: tuple[House, House]) -> None:
    await quiet(*houses)
    async with settled(houses[0], houses[0]) as (giver, reader):
        await met(giver, reader)
        await measured(giver)
        await giver.grant(reader, giver.plans.project_id)
        await giver.catch_up()
        houses[0].asked.clear()
        await reader.pull()
        await measured(giver)
        hinted = await giver.hint_plans()
        soon = (await reader.plan_reading(giver))["read_at"]
        await reader.pull()

        assert hinted >= 1
        assert soon <= reader.house.now() + timedelta(seconds=6)
        assert (await reader.has_plans(giver))["benefit"] == 2
        assert FEED not in houses[0].asked


async def test_only_our_services_ask_with_the_bodys_key(bodies: tuple[Body, Body]) -> None:
    giver, reader = bodies
    asked = {"organisation": reader.organisation, "owner": giver.organisation}
    async with reader.administrator as people:
        refused = await people.post("/sync-assertions", json=asked)
    answers = [await reader.asserted(asked | one) for one in ({}, {"owner": "0192:974760673"})]

    assert refused.status_code == 403
    assert [one.status_code for one in answers] == [200, 404]
    assert answers[0].json()["endpoint"] == f"{giver.house.address}/issuer/token"


async def test_who_reads_a_feed_of_plans_is_asked_as_at_every_feed(bodies: tuple[Body, Body]) -> None:
    giver, reader = bodies
    found: dict[str, Any] = {}
    for name, owner, role in (
        ("partner", reader.organisation, Role.SYNC_PARTNER),
        ("stranger", "0192:974760673", Role.SYNC_PARTNER),
        ("person", reader.organisation, Role.ADMINISTRATOR),
    ):
        async with giver.house.caller(owner, role, service="benefits") as client:
            asked = {"owner": giver.organisation}
            answers = (
                await client.get("/sync-feed", params=asked),
                await client.post("/sync-hints", params=asked),
            )
            behind = await client.get("/sync-feed", params={**asked, "grants_number": 9})
            found[name] = [one.status_code for one in (*answers, behind)]

    assert found == {"partner": [200, 204, 503], "stranger": [404, 404, 404], "person": [403, 403, 403]}


async def test_it_is_seen_what_goes_what_has_left_and_what_came(bodies: tuple[Body, Body]) -> None:
    giver, reader = bodies
    await measured(giver)
    there, here = (
        f"/sync-partners/{one.partners[other.organisation]}" for one, other in (bodies, bodies[::-1])
    )
    body = {
        "kind": "project",
        "record_id": giver.plans.project_id,
        "fields": {"benefit": ["name", "project"]},
    }
    body |= {"purpose": "Joint planning", "until": "2099-12-31"}
    exchangers = [
        one.house.caller(one.organisation, Role.ADMINISTRATOR, service="benefits") for one in bodies
    ]
    async with exchangers[0] as giving, exchangers[1] as reading:
        before = (await giving.get(f"{there}/preview")).json()
        would = (await giving.post(f"{there}/preview", json=body)).json()
        await giver.grant(reader, giver.plans.project_id, fields=body["fields"])
        await giver.catch_up()
        await reader.pull()
        now = (await giving.get(f"{there}/preview")).json()
        left = (await giving.get(f"{there}/left")).json()["items"]
        came = (await reading.get("/sync-replica", params={"kind": "benefit"})).json()["items"]
        nothing = (await reading.get("/sync-replica", params={"kind": "goal"})).json()["items"]
        goes = (await reading.get(f"{here}/exchange")).json()
    async with reader.administrator as client:
        projects = (await client.get("/sync-replica")).json()["items"]

    assert before == {"count": 0, "too_large": 0, "items": []}
    assert would == now
    assert [one["fields"]["name"] for one in would["items"]] == ["Less time spent on each application"]
    assert [one["fields"] for one in left] == [one["fields"] for one in came] == [would["items"][0]["fields"]]
    assert (came[0]["owner"], came[0]["kind"]) == (giver.organisation, "benefit")
    assert came[0]["fields"]["project"].startswith("hidden:")
    assert nothing == projects == []
    assert (goes["received"]["records"], goes["received"]["taken"]) == (1, 1)
    assert goes["quarantine"] == []


async def test_both_services_refuse_to_show_what_could_not_be_given(bodies: tuple[Body, Body]) -> None:
    """X1."""
    giver, reader = bodies
    project = giver.plans.project_id
    path = f"/sync-partners/{giver.partners[reader.organisation]}/preview"
    good = {"kind": "project", "record_id": project, "fields": {"project": ["name"], "benefit": ["name"]}}
    good |= {"purpose": "Joint planning", "until": "2099-12-31"}
    changes: list[dict[str, Any]] = [
        {},
        {"fields": {"benefit": ["name", "owner"]}},
        {"fields": {"agreement_offer": ["letter"]}},
        {"until": "2020-01-01"},
        {"kind": "programme"},
        {"kind": "programme", "record_id": giver.portfolio_id},
        {"record_id": giver.portfolio_id},
    ]

    async def asked() -> list[list[tuple[int, str]]]:
        found = []
        for service in ("portfolio", "benefits"):
            async with giver.house.caller(giver.organisation, Role.ADMINISTRATOR, service=service) as client:
                answers = [await client.post(path, json=good | change) for change in changes]
            found.append(
                [(one.status_code, one.json().get("type", "").rpartition("#")[2]) for one in answers]
            )
        return found

    portfolio, benefits = await asked()
    await giver.tell(reader, "stop")
    await giver.catch_up()
    stopped = await asked()

    odd, unknown = (400, "unknown-shared-field"), (404, "unknown")
    assert portfolio == [(200, ""), odd, odd, (400, "grant-over-already"), unknown, unknown, unknown]
    assert benefits == portfolio
    assert stopped == [[(409, "partner-not-so")] * len(changes)] * 2


async def test_what_partners_gave_comes_in_pages(bodies: tuple[Body, Body]) -> None:
    giver, reader = bodies
    for _ in range(2):
        await measured(giver)
    await giver.grant(reader, giver.plans.project_id)
    await giver.catch_up()
    await reader.pull()
    found: list[tuple[str, str]] = []
    cursor = ""
    async with reader.house.caller(reader.organisation, Role.AUDITOR, service="benefits") as client:
        while True:
            asked = {"limit": "2", **({"cursor": cursor} if cursor else {})}
            page = (await client.get("/sync-replica", params=asked)).json()
            found += [(one["kind"], one["record_id"]) for one in page["items"]]
            cursor = page.get("next_cursor", "")
            if not cursor:
                break

    assert len(found) == len(set(found)) == sum((await reader.has_plans(giver)).values())
    assert [kind for kind, _ in found] == sorted(kind for kind, _ in found)
