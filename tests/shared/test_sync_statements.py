"""Statements of other bodies (X1): what is believed, and what may come instead of one."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import sign, signing_key
from gevinst_shared.sync.signing_keys import is_same_thumbprint, read_aloud
from gevinst_shared.sync.statements import (
    MOST_BYTES,
    TYPE,
    Fault,
    StatementError,
    read_statement,
    refuse_unfollowing,
    signed_statement,
)

OWNER = "0192:958935420"
FIRST, SECOND = new_private_jwk(), new_private_jwk()


def said(*keys: dict[str, Any], **others: Any) -> dict[str, Any]:
    listed = [public_jwk(key) for key in keys]
    for overlapping in listed[1:]:
        overlapping["exp"] = 1_800_000_000
    return {
        "owner": OWNER,
        "name": "Oslo",
        "serial": 7,
        "contact": "post@example.no",
        "keys": {"keys": listed},
        "feeds": {"portfolio": "https://gevinst.example.no/portfolio/v1/sync-feed"},
        "token": {"endpoint": "https://id.example.no/token", "audience": "a", "scope": "gevinst:sync"},
        **others,
    }


def signed(document: dict[str, Any], *keys: dict[str, Any]) -> bytes:
    return signed_statement(document, [signing_key(key) for key in keys or (FIRST,)]).encode()


def fault(content: bytes, owner: str = OWNER) -> Fault:
    with pytest.raises(StatementError) as refused:
        read_statement(content, owner=owner)
    return refused.value.fault


def test_a_statement_says_who_it_is_of_and_which_key_is_todays() -> None:
    found = read_statement(signed(said(SECOND, FIRST), SECOND, FIRST), owner=OWNER)

    assert (found.owner, found.name, found.serial, found.kid) == (OWNER, "Oslo", 7, SECOND["kid"])
    assert found.keys[FIRST["kid"]]["until"] == "2027-01-15T08:00:00Z"
    assert "d" not in found.keys[SECOND["kid"]]["jwk"]


def test_each_key_that_it_names_has_to_have_signed_it() -> None:
    """Nobody can name a key of somebody else as their own."""
    assert fault(signed(said(FIRST, SECOND), FIRST)) == Fault.WRONG_SIGNATURE


def test_a_signature_of_somebody_else_is_none() -> None:
    assert fault(signed(said(FIRST), SECOND)) == Fault.WRONG_SIGNATURE


def test_a_word_changed_afterwards_is_noticed() -> None:
    document = json.loads(signed(said(FIRST)))
    other = base64.urlsafe_b64encode(json.dumps(said(FIRST, name="Bergen")).encode()).rstrip(b"=")

    assert fault(json.dumps({**document, "payload": other.decode()}).encode()) == Fault.WRONG_SIGNATURE


def test_what_was_signed_for_something_else_is_no_statement() -> None:
    protected, payload, signature = sign(said(FIRST), signing_key(FIRST), typ="at+jwt").split(".")
    content = json.dumps(
        {"payload": payload, "signatures": [{"protected": protected, "signature": signature}]}
    )

    assert fault(content.encode()) == Fault.WRONG_SIGNATURE


def test_the_statement_of_another_owner_is_refused_however_well_it_is_signed() -> None:
    assert fault(signed(said(FIRST)), owner="0192:974760673") == Fault.WRONG_OWNER


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda key: key | {"kty": "oct", "k": "c2VjcmV0"},
        lambda key: key | {"crv": "P-384"},
        lambda key: key | {"alg": "none"},
        lambda key: key | {"kid": "mine"},
        lambda key: key | {"d": FIRST["d"]},
        lambda key: key | {"x": key["y"]},
        lambda key: key | {"x": 7},
        lambda key: key | {"exp": "soon"},
        lambda key: key | {"exp": 10**30},
        lambda key: key | {"exp": -(10**30)},
        lambda key: key | {"exp": -60_000_000_000},
        lambda key: key | {"exp": True},
        lambda key: key | {"exp": 0},
        lambda key: key | {"exp": 1.5e9},
        lambda key: {},
    ],
)
def test_a_key_of_another_kind_is_refused(spoilt: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    keys = {"keys": [spoilt(public_jwk(FIRST))]}

    assert fault(signed(said(FIRST, keys=keys))) == Fault.ODD_KEY


def test_two_keys_of_today_or_the_same_key_twice_are_refused() -> None:
    both = {"keys": [public_jwk(FIRST), public_jwk(SECOND)]}
    twice = {"keys": [public_jwk(FIRST), public_jwk(FIRST)]}

    assert fault(signed(said(FIRST, keys=both), FIRST, SECOND)) == Fault.ODD_KEY
    assert fault(signed(said(FIRST, keys=twice))) == Fault.ODD_KEY


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"payload": 1, "signatures": []}',
        b'{"payload": "", "payload": "", "signatures": []}',
        b'{"payload": "e30", "signatures": []}',
        b'{"payload": "\\ud800", "signatures": [{"protected": "a", "signature": "b"}]}',
        b'{"a":' * 6000 + b"1" + b"}" * 6000,
        b"[" * 60_000,
        b'"' + b'\\"' * 30_000,
    ],
)
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    assert fault(content) == Fault.ODD


@pytest.mark.parametrize(
    "others",
    [
        {"serial": 0},
        {"serial": "7"},
        {"serial": 2**60},
        {"serial": True},
        {"name": ""},
        {"name": "\ud800"},
        {"contact": "\udfff"},
        {"token": {"endpoint": "https://example.no/", "audience": "\ud800", "scope": "s"}},
        {"feeds": {"portfolio": "https://example.no/\ud800"}},
        {"name": "a\u0000b"},
        {"name": "n" * 201},
        {"name": ["Oslo"]},
        {"contact": {"mail": "x"}},
        {"keys": {"keys": []}},
        {"keys": {"keys": [public_jwk(FIRST)] * 9}},
        {"feeds": {"portfolio": "file:///etc/passwd"}},
        {"feeds": {"portfolio": "https://kari:secret@example.no/"}},
        {"feeds": {"elsewhere": "https://example.no/"}},
        {"token": {"endpoint": "gopher://example.no", "audience": "a", "scope": "s"}},
        {"deep": [[[[[[[[[1]]]]]]]]]},
    ],
)
def test_what_it_says_is_of_the_right_kind_and_size(others: dict[str, Any]) -> None:
    assert fault(signed(said(FIRST, **others))) == Fault.ODD


def test_more_than_64_kilobytes_are_not_read() -> None:
    assert fault(b" " * (MOST_BYTES + 1)) == Fault.TOO_LARGE


def test_what_a_later_version_says_beside_it_is_passed_over() -> None:
    assert read_statement(signed(said(FIRST, colour="blue")), owner=OWNER).serial == 7


def follows(document: dict[str, Any], *keys: dict[str, Any], **before: Any) -> bool:
    found = read_statement(signed(document, *keys), owner=OWNER)
    return refuse_unfollowing(found, **{"serial": 0, "hash_": None, "known": [], **before})


def test_a_new_key_is_taken_over_when_a_known_one_vouches_for_it() -> None:
    assert follows(said(SECOND, FIRST, serial=8), SECOND, FIRST, serial=7, known=[FIRST["kid"]])


def test_a_new_key_that_no_known_one_vouches_for_is_refused() -> None:
    with pytest.raises(StatementError) as refused:
        follows(said(SECOND, serial=8), SECOND, serial=7, known=[FIRST["kid"]])

    assert refused.value.fault == Fault.UNKNOWN_KEYS


def test_an_older_statement_is_refused_and_the_same_again_is_nothing_new() -> None:
    found = read_statement(signed(said(FIRST)), owner=OWNER)

    assert not refuse_unfollowing(found, serial=7, hash_=found.hash, known=[FIRST["kid"]])
    for serial, hash_, expected in ((8, found.hash, Fault.OLDER), (7, "another", Fault.CHANGED)):
        with pytest.raises(StatementError) as refused:
            refuse_unfollowing(found, serial=serial, hash_=hash_, known=[FIRST["kid"]])
        assert refused.value.fault == expected


def test_the_type_is_part_of_what_is_signed() -> None:
    header = json.loads(signed(said(FIRST)))["signatures"][0]["protected"]

    assert json.loads(base64.urlsafe_b64decode(header + "=="))["typ"] == TYPE


def test_a_thumbprint_is_read_aloud_in_groups_and_recognised_however_it_is_spaced() -> None:
    kid = FIRST["kid"]
    groups = read_aloud(kid)

    assert [len(group) for group in groups.split(" ")] == [4] * 16
    assert read_aloud("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU").startswith("e3b0 c442 98fc 1c14")
    for read in (
        groups,
        groups.upper(),
        groups.replace(" ", ""),
        groups.replace(" ", "-"),
        f" {groups} ",
        kid,
    ):
        assert is_same_thumbprint(read, kid)
    for read in ("", groups[:-1], groups[:-4], kid.lower(), SECOND["kid"], read_aloud(SECOND["kid"])):
        assert not is_same_thumbprint(read, kid)


def test_a_key_of_a_service_is_named_without_speaking_for_the_body() -> None:
    theirs = {"benefits": {"keys": [public_jwk(SECOND)]}}
    found = read_statement(signed(said(FIRST, service_keys=theirs, serial=8)), owner=OWNER)

    assert found.kid == FIRST["kid"]
    assert found.keys[SECOND["kid"]]["service"] == "benefits"
    # Somebody who knows the service's key only does not follow the one who vouched for it.
    with pytest.raises(StatementError) as refused:
        refuse_unfollowing(found, serial=7, hash_="x", known=[SECOND["kid"]])
    assert refused.value.fault is Fault.UNKNOWN_KEYS


@pytest.mark.parametrize(
    "theirs",
    [
        {"benefits": {"keys": [public_jwk(FIRST)]}},
        {"benefits": {"keys": [public_jwk(SECOND), public_jwk(SECOND)]}},
        {"benefits": {"keys": [public_jwk(SECOND) | {"d": SECOND["d"]}]}},
        {"benefits": {"keys": [public_jwk(SECOND) | {"kid": "mine"}]}},
    ],
)
def test_an_odd_key_of_a_service_makes_the_statement_odd(theirs: dict[str, Any]) -> None:
    assert fault(signed(said(FIRST, service_keys=theirs))) == Fault.ODD_KEY


@pytest.mark.parametrize("theirs", [{"portfolio": {"keys": []}}, {"finance": {"keys": []}}, {"benefits": 7}])
def test_a_service_that_signs_nothing_of_its_own_has_no_keys(theirs: dict[str, Any]) -> None:
    assert fault(signed(said(FIRST, service_keys=theirs))) == Fault.ODD


def test_a_statement_may_say_that_tokens_are_got_at_maskinporten() -> None:
    stated = {"issuer": "https://maskinporten.no/", "scope": "ks:gevinst", "resource": "https://G.example.no"}
    both = read_statement(signed(said(FIRST, maskinporten=stated)), owner=OWNER)
    alone = read_statement(signed(said(FIRST, maskinporten=stated, token=None)), owner=OWNER)

    assert both.token == {**said(FIRST)["token"], "maskinporten": stated}
    # An audience is the same only when it is spelt the same.
    assert alone.token == {"maskinporten": stated}
    for odd in ({"scope": "one two"}, {"scope": 7}, {"resource": "urn:x"}, {"resource": ""}, {"issuer": ""}):
        assert fault(signed(said(FIRST, maskinporten=stated | odd))) == Fault.ODD
