"""Endpoints over the API: who may connect what, where it may lead, and what is never shown."""

import json
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from gevinst_notifications.schemas.endpoints import EndpointKeyOut, EndpointOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World
from tests.support.callers import problem
from tests.support.organisations import new_organisation

WEBHOOK: dict[str, Any] = {
    "channel": "webhook",
    "name": "Integrasjon",
    "address": "https://203.0.114.7/hook?key=secret-part",
    "event_types": ["gevinst.benefits.*"],
}
TEAMS: dict[str, Any] = {
    "channel": "teams",
    "name": "Styringsrommet",
    "address": "https://203.0.114.8/workflows/abc?sig=secret-part",
    "kinds": ["gate-decided"],
    "language": "nb",
}


@pytest.fixture
def admin(world: World) -> httpx.AsyncClient:
    return world.caller("admin", Role.ADMINISTRATOR)


@pytest.fixture
def office(world: World) -> httpx.AsyncClient:
    return world.caller("olle", Role.PORTFOLIO_OFFICE)


async def connected(
    client: httpx.AsyncClient, body: dict[str, Any] = WEBHOOK, **changes: Any
) -> dict[str, Any]:
    answer = await client.post("/endpoints", json={**body, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def revision(of: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{of["revision"]}"'}


async def test_a_webhook_is_connected_with_a_key_and_its_address_is_never_shown(
    world: World, admin: httpx.AsyncClient
) -> None:
    answer = await admin.post("/endpoints", json=WEBHOOK)

    made = answer.json()
    assert answer.headers["location"] == f"/notifications/v1/endpoints/{made['id']}"
    assert made["host"] == "203.0.114.7"
    assert made["state"] == "active"
    keys = (await admin.get(f"/endpoints/{made['id']}/keys")).json()["items"]
    assert len(keys) == 1
    listed = (await admin.get("/endpoints")).text
    events = (await admin.get("/events", params={"limit": 100})).text
    audit = (await admin.get("/audit", params={"limit": 100})).text
    for text in (answer.text, listed, events, audit):
        assert "secret-part" not in text
    async with world.database.transaction(world.organisation) as connection:
        sealed = await connection.fetchval("SELECT sealed_address FROM endpoint")
    assert b"secret-part" not in sealed


async def test_postgresqls_documents_are_the_models_own(admin: httpx.AsyncClient) -> None:
    made = await connected(admin, TEAMS)
    hook = await connected(admin)
    key = (await admin.get(f"/endpoints/{hook['id']}/keys")).json()["items"][0]

    for document, model in ((made, EndpointOut), (hook, EndpointOut), (key, EndpointKeyOut)):
        assert (
            model.model_validate_json(json.dumps(document)).model_dump(mode="json", exclude_none=True)
            == document
        )


async def test_a_webhook_is_the_administrators_and_a_chat_also_the_offices(
    world: World, office: httpx.AsyncClient
) -> None:
    refused = await office.post("/endpoints", json=WEBHOOK)
    made = await connected(office, TEAMS)
    reader = await world.caller("rita", Role.READER).post("/endpoints", json=TEAMS)

    assert (refused.status_code, problem(refused)["type"].partition("#")[2]) == (403, "not-allowed")
    assert made["kinds"] == ["gate-decided"]
    assert reader.status_code == 403


INSIDE = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://[::1]/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.1.2.3/",
    "https://192.168.0.1:8443/",
    "https://[fe80::1]/",
    "https://0.0.0.0/",
]


@pytest.mark.parametrize("address", INSIDE)
async def test_an_address_that_leads_inside_is_refused(admin: httpx.AsyncClient, address: str) -> None:
    for body in (WEBHOOK, TEAMS):
        answer = await admin.post("/endpoints", json={**body, "address": address})

        assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "address-not-public")
        assert problem(answer)["errors"][0]["pointer"] == "/body/address"


async def test_an_administrator_can_allow_a_network_and_close_it_again(
    world: World, admin: httpx.AsyncClient, office: httpx.AsyncClient
) -> None:
    address: dict[str, Any] = {"address": "http://127.0.0.1:9/hook"}
    assert (
        await office.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "x"})
    ).status_code == 403

    allowed = await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Bussen"})
    made = await connected(admin, **address)
    again = await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "Bussen"})
    closed = await admin.delete(f"/allowed-networks/{allowed.json()['id']}", headers=revision(allowed.json()))
    refused = await admin.post("/endpoints", json={**WEBHOOK, **address})

    assert made["host"] == "127.0.0.1:9"
    assert again.status_code == 409
    assert closed.status_code == 204
    assert refused.status_code == 409
    other = world.desk.caller(Role.ADMINISTRATOR, organisation=new_organisation())
    assert (await other.get("/allowed-networks")).json()["items"] == []


