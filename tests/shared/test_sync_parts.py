"""X2: what another body sends is checked before anything of it is believed."""

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.auth.claims import BadToken
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import public_keys, sign, signing_key
from gevinst_shared.sync.kinds import HIDDEN, FieldType, is_value
from gevinst_shared.sync.pages import LONGEST_PAGE, Page, WrongPage, page_text, read_page
from gevinst_shared.sync.revisions import LONGEST_REVISION, TYPE, Revision, opened, signed
from gevinst_shared.sync.sealing import Cursor, Seals
from gevinst_shared.values.ids import new_id

SECRET = "a-secret-of-the-installation-for-tests"
JWK = new_private_jwk()
KEYS = public_keys({"keys": [public_jwk(JWK)]})
PAGE = Page(str(new_id()), "cursor", False, 3, ("a", "b"))
REVISION = Revision(
    epoch=str(new_id()),
    number=7,
    kind="project",
    id=new_id(),
    owner="0192:958935420",
    audience="0192:964338531",
    at="2026-09-01T12:00:00.000000Z",
    fields={"name": "Saksbehandling på nett"},
)
MONEY = {"amount": "125.00", "currency": "NOK", "price_year": 2026}


def _seals(**given: Any) -> Seals:
    return Seals(
        SECRET, **{"service": "portfolio", "organisation": "0192:958935420", "partner": _PARTNER, **given}
    )


_PARTNER = new_id()
GOOD = [
    (FieldType.TEXT, "æøå"),
    (FieldType.DAY, "2026-02-28"),
    (FieldType.MOMENT, "2026-02-28T10:00:00.000000Z"),
    (FieldType.WHOLE, -3),
    (FieldType.DECIMAL, "-12.5"),
    (FieldType.YES_NO, False),
    (FieldType.MONEY, MONEY),
    (FieldType.REFERENCE, str(new_id())),
    (FieldType.REFERENCE, _seals().hidden("project", "x")),
]
BAD: list[tuple[FieldType, object]] = [
    (FieldType.TEXT, None),
    (FieldType.TEXT, "nul \x00"),
    (FieldType.TEXT, "half \ud800"),
    (FieldType.TEXT, "x" * 20_001),
    (FieldType.TEXT, ["x"]),
    (FieldType.DAY, "2026-02-30"),
    (FieldType.DAY, "20260228"),
    (FieldType.DAY, "2026-W01-1"),
    (FieldType.DAY, 0),
    (FieldType.MOMENT, "2026-02-28"),
    (FieldType.MOMENT, "2026-02-28T10:00:00+01:00"),
    (FieldType.WHOLE, True),
    (FieldType.WHOLE, 1.0),
    (FieldType.WHOLE, 2**53),
    (FieldType.DECIMAL, "NaN"),
    (FieldType.DECIMAL, "1e5"),
    (FieldType.DECIMAL, "1_000"),
    (FieldType.DECIMAL, " 1"),
    (FieldType.DECIMAL, "1" * 41),
    (FieldType.DECIMAL, "٣"),
    (FieldType.DECIMAL, 1),
    (FieldType.YES_NO, 0),
    (FieldType.MONEY, MONEY | {"more": 1}),
    (FieldType.MONEY, MONEY | {"amount": "Infinity"}),
    (FieldType.MONEY, MONEY | {"amount": 1}),
    (FieldType.MONEY, MONEY | {"currency": "kroner"}),
    (FieldType.MONEY, MONEY | {"price_year": "2026"}),
    (FieldType.REFERENCE, "x"),
    (FieldType.REFERENCE, str(new_id()).upper()),
    (FieldType.REFERENCE, HIDDEN),
]


@pytest.mark.parametrize(("type_", "value"), GOOD, ids=itertools.count())
def test_a_value_of_the_type_is_taken(type_: FieldType, value: object) -> None:
    assert is_value(type_, value)


@pytest.mark.parametrize(("type_", "value"), BAD, ids=itertools.count())
def test_a_value_of_another_type_is_not_taken(type_: FieldType, value: object) -> None:
    assert not is_value(type_, value)


def test_a_page_reads_as_it_was_written() -> None:
    assert read_page(page_text(PAGE).encode()) == PAGE


