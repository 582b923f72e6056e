"""The verifier: what it believes, and everything that it does not."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.auth import tokens
from gevinst_shared.auth.claims import BadToken, Flaw, TokenRules
from gevinst_shared.auth.tokens import FixedKeys, TokenVerifier, public_keys, sign, signing_key
from tests.support.bad_tokens import bad_tokens, ec_jwk, good_claims, public_half, rsa_jwk, token
from tests.support.clock import MovedClock

pytestmark = pytest.mark.anyio

ISSUER = "https://issuer.test"
AUDIENCE = "https://gevinst.test"
RULES = TokenRules(issuer=ISSUER, audiences=frozenset({AUDIENCE}))
KEY = ec_jwk("ours")
CLOCK = MovedClock()
CLAIMS = good_claims(issuer=ISSUER, audience=AUDIENCE, now=CLOCK.now)
HEADER = {"alg": "ES256", "kid": "ours", "typ": "at+jwt"}
BAD = bad_tokens(KEY, issuer=ISSUER, audience=AUDIENCE, now=CLOCK.now)


def key_set(*jwks: dict[str, Any]) -> FixedKeys:
    return FixedKeys(public_keys({"keys": [public_half(one) for one in jwks]}))


def verifier(*jwks: dict[str, Any], clock: MovedClock = CLOCK, rules: TokenRules = RULES) -> TokenVerifier:
    return TokenVerifier([(rules, key_set(*jwks))], clock=clock)


async def flaw_of(bad: str, one: TokenVerifier) -> Flaw:
    with pytest.raises(BadToken) as refused:
        await one.verify(bad)
    return refused.value.flaw


async def test_the_key_and_signature_of_rfc_7515_a3_fit_together() -> None:
    published = {
        "kty": "EC",
        "crv": "P-256",
        "kid": "A.3",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    signed = (
        b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
        b"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    signature = tokens._decoded(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )

    key = public_keys({"keys": [published]})["A.3"]

    assert key.algorithm == "ES256"
    assert key.key.verify(signed, signature)
    assert not key.key.verify(signed + b"x", signature)


async def test_a_good_token_gives_its_claims() -> None:
    assert dict(await verifier(KEY).verify(token(HEADER, CLAIMS, KEY))) == CLAIMS


async def test_a_good_rsa_token_gives_its_claims() -> None:
    key = rsa_jwk(2048, "rsa")
    signed = token({"alg": "RS256", "kid": "rsa", "typ": "at+jwt"}, CLAIMS, key)

    assert dict(await verifier(key).verify(signed)) == CLAIMS


async def test_what_we_sign_we_believe() -> None:
    assert dict(await verifier(KEY).verify(sign(CLAIMS, signing_key(KEY)))) == CLAIMS


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
async def test_the_type_of_an_access_token_has_three_spellings(typ: str) -> None:
    assert await verifier(KEY).verify(token({**HEADER, "typ": typ}, CLAIMS, KEY))


async def test_one_of_several_audiences_may_be_ours() -> None:
    claims = {**CLAIMS, "aud": ["https://somewhere.else", AUDIENCE]}

    assert await verifier(KEY).verify(token(HEADER, claims, KEY))


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_token_is_refused(name: str) -> None:
    weak = rsa_jwk(1024, "weak")

    assert await flaw_of(BAD[name], verifier(KEY, weak)) in Flaw


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("huge", Flaw.TOO_LONG),
        ("garbage", Flaw.MALFORMED),
        ("header nested too deep", Flaw.MALFORMED),
        ("repeated claim", Flaw.MALFORMED),
        ("alg none with a signature", Flaw.WRONG_ALGORITHM),
        ("HS256 with the public key as PEM", Flaw.WRONG_ALGORITHM),
        ("HS256 with the public key as DER", Flaw.WRONG_ALGORITHM),
        ("RS256 named, ES256 signed", Flaw.WRONG_ALGORITHM),
        ("tampered payload", Flaw.WRONG_SIGNATURE),
        ("another key's signature", Flaw.WRONG_SIGNATURE),
        ("a key of its own in jwk", Flaw.WRONG_SIGNATURE),
        ("r and s are zero", Flaw.WRONG_SIGNATURE),
        ("weak RSA key", Flaw.UNKNOWN_KEY),
        ("foreign kid", Flaw.UNKNOWN_KEY),
        ("kid is a path", Flaw.UNKNOWN_KEY),
        ("no kid", Flaw.NO_KEY_ID),
        ("kid is a list", Flaw.NO_KEY_ID),
        ("unknown crit", Flaw.CRITICAL_HEADER),
        ("typ of an ID token", Flaw.WRONG_TYPE),
        ("no aud", Flaw.WRONG_AUDIENCE),
        ("wrong aud", Flaw.WRONG_AUDIENCE),
        ("no iss", Flaw.UNKNOWN_ISSUER),
        ("foreign iss", Flaw.UNKNOWN_ISSUER),
        ("no exp", Flaw.ODD_TIME),
        ("no iat", Flaw.ODD_TIME),
        ("exp is endless", Flaw.ODD_TIME),
        ("exp is infinite", Flaw.MALFORMED),
        ("expired", Flaw.EXPIRED),
        ("far exp", Flaw.LIVES_TOO_LONG),
        ("exp before iat", Flaw.LIVES_TOO_LONG),
        ("future iat", Flaw.NOT_YET_VALID),
        ("not yet valid", Flaw.NOT_YET_VALID),
        ("no sub", Flaw.NO_SUBJECT),
        ("sub with a NUL", Flaw.NO_SUBJECT),
    ],
)
async def test_a_bad_token_is_refused_for_its_own_fault(name: str, flaw: Flaw) -> None:
    assert await flaw_of(BAD[name], verifier(KEY, rsa_jwk(1024, "weak"))) is flaw


async def test_the_refusal_tells_the_caller_nothing_about_the_fault() -> None:
    said = {str(BadToken(flaw)) for flaw in Flaw}

    assert len(said) == 1


async def test_a_weak_key_would_have_signed_correctly() -> None:
    """The table's weak token fails for its key's size, not because it is badly made."""
    key = rsa_jwk(2048, "weak")
    signed = token({"alg": "RS256", "kid": "weak", "typ": "at+jwt"}, CLAIMS, key)

    assert await verifier(key).verify(signed)


@given(st.text())
async def test_any_text_is_a_refusal_and_never_a_bug(text: str) -> None:
    assert await flaw_of(text, verifier(KEY)) in Flaw


@given(st.data())
async def test_a_token_with_one_letter_changed_is_refused(data: st.DataObject) -> None:
    good = token(HEADER, CLAIMS, KEY)
    place = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.sampled_from("Aa0_-.=é\ud800").filter(lambda one: one != good[place]))

    assert await flaw_of(good[:place] + letter + good[place + 1 :], verifier(KEY)) in Flaw


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*CLAIMS, "nbf"]), _JSON)
async def test_odd_claims_with_a_true_signature_are_never_a_bug(name: str, value: object) -> None:
    signed = token(HEADER, {**CLAIMS, name: value}, KEY)
    with suppress(BadToken):
        await verifier(KEY).verify(signed)


@given(st.sampled_from([*HEADER, "crit", "b64", "zip", "cty"]), _JSON)
async def test_odd_headers_with_a_true_signature_are_never_a_bug(name: str, value: object) -> None:
    signed = token({**HEADER, name: value}, CLAIMS, KEY)
    with suppress(BadToken):
        await verifier(KEY).verify(signed)


async def test_clocks_may_differ_a_little() -> None:
    now = int(CLOCK.now.timestamp())
    ahead = {**CLAIMS, "iat": now + 25, "exp": now + 600}
    just_over = {**CLAIMS, "iat": now - 600, "exp": now - 25}

    assert await verifier(KEY).verify(token(HEADER, ahead, KEY))
    assert await verifier(KEY).verify(token(HEADER, just_over, KEY))
    assert await flaw_of(token(HEADER, {**ahead, "iat": now + 31}, KEY), verifier(KEY)) is Flaw.NOT_YET_VALID
    assert await flaw_of(token(HEADER, {**just_over, "exp": now - 30}, KEY), verifier(KEY)) is Flaw.EXPIRED


async def test_an_issuer_cannot_sign_for_another() -> None:
    """Both issuers call their key `ours`: the key follows the issuer, not the id alone."""
    theirs = ec_jwk("ours")
    other = TokenRules(issuer="https://other.test", audiences=frozenset({AUDIENCE}))
    both = TokenVerifier([(RULES, key_set(KEY)), (other, key_set(theirs))], clock=CLOCK)

    assert await flaw_of(token(HEADER, CLAIMS, theirs), both) is Flaw.WRONG_SIGNATURE
    assert await both.verify(token(HEADER, {**CLAIMS, "iss": "https://other.test"}, theirs))


class CountedKeys:
    """Keys that count how often they are asked for."""

    def __init__(self, *jwks: dict[str, Any]) -> None:
        self.keys = key_set(*jwks)
        self.asked = 0

    async def find(self, kid: str) -> tokens.PublicKey | None:
        self.asked += 1
        return await self.keys.find(kid)


async def test_a_verified_token_is_remembered_for_a_minute() -> None:
    clock, keys = MovedClock(), CountedKeys(KEY)
    one = TokenVerifier([(RULES, keys)], clock=clock)
    signed = token(HEADER, CLAIMS, KEY)

    await one.verify(signed)
    clock.forward(seconds=59)
    await one.verify(signed)
    assert keys.asked == 1

    clock.forward(seconds=1)
    await one.verify(signed)
    assert keys.asked == 2


async def test_a_remembered_token_is_forgotten_when_it_expires() -> None:
    clock = MovedClock()
    one = verifier(KEY, clock=clock)
    now = int(clock.now.timestamp())
    signed = token(HEADER, {**CLAIMS, "iat": now - 100, "exp": now + 10}, KEY)
    await one.verify(signed)

    clock.forward(seconds=41)

    assert await flaw_of(signed, one) is Flaw.EXPIRED


async def test_a_bad_token_is_not_remembered_and_a_full_memory_drops_the_oldest() -> None:
    one = verifier(KEY)
    await flaw_of(BAD["expired"], one)
    assert len(one._verified) == 0
    one._verified.update({bytes([i % 256, i // 256]): (0.0, {}) for i in range(tokens.CACHE_SIZE)})

    await one.verify(token(HEADER, CLAIMS, KEY))

    assert len(one._verified) == tokens.CACHE_SIZE
    assert bytes([0, 0]) not in one._verified


async def test_claims_handed_out_cannot_be_changed_for_the_next_caller() -> None:
    claims = await verifier(KEY).verify(token(HEADER, CLAIMS, KEY))

    with pytest.raises(TypeError):
        claims["sub"] = "ola"  # type: ignore[index]


def test_only_one_file_imports_jose() -> None:
    package = Path(tokens.__file__).parents[1]
    importing = re.compile(r"^\s*(import|from) jose\b", re.MULTILINE)

    assert [one.name for one in package.rglob("*.py") if importing.search(one.read_text())] == ["tokens.py"]
