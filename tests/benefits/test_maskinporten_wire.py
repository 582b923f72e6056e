"""X1: bodies exchange projects and plans with tokens of Maskinporten, and nobody gains by what it states."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gevinst_shared.auth.development_issuer import partner_file
from gevinst_shared.http.outside import Outside
from gevinst_shared.sync.callers import Caller, CallFailed
from gevinst_shared.sync.maskinporten import read_clients
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.partner_rows import PartnerRows
from gevinst_shared.sync.partner_tokens import asserted_here
from gevinst_shared.web.clock import utc_now
from tests.benefits.test_exchange_wire import measured, met
from tests.benefits.two_houses import FEED, Body, settled
from tests.portfolio.two_installations import FEED as PROJECTS
from tests.portfolio.two_installations import House, answer, changed, quiet
from tests.support.bad_tokens import rsa_jwk, token
from tests.support.maskinporten import SCOPE, Maskinporten, issued, opened_maskinporten
from tests.support.national_claims import MASKINPORTEN, VENDOR, numbered

STRANGER = "0192:974760673"


@dataclass
class Agencies:
    """`giver` is read by `reader` with tokens that `issuer` gives, and in no other way."""

    giver: Body
    reader: Body
    issuer: Maskinporten

    async def state(self, **token: Any) -> None:
        """Have the giver's statement say something else, as both services of the reader know it."""
        values = json.dumps(token), self.reader.partners[self.giver.organisation]
        for database in (self.reader.house.database, self.reader.there):
            async with database.transaction(self.reader.organisation) as connection:
                await connection.execute("UPDATE sync_partner SET token = $1 WHERE id = $2", *values)

    async def faults(self) -> tuple[str | None, str | None]:
        """Of one reading by each service."""
        await self.reader.read()
        await self.reader.read_plans()
        found = await self.reader.reading(self.giver), await self.reader.plan_reading(self.giver)
        return found[0]["fault"], found[1]["fault"]

    @property
    def stated(self) -> dict[str, str]:
        return {"issuer": MASKINPORTEN, "scope": SCOPE, "resource": self.giver.house.address}


@pytest.fixture
async def agencies(houses: tuple[House, House], tmp_path: Path) -> AsyncIterator[Agencies]:
    await quiet(*houses)
    async with opened_maskinporten() as issuer, settled(*houses) as (giver, reader):
        await met(giver, reader)
        partner_file(giver.house.installation.keys, reader.organisation).unlink()
        async with operated(reader.house, issuer.register(reader.organisation, tmp_path)):
            yield Agencies(giver, reader, issuer)
    await quiet(*houses)


@asynccontextmanager
async def operated(house: House, file: Path) -> AsyncIterator[None]:
    """The installation as it is when it was started with the operator's file of clients."""
    before = house.app.state.house
    house.app.state.house = replace(before, exchange=replace(before.exchange, clients=read_clients(file)))
    try:
        yield
    finally:
        house.app.state.house = before


async def test_projects_and_plans_arrive_with_tokens_for_the_givers_feeds_alone(agencies: Agencies) -> None:
    giver, reader, issuer = agencies.giver, agencies.reader, agencies.issuer
    await measured(giver)
    await giver.grant(reader, giver.plans.project_id)
    await giver.catch_up()
    await reader.pull()

    arrived = await reader.has_plans(giver)
    assert await reader.has(giver) == ["Digital post"]
    assert (arrived["benefit"], arrived["indicator"], arrived["measurement"]) == (1, 1, 1)
    # One for each service; benefits got its assertion from portfolio.
    assert [one["resource"] for one in issuer.asked] == [[giver.house.address]] * 2
    assert {one["iss"] for one in issuer.asked} == {f"client-of-{reader.organisation}"}
    assert all("sub" not in one and "consumer_org" not in one for one in issuer.asked)


async def test_a_token_is_kept_until_shortly_before_it_ends_and_a_partner_that_refuses_it_gets_no_other(
    agencies: Agencies, tmp_path: Path
) -> None:
    """The client is a supplier's, to whom the body has delegated it."""
    giver, reader, issuer = agencies.giver, agencies.reader, agencies.issuer
    issuer.clients.clear()
    file = issuer.register(VENDOR, tmp_path, organisations=[VENDOR, reader.organisation])
    late = timedelta()
    caller = await caller_of(reader, giver)
    async with Outside(seconds=5) as outside:
        asserts = asserted_here(read_clients(file), utc_now)
        calls = PartnerCalls(outside, lambda: utc_now() + late, asserts=asserts)
        await calls.page(caller, None)
        changed(giver.house, lambda send, _status, _body: answer(send, 401, b""))
        with pytest.raises(CallFailed, match="partner-token-refused"):
            await calls.page(caller, None)
        giver.house.disturb = None
        await calls.page(caller, None)
        kept = len(issuer.asked)
        late = timedelta(seconds=issuer.lifetime - 30)
        await calls.hint(caller)

    assert (kept, len(issuer.asked)) == (1, 2)
    assert issuer.asked[0]["consumer_org"] == reader.organisation.removeprefix("0192:")


async def caller_of(reader: Body, giver: Body) -> Caller:
    async with reader.work() as connection:
        found = await PartnerRows(reader.house.here).caller(
            connection, reader.organisation, reader.partners[giver.organisation]
        )
    assert found is not None
    return found


