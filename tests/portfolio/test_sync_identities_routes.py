"""X1: who an organisation is to other bodies, and what everybody may read of it."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gevinst_shared.auth.secret_box import SecretBox
from gevinst_shared.sync.signing_keys import PURPOSE, KeyNotOpenedError, opened_key, read_aloud
from gevinst_shared.sync.statements import MEDIA_TYPE, read_statement
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.clocked import clocked
from tests.portfolio.exchanging import WELL_KNOWN, protected, restated, statement_of
from tests.portfolio.world import World
from tests.support.callers import problem
from tests.support.clock import MovedClock
from tests.support.installation import AUDIENCE, ISSUER, SYNC_KEY
from tests.support.organisations import new_organisation

CONTACT = {"contact": "gevinst@oslo.example"}


async def begin(world: World) -> dict[str, Any]:
    answer = await world.administrator.put("/sync-identity", json=CONTACT)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_has_not_begun_to_exchange_says_nothing_and_neither_does_a_stranger(world: World) -> None:
    mine = await statement_of(world.desk, world.desk.organisation)
    strangers = await statement_of(world.desk, new_organisation())

    assert (mine.status_code, strangers.status_code) == (404, 404)
    assert {**problem(mine), "instance": ""} == {**problem(strangers), "instance": ""}
    assert (await world.administrator.get("/sync-identity")).status_code == 404


async def test_an_identity_is_a_key_and_a_statement_that_everybody_may_read(world: World) -> None:
    identity = await begin(world)

    answer = await statement_of(world.desk, world.desk.organisation)
    said = read_statement(answer.content, owner=world.desk.organisation)

    assert answer.headers["content-type"] == MEDIA_TYPE
    assert (said.name, said.contact, said.serial) == ("Oslo", CONTACT["contact"], identity["serial"])
    assert said.kid == identity["keys"][0]["kid"]
    assert identity["keys"][0]["thumbprint"] == read_aloud(said.kid)
    assert said.feeds["portfolio"] == f"{AUDIENCE}/portfolio/v1/sync-feed"
    assert said.token == {"endpoint": f"{ISSUER}/token", "audience": AUDIENCE, "scope": "gevinst:sync"}


async def test_the_statement_is_at_the_root_of_the_gateway_too(world: World) -> None:
    await begin(world)
    app = httpx.ASGITransport(app=world.desk.app)

    async with httpx.AsyncClient(transport=app, base_url="https://gevinst.test") as everybody:
        answer = await everybody.get(WELL_KNOWN, params={"owner": world.desk.organisation})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "asked", [{}, {"owner": ""}, {"owner": "1"}, {"owner": "0192:'; --"}, {"other": "1"}]
)
async def test_an_odd_question_for_a_statement_is_answered_400(world: World, asked: dict[str, str]) -> None:
    answer = await world.desk.with_headers().get(WELL_KNOWN, params=asked)

    assert answer.status_code == 400
    problem(answer)


async def test_the_private_part_is_sealed_and_stands_in_no_answer_no_event_and_not_in_the_trail(
    world: World,
) -> None:
    identity = await begin(world)
    kid = identity["keys"][0]["kid"]
    async with database_of(world.desk).transaction(world.desk.organisation, read_only=True) as connection:
        sealed = await connection.fetchval("SELECT sealed FROM sync_key WHERE kid = $1", kid)

    box = SecretBox([SYNC_KEY], f"gevinst sync {PURPOSE}")
    private = json.loads(box.opened(sealed, about=f"{world.desk.organisation} {kid}") or b"{}")
    trail = (await world.administrator.get("/audit")).text
    events = json.dumps(await world.events())
    told = base64.b64encode(sealed).decode()

    assert opened_key(world.desk.organisation, kid, sealed, box).kid == kid
    for text in (trail, events, json.dumps(identity), repr(sealed)):
        assert private["d"] not in text
    # Sealed or not, it leaves the service nowhere.
    assert not [
        text for text in (trail, events, json.dumps(identity)) if told in text or sealed.hex() in text
    ]
    for organisation, other in (
        ("0192:958935420", box),
        (world.desk.organisation, SecretBox(["x" * 32], "y")),
    ):
        with pytest.raises(KeyNotOpenedError):
            opened_key(organisation, kid, sealed, other)


async def test_a_renewed_key_is_vouched_for_by_the_one_of_before_for_thirty_days(world: World) -> None:
    first = await begin(world)
    clock = MovedClock(utc_now())
    with clocked(world.desk, clock):
        answer = await world.administrator.post("/sync-identity/renew")
        statement = (await statement_of(world.desk, world.desk.organisation)).content
        said = read_statement(statement, owner=world.desk.organisation)
        clock.forward(days=31)
        await restated(world.desk, clock)
        later = (await statement_of(world.desk, world.desk.organisation)).content

    renewed = answer.json()
    assert answer.status_code == 200
    assert renewed["serial"] > first["serial"]
    assert [key["kid"] for key in renewed["keys"]] == [said.kid, first["keys"][0]["kid"]]
    assert said.kid != first["keys"][0]["kid"]
    assert protected(statement) == 2
    last = read_statement(later, owner=world.desk.organisation)
    assert list(last.keys) == [said.kid]
    assert last.serial > said.serial


async def test_a_statement_that_still_says_what_is_so_stays_as_it_is(world: World) -> None:
    before = await begin(world)

    await restated(world.desk, lambda: utc_now() + timedelta(hours=2))
    same = (await world.administrator.get("/sync-identity")).json()
    await world.administrator.put(
        "/organisation", json={"name": "Nye Oslo", "currency": "NOK", "language": "nb"}
    )
    await restated(world.desk, lambda: utc_now() + timedelta(hours=4))
    said = read_statement(
        (await statement_of(world.desk, world.desk.organisation)).content, owner=world.desk.organisation
    )

    assert same == before
    assert said.name == "Nye Oslo"
    assert said.serial > before["serial"]


async def test_too_many_keys_at_once_are_refused(world: World) -> None:
    await begin(world)
    codes = [(await world.administrator.post("/sync-identity/renew")).status_code for _ in range(4)]

    assert codes == [200, 200, 200, 409]


async def test_only_an_administrator_speaks_for_the_organisation(world: World) -> None:
    await begin(world)
    office, reader = world.office, world.desk.caller(Role.READER)

    assert (await office.put("/sync-identity", json=CONTACT)).status_code == 403
    assert (await office.post("/sync-identity/renew")).status_code == 403
    assert (await office.get("/sync-identity")).status_code == 200
    assert (await reader.get("/sync-identity")).status_code == 403


async def test_each_change_is_an_event_and_stands_in_the_trail(world: World) -> None:
    """E1: who made the key, when, and what was said before and after."""
    await begin(world)
    await world.administrator.post("/sync-identity/renew")

    told = [
        one for one in await world.events() if one["type"] == "gevinst.portfolio.sync-identity-changed.v1"
    ]
    rows = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]
    changed = [one for one in rows if one["subject"] == "sync-identity"]

    assert [len(one["data"]["keys"]) for one in told] == [1, 2]
    assert told[1]["data"]["serial"] > told[0]["data"]["serial"]
    assert {one["actor"] for one in changed} == {"admin"}
    assert len(changed) == 2


async def test_renewing_before_there_is_anything_to_renew_is_404(world: World) -> None:
    assert (await world.administrator.post("/sync-identity/renew")).status_code == 404