@pytest.mark.parametrize("network", ["10.0.0.1/8", "10.0.0.0/33", "300.0.0.0/8", "::/129", "1.2.3", "::::"])
async def test_an_odd_network_is_refused(admin: httpx.AsyncClient, network: str) -> None:
    answer = await admin.post("/allowed-networks", json={"network": network, "reason": "x"})

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (400, "odd-network")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"address": "http://203.0.114.7/"}, 409, "address-not-encrypted"),
        ({"address": "ftp://203.0.114.7/"}, 400, "odd-address"),
        ({"address": "https://kari:x@203.0.114.7/"}, 400, "odd-address"),
        ({"event_types": []}, 400, "odd-subscription"),
        ({"kinds": ["gate-decided"]}, 400, "odd-subscription"),
        ({"channel": "slack"}, 400, "odd-subscription"),
        ({"channel": "slack", "event_types": [], "kinds": ["gate-decoded"]}, 400, "odd-subscription"),
        ({"channel": "mail"}, 409, "channel-not-set-up"),
        ({"channel": "pigeon"}, 409, "channel-not-set-up"),
        ({"channel": "apprise", "kinds": ["gate-decided"], "address": "tgram://ø"}, 400, "odd-address"),
        ({"event_types": ["Gevinst"]}, 400, "malformed"),
        ({"language": "fi"}, 400, "malformed"),
        ({"state": "active"}, 400, "malformed"),
        ({"address": ""}, 400, "malformed"),
    ],
)  # fmt: skip
async def test_what_cannot_be_connected_is_told_why(
    admin: httpx.AsyncClient, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = await admin.post("/endpoints", json={**WEBHOOK, **changes})

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code)


async def test_a_chat_can_be_for_one_place_which_must_be_known(
    world: World, office: httpx.AsyncClient
) -> None:
    here = {"scope": "project", "scope_id": str(world.project_id)}
    made = await connected(office, TEAMS, **here)
    unknown = await office.post("/endpoints", json={**TEAMS, "scope": "unit", "scope_id": str(new_id())})
    wrong = await office.post(
        "/endpoints", json={**TEAMS, "scope": "unit", "scope_id": str(world.project_id)}
    )

    assert {name: made[name] for name in here} == here
    assert (unknown.status_code, wrong.status_code) == (404, 404)


async def test_a_change_keeps_the_address_unless_it_names_another(admin: httpx.AsyncClient) -> None:
    made = await connected(admin)
    url = f"/endpoints/{made['id']}"
    body = {"name": "Ny", "event_types": ["*"], "is_active": False}

    missing = await admin.put(url, json=body)
    paused = await admin.put(url, json=body, headers=revision(made))
    stale = await admin.put(url, json=body, headers=revision(made))
    moved = await admin.put(
        url,
        json={**body, "is_active": True, "address": "https://203.0.114.9/x"},
        headers=revision(paused.json()),
    )
    inside = await admin.put(
        url, json={**body, "address": "https://127.0.0.1/"}, headers=revision(moved.json())
    )

    assert (missing.status_code, stale.status_code, inside.status_code) == (428, 412, 409)
    assert (paused.json()["state"], paused.json()["host"], paused.json()["name"]) == (
        "paused",
        "203.0.114.7",
        "Ny",
    )
    assert (moved.json()["state"], moved.json()["host"]) == ("active", "203.0.114.9")


