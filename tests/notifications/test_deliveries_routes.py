"""Deliveries over HTTP: for those who run the house."""

import json

import httpx
import pytest

from gevinst_notifications.schemas.deliveries import DeliveryPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World
from tests.support.callers import problem
from tests.support.organisations import new_organisation


@pytest.fixture
async def office(world: World) -> httpx.AsyncClient:
    await world.hear(world.gate_decided())
    return world.caller("olle", Role.PORTFOLIO_OFFICE)


async def _kill(world: World, delivery_id: str) -> None:
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute(
            "UPDATE delivery SET state = 'dead', attempts = 8, last_outcome = 'permanent-failure', "
            "last_code = 550, last_text = 'no such user' WHERE id = $1::uuid",
            delivery_id,
        )


async def test_the_office_sees_what_waits_and_filters_it(office: httpx.AsyncClient, world: World) -> None:
    page = (await office.get("/deliveries", params={"state": "pending", "channel": "mail"})).json()
    none = (await office.get("/deliveries", params={"state": "dead"})).json()

    assert len(page["items"]) == 3
    assert none["items"] == []
    one = await office.get(f"/deliveries/{page['items'][0]['id']}")
    assert one.json() == page["items"][0]
    assert one.headers["etag"] == '"1"'


async def test_postgresqls_json_is_what_the_model_writes(office: httpx.AsyncClient, world: World) -> None:
    first = (await office.get("/deliveries")).json()["items"][0]
    await _kill(world, first["id"])

    answer = await office.get("/deliveries", params={"sort": "due", "limit": 2})

    read = DeliveryPageOut.model_validate_json(answer.content)
    dumped = read.model_dump(mode="json", exclude_none=True)
    assert json.dumps(dumped, sort_keys=True) == json.dumps(answer.json(), sort_keys=True)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/deliveries"), ("GET", "/deliveries/{}"), ("POST", "/deliveries/{}/replay")]
)
async def test_who_does_not_run_the_house_sees_no_deliveries(world: World, method: str, path: str) -> None:
    answer = await world.caller("olga", Role.READER, Role.PROJECT_OWNER).request(
        method, path.format(new_id()), headers={"If-Match": '"1"'}
    )

    assert problem(answer)["status"] == 403


async def test_anothers_delivery_is_unknown(office: httpx.AsyncClient, world: World) -> None:
    delivery = (await office.get("/deliveries")).json()["items"][0]
    foreign = world.desk.caller(Role.ADMINISTRATOR, organisation=new_organisation())

    for answer in (
        await foreign.get(f"/deliveries/{delivery['id']}"),
        await foreign.post(f"/deliveries/{delivery['id']}/replay", headers={"If-Match": '"1"'}),
    ):
        assert problem(answer)["status"] == 404
    assert (await foreign.get("/deliveries")).json()["items"] == []


async def test_a_delivery_that_was_given_up_is_replayed_once(office: httpx.AsyncClient, world: World) -> None:
    delivery = (await office.get("/deliveries")).json()["items"][0]
    await _kill(world, delivery["id"])
    path = f"/deliveries/{delivery['id']}/replay"

    blind = await office.post(path)
    stale = await office.post(path, headers={"If-Match": '"7"'})
    done = await office.post(path, headers={"If-Match": '"1"'})
    again = await office.post(path, headers={"If-Match": '"2"', "Accept-Language": "nb"})

    assert (problem(blind)["status"], problem(stale)["status"]) == (428, 412)
    assert (done.json()["state"], done.json()["attempts"], done.json()["revision"]) == ("pending", 0, 2)
    assert problem(again)["status"] == 409
    assert "pending" in problem(again)["detail"]
    events = (await world.caller("admin", Role.ADMINISTRATOR).get("/events")).json()["items"]
    assert [event["type"] for event in events] == ["gevinst.notifications.replayed.v1"]


async def test_a_replay_under_one_key_happens_once(office: httpx.AsyncClient, world: World) -> None:
    delivery = (await office.get("/deliveries")).json()["items"][0]
    await _kill(world, delivery["id"])
    headers = {"If-Match": '"1"', "Idempotency-Key": "one"}

    first, second = [
        await office.post(f"/deliveries/{delivery['id']}/replay", headers=headers) for _ in range(2)
    ]

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()


async def test_the_status_says_that_mail_is_not_set_up(world: World) -> None:
    """The service runs without: what is to be sent waits."""
    for path in ("/status", "/readyz"):
        answer = await world.desk.with_headers().get(path)
        assert answer.status_code == 200
        assert "GEVINST_SMTP_URL" in answer.json()["lacks"]["mail"]