async def test_only_a_true_token_of_the_partner_for_these_feeds_opens_them(agencies: Agencies) -> None:
    giver, reader = agencies.giver, agencies.reader
    here, us = giver.house.address, reader.organisation
    now = int(utc_now().timestamp())
    vendors = {"type": "urn:altinn:systemuser", "systemuser_id": ["a"], "systemuser_org": numbered(STRANGER)}
    foreign = rsa_jwk(2048, "our-client")
    claims: dict[str, object] = {"iss": MASKINPORTEN, "aud": here, "client_id": "c", "scope": SCOPE}
    claims |= {"consumer": numbered(us), "iat": now, "exp": now + 120}
    tokens = {
        "true": (issued(us, audience=here), 200),
        "for several, us among them": (issued(us, audience=[here, "https://b.test"]), 200),
        "for another": (issued(us, audience=reader.house.address), 401),
        "for a part of us": (issued(us, audience=f"{here}/portfolio"), 401),
        "for nobody": (issued(us, audience="unspecified"), 401),
        "without an audience": (issued(us, audience=None), 401),
        "expired": (issued(us, audience=here, iat=now - 300, exp=now - 180), 401),
        "signed by a client": (token({"alg": "RS256", "kid": "maskinporten"}, claims, foreign), 401),
        "of another body": (issued(STRANGER, audience=here), 404),
        "of another body, whose supplier we are": (
            issued(STRANGER, audience=here, supplier=numbered(us)),
            404,
        ),
        "of another body, whose system is ours": (
            issued(us, audience=here, authorization_details=[vendors]),
            404,
        ),
        "of nobody": (issued(None, audience=here), 403),
        "without a scope": (issued(us, audience=here, scope=None), 403),
        "for another scope": (issued(us, audience=here, scope="ks:gevinst.exchange.not"), 403),
    }
    found: dict[str, list[int]] = {}
    async with httpx.AsyncClient(base_url=here, trust_env=False, timeout=60) as client:
        for name, (text, _) in tokens.items():
            headers = {"Authorization": f"Bearer {text}"}
            asked = {"owner": giver.organisation}
            answers = [await client.get(feed, params=asked, headers=headers) for feed in (PROJECTS, FEED)]
            found[name] = [one.status_code for one in answers]

    assert found == {name: [status] * 2 for name, (_, status) in tokens.items()}


async def test_nothing_is_asked_for_on_a_hostile_statement(agencies: Agencies) -> None:
    """Nor sent anywhere but to where the operator said."""
    here = agencies.giver.house.address
    evil = f"http://127.0.0.1:{agencies.issuer.port}/token"
    stated = {
        "another's resource": {"resource": agencies.reader.house.address},
        "a resource that it shares with others": {"resource": f"{here}/benefits/v1"},
        "a resource beside it": {"resource": here[:-1]},
        "a scope of ours for something else": {"scope": "skatteetaten:income"},
        "two scopes": {"scope": f"{SCOPE} skatteetaten:income"},
    }
    found = {}
    for name, members in stated.items():
        await agencies.state(maskinporten=agencies.stated | members)
        found[name] = await agencies.faults()
    await agencies.state(maskinporten=agencies.stated | {"issuer": evil, "token_endpoint": evil})
    found["an issuer of its own"] = await agencies.faults()

    refused, elsewhere = "no-partner-assertion", "maskinporten-resource-elsewhere"
    assert found == {
        "another's resource": (elsewhere, refused),
        # Its benefits feed lies there, and is read with a token that is good there only.
        "a resource that it shares with others": (elsewhere, "partner-token-refused"),
        "a resource beside it": (elsewhere, refused),
        "a scope of ours for something else": ("maskinporten-scope-not-allowed", refused),
        "two scopes": ("maskinporten-scope-not-allowed", refused),
        "an issuer of its own": ("no-maskinporten-client", refused),
    }
    assert [one["resource"] for one in agencies.issuer.asked] == [[f"{here}/benefits/v1"]]
    assert agencies.issuer.requests == 1


async def test_what_maskinporten_says_against_it_is_seen_and_no_assertion_is_logged(
    agencies: Agencies, caplog: pytest.LogCaptureFixture
) -> None:
    issuer = agencies.issuer
    [client] = issuer.clients.values()
    caplog.set_level(logging.DEBUG)
    found = {"a true one": await agencies.faults()}
    client.scopes.clear()
    found["a scope that we were not given"] = await agencies.faults()
    issuer.clients.clear()
    found["a client that it does not know"] = await agencies.faults()
    repeated = "eyJhbGciOiJSUzI1NiJ9." + "A" * 400
    for name, status, said in (
        ("nothing sensible", 200, b"<html>"),
        ("an answer that repeats what it got", 400, json.dumps({"error_description": repeated}).encode()),
        ("that it is busy", 503, b""),
        ("too many", 429, b'{"error":"slow_down"}'),
    ):
        issuer.answer = status, said
        found[name] = await agencies.faults()

    assert found == {
        "a true one": (None, None),
        "a scope that we were not given": ("maskinporten-scope-refused",) * 2,
        "a client that it does not know": ("maskinporten-client-refused",) * 2,
        "nothing sensible": ("no-partner-token",) * 2,
        "an answer that repeats what it got": ("maskinporten-client-refused",) * 2,
        "that it is busy": ("maskinporten-not-reached",) * 2,
        "too many": ("maskinporten-not-reached",) * 2,
    }
    failed = [one for one in caplog.records if one.message == "Maskinporten gave no token"]
    assert [vars(one)["error"] for one in failed[:4]] == ["invalid_scope"] * 2 + ["invalid_grant"] * 2
    logged = " ".join(str(vars(one)) for one in caplog.records)
    assert "correlation id" in logged
    assert "eyJ" not in logged
    assert (await agencies.reader.reading(agencies.giver))["failures"] >= 6