async def test_an_endpoint_is_deleted_with_its_keys(admin: httpx.AsyncClient) -> None:
    made = await connected(admin)
    url = f"/endpoints/{made['id']}"

    stale = await admin.delete(url, headers={"If-Match": '"7"'})
    gone = await admin.delete(url, headers=revision(made))

    assert (stale.status_code, gone.status_code) == (412, 204)
    for path in ("", "/keys", "/attempts"):
        assert (await admin.get(url + path)).status_code == 404
    audit = (await admin.get("/audit", params={"limit": 100})).json()["items"]
    assert any(row["action"].endswith("endpoint-disconnected.v1") for row in audit)


async def test_a_key_is_rotated_and_the_older_ones_end_after_the_overlap(admin: httpx.AsyncClient) -> None:
    made = await connected(admin)
    url = f"/endpoints/{made['id']}/keys"

    added = await admin.post(url, json={"overlap_hours": 2})
    keys = (await admin.get(url)).json()["items"]
    secrets = [(await admin.get(f"{url}/{key['id']}")).json()["secret"] for key in keys]

    assert added.status_code == 201
    assert "secret" not in added.json()
    assert keys[0]["id"] == added.json()["id"]
    assert ["ends_at" in key for key in keys] == [False, True]
    assert len(set(secrets)) == 2
    for secret in secrets:
        Webhook(secret)


async def test_only_an_administrator_reads_a_secret_and_a_chat_has_none(
    admin: httpx.AsyncClient, office: httpx.AsyncClient
) -> None:
    made, chat = await connected(admin), await connected(office, TEAMS)
    key = (await office.get(f"/endpoints/{made['id']}/keys")).json()["items"][0]

    read = await office.get(f"/endpoints/{made['id']}/keys/{key['id']}")
    elsewhere = await admin.get(f"/endpoints/{chat['id']}/keys/{key['id']}")
    none = await admin.post(f"/endpoints/{chat['id']}/keys", json={})

    assert (read.status_code, elsewhere.status_code) == (403, 404)
    assert (none.status_code, problem(none)["type"].partition("#")[2]) == (409, "no-signing-keys")


async def test_another_organisation_finds_nothing(world: World, admin: httpx.AsyncClient) -> None:
    made = await connected(admin)
    key = (await admin.get(f"/endpoints/{made['id']}/keys")).json()["items"][0]
    other = world.desk.caller(Role.ADMINISTRATOR, organisation=new_organisation())
    url = f"/endpoints/{made['id']}"

    assert (await other.get("/endpoints")).json()["items"] == []
    for path in ("", "/keys", "/attempts", f"/keys/{key['id']}"):
        assert (await other.get(url + path)).status_code == 404
    assert (await other.post(f"{url}/test")).status_code == 404
    assert (await other.post(f"{url}/keys", json={})).status_code == 404
    assert (await other.delete(url, headers=revision(made))).status_code == 404
    body = {"name": "Ny", "event_types": ["*"], "is_active": False}
    assert (await other.put(url, json=body, headers=revision(made))).status_code == 404


async def test_the_same_request_again_makes_no_second_endpoint(admin: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "one"}

    first, second = [await admin.post("/endpoints", json=WEBHOOK, headers=key) for _ in range(2)]

    assert first.json() == second.json()
    assert len((await admin.get("/endpoints")).json()["items"]) == 1


async def test_lists_are_filtered_and_unknown_parameters_refused(admin: httpx.AsyncClient) -> None:
    await connected(admin)
    chat = await connected(admin, TEAMS)

    found = (await admin.get("/endpoints", params={"channel": "teams"})).json()["items"]
    active = (await admin.get("/endpoints", params={"state": "active", "sort": "name", "limit": 1})).json()

    assert [one["id"] for one in found] == [chat["id"]]
    assert len(active["items"]) == 1
    assert "next_cursor" in active
    assert (await admin.get("/endpoints", params={"colour": "blue"})).status_code == 400