_WRITTEN = json.loads(page_text(PAGE))
WRONG_PAGES = {
    "too-long": b" " * (LONGEST_PAGE + 1),
    "too-deep": b"[" * 200_000,
    "no-json": b"{",
    "no-json once more": b'{"epoch": NaN}',
    "no-json in no way": b"\xff\xfe\xfd",
    "no-json by a number": b"1" * 10_000,
    "no-json twice": b'{"epoch": "a", "epoch": "b"}',
    "wrong-shape": b"[]",
    "wrong-shape with more": json.dumps(_WRITTEN | {"more": 1}).encode(),
    "wrong-shape of the epoch": json.dumps(_WRITTEN | {"epoch": "x"}).encode(),
    "wrong-shape of the cursor": json.dumps(_WRITTEN | {"cursor": "x" * 201}).encode(),
    "wrong-shape of the cursor's letters": json.dumps(_WRITTEN | {"cursor": "a\n"}).encode(),
    "wrong-shape of the number": json.dumps(_WRITTEN | {"grants_number": -1}).encode(),
    "wrong-shape of the truth": json.dumps(_WRITTEN | {"grants_number": True}).encode(),
    "wrong-shape of the list": json.dumps(_WRITTEN | {"revisions": [[]]}).encode(),
    "too-many": json.dumps(_WRITTEN | {"revisions": ["x"] * 1001}).encode(),
}


@pytest.mark.parametrize("why", WRONG_PAGES)
def test_a_wrong_page_is_refused_with_a_word(why: str) -> None:
    with pytest.raises(WrongPage) as refused:
        read_page(WRONG_PAGES[why])

    assert str(refused.value) == why.split(maxsplit=1)[0]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_of_pages(text: bytes) -> None:
    with pytest.raises(WrongPage):
        read_page(text)


@pytest.mark.parametrize("revision", [REVISION, replace(REVISION, fields=None)])
def test_a_revision_opens_with_the_key_that_signed_it(revision: Revision) -> None:
    assert opened(signed(revision, signing_key(JWK)), KEYS) == revision


def _claims(**others: Any) -> str:
    claims = {
        "epoch": "e",
        "number": 1,
        "kind": "project",
        "id": str(new_id()),
        "owner": "o",
        "audience": "a",
        "at": "t",
        "fields": {},
    }
    wanted = {name: value for name, value in (claims | others).items() if value is not None}
    return sign(wanted, signing_key(JWK), typ=TYPE)


WRONG_REVISIONS = {
    "of another type": sign({"number": 1}, signing_key(JWK), typ="at+jwt"),
    "without its number": _claims(number=None),
    "with a number of zero": _claims(number=0),
    "with a true number": _claims(number=True),
    "with a huge number": _claims(number=2**53),
    "with another member": _claims(more=1),
    "both there and deleted": _claims(tombstone=True),
    "of a record without an id": _claims(id="x"),
    "with a list of fields": _claims(fields=[]),
    "too long": _claims(fields={"name": "x" * LONGEST_REVISION}),
    "by somebody else": signed(REVISION, signing_key(new_private_jwk())),
    "that is no revision": "x.y",
}


@pytest.mark.parametrize("why", WRONG_REVISIONS)
def test_a_wrong_revision_is_not_opened(why: str) -> None:
    with pytest.raises(BadToken):
        opened(WRONG_REVISIONS[why], KEYS)


@given(position=st.integers(min_value=0, max_value=2**63))
def test_a_cursor_opens_for_whom_it_was_sealed_only(position: int) -> None:
    cursor = Cursor(new_id(), new_id(), position)
    text = _seals().sealed(cursor)

    assert _seals().opened(text) == cursor
    assert len(text) == len(_seals().sealed(Cursor(new_id(), new_id(), 0)))
    for others in ({"service": "benefits"}, {"organisation": "0192:964338531"}, {"partner": new_id()}):
        assert _seals(**others).opened(text) is None
    assert _seals().opened(text[:-1]) is None
    assert _seals().opened(text + "A") is None


def test_a_secret_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        Seals("short", service="portfolio", organisation="0192:958935420", partner=_PARTNER)


def test_a_hidden_id_is_the_same_for_the_same_record_only() -> None:
    seals = _seals()
    hidden = [seals.hidden("project", "a"), seals.hidden("project", "b"), seals.hidden("programme", "a")]

    assert len(set(hidden)) == 3
    assert hidden[0] == _seals().hidden("project", "a")
    assert hidden[0] != _seals(partner=new_id()).hidden("project", "a")
