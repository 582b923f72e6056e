"""X1: a token goes only to the partner that it is for, whatever its statement says."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest

from gevinst_shared.auth.key_files import new_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.http.outside import Outside
from gevinst_shared.sync.callers import Caller, CallFailed
from gevinst_shared.sync.partner_tokens import PartnerTokens, asserted_here
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import read_network
from gevinst_shared.web.clock import utc_now
from tests.support.http_receiver import Receiver, http_receiver

HERE, ELSEWHERE = "https://partner.example", "https://another.example"


def token_for(audience: Any) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"aud": audience}).encode()).decode().rstrip("=")
    return f"e30.{claims}.eA"


@dataclass(frozen=True, slots=True)
class Case:
    """The partner's address, the audience that it states, and the token that is got where it says."""

    stated: str
    token: str
    address: str = HERE


GOOD = {
    "its own": Case(HERE, token_for(HERE)),
    "its own, among others": Case(HERE, token_for(["account", HERE])),
    "its own in another spelling": Case(f"{HERE}/", token_for(f"{HERE}/")),
    "that of the host it is under": Case(HERE, token_for(HERE), address=f"{HERE}/bergen"),
}
BAD = {
    "another's": Case(ELSEWHERE, token_for(ELSEWHERE)),
    "another's, got under its own name": Case(HERE, token_for(ELSEWHERE)),
    "one that begins like it": Case(HERE, token_for(HERE), address=f"{HERE}.evil.example"),
    "no address": Case("gevinst", token_for("gevinst")),
    "nobody's": Case(HERE, token_for(None)),
    "not to be read": Case(HERE, "opaque"),
    "no address of its own": Case("gevinst", token_for("gevinst"), address=""),
}


async def got(case: Case) -> str:
    body = json.dumps({"access_token": case.token, "token_type": "Bearer", "expires_in": 300}).encode()
    async with http_receiver(Receiver(otherwise="200 OK", body=body)) as port, Outside(seconds=5) as outside:
        caller = Caller(
            organisation="0192:958935420",
            partner_id=new_id(),
            owner="0192:964338531",
            address=case.address or None,
            feed=f"{case.address}/portfolio/v1/sync-feed",
            token={"endpoint": f"http://127.0.0.1:{port}/", "audience": case.stated, "scope": "gevinst:sync"},
            key=signing_key(new_private_jwk()),
            networks=(read_network("127.0.0.0/8"),),
        )
        return await PartnerTokens(outside, utc_now, asserted_here((), utc_now)).get(caller)


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
async def test_a_token_for_the_partner_is_sent_to_it(case: Case) -> None:
    assert await got(case) == case.token


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
async def test_a_token_that_another_would_take_is_not(case: Case) -> None:
    with pytest.raises(CallFailed, match="partner-token-elsewhere"):
        await got(case)
