"""Origins, resources and tickets by themselves."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.embeds.origins import origin_of
from gevinst_shared.embeds.refusals import NotEmbeddable, OddOrigin
from gevinst_shared.embeds.resources import resource_of
from gevinst_shared.embeds.tickets import Ticket, TicketBox
from gevinst_shared.values.actor import Actor, Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY, OTHER_KEY = "k" * 32, "o" * 32
PATH = "/projects/0198b6a4-7c1e-7000-8000-000000000002/charts/gate-strip"
TICKET = Ticket(
    Actor("kari", "0192:958935420", frozenset({Role.READER})),
    PATH,
    ("https://intranet.example",),
    NOW + timedelta(minutes=10),
)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://intranet.example", "https://intranet.example"),
        ("HTTPS://Intranet.Example:443", "https://intranet.example"),
        ("https://intranet.example:8443", "https://intranet.example:8443"),
        ("https://intranet.example:80", "https://intranet.example:80"),
        ("https://xn--intrnet-5wa.example", "https://xn--intrnet-5wa.example"),
        ("https://intranet", "https://intranet"),
        ("https://10.0.0.7:8443", "https://10.0.0.7:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_origin_has_one_written_form(text: str, origin: str) -> None:
    assert origin_of(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "https://*.example",
        "https://intranet.example/",
        "https://intranet.example/page",
        "https://intranet.example?x=1",
        "https://intranet.example#x",
        "https://kari@intranet.example",
        "https://kari:secret@intranet.example",
        "https://intranet.example; script-src *",
        "https://intranet.example https://other.example",
        "https://intranet.example,https://other.example",
        "https://intranet.example\n",
        "https://intranet.example:0",
        "https://intranet.example:99999",
        "https://intranet.example:",
        "http://intranet.example",
        "//intranet.example",
        "intranet.example",
        "data:text/html,x",
        "https://'self'",
        "https://intränet.example",
        "https://\u212aari.example",  # a sign that becomes an ordinary k
        "https://ｉntranet.example",
        "https://intranet\u3002example",
        "https://intranet.example.",
        "https://intranet..example",
        "https://[::1]",
        "https://[2001:db8::1]:8443",
        "https://intranet.example:+443",
        "https://intranet.example:０443",
        "https://intranet.example:0443",
        "https://intranet.example:443:443",
        "https:/intranet.example",
        "https:\\\\intranet.example",
        "https://intranet.example\\@other.example",
        "https://intranet_example",
        "https://127.0.0.1@intranet.example",
        "http://localhost.example",
        "http://127.0.0.2",
        "http://[::1]",
        "null",
        "file://",
        "about:srcdoc",
        "blob:https://intranet.example",
        "https://intranet.example%00",
        "https://intranet.example\x00",
        "https://intranet.example\t",
        "https://\u200bintranet.example",
        "wss://intranet.example",
        "javascript://intranet.example",
        "https://-x.example",
        f"https://{'x' * 300}.example",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(OddOrigin):
        origin_of(text)


@given(st.text(max_size=60))
def test_no_text_becomes_an_origin_that_ends_a_word_of_the_policy(text: str) -> None:
    try:
        found = origin_of(f"https://{text}")
    except OddOrigin:
        return
    assert not set(found) & set(" ;,*'\"\r\n\t/@?#") - {"/"}
    assert found.count("/") == 2


def test_two_ways_to_write_a_resource_are_one() -> None:
    one, other = resource_of(f"{PATH}?width=400&language=nb"), resource_of(f"{PATH}?language=nb&width=400")

    assert one == other
    assert (one.language, one.query()) == ("nb", "width=400")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/projects",
        "/embed-tickets",
        "/audit",
        "/embedded/page",
        "/projects/x/charts/gate-strip",
        "/joint-portfolio/charts/potential",
        f"{PATH}/../../../audit",
        f"https://gevinst.example{PATH}",
        f"//gevinst.example{PATH}",
        f"{PATH}%2f..",
        f"{PATH}?language=xx",
        f"{PATH}?language=nb&language=nn",
        f"{PATH}?",
        f"{PATH}?novalue",
        f"{PATH}\n",
        f"{PATH}?x={'y' * 600}",
    ],
)
def test_what_is_no_chart_or_status_page_is_refused(text: str) -> None:
    if text == f"{PATH}?":  # nothing asked is nothing asked
        assert str(resource_of(text)) == PATH
        return
    with pytest.raises(NotEmbeddable):
        resource_of(text)


@given(st.text(max_size=300))
def test_any_text_is_a_resource_or_refused(text: str) -> None:
    for tried in (text, f"{PATH}?{text}"):
        try:
            found = resource_of(tried)
        except NotEmbeddable:
            continue
        assert resource_of(str(found)) == found


def test_a_ticket_opens_as_it_was_sealed() -> None:
    box = TicketBox("benefits", [KEY])

    sealed = box.sealed(TICKET)

    assert box.opened(sealed) == TICKET
    assert box.sealed(TICKET) != sealed
    assert TICKET.is_valid(PATH, NOW)
    assert not TICKET.is_valid(PATH, NOW + timedelta(minutes=10))
    assert not TICKET.is_valid(f"{PATH}?scheme=dark", NOW)


def test_a_ticket_names_nobody_to_who_finds_it() -> None:
    sealed = TicketBox("benefits", [KEY]).sealed(TICKET)

    assert "kari" not in sealed
    assert sealed.replace("-", "").replace("_", "").isalnum()


def test_a_key_that_was_replaced_still_opens_until_it_goes() -> None:
    sealed = TicketBox("benefits", [KEY]).sealed(TICKET)

    assert TicketBox("benefits", [OTHER_KEY, KEY]).opened(sealed) == TICKET
    assert TicketBox("benefits", [OTHER_KEY]).opened(sealed) is None


def test_a_ticket_of_another_service_does_not_open() -> None:
    sealed = TicketBox("portfolio", [KEY]).sealed(TICKET)

    assert TicketBox("benefits", [KEY]).opened(sealed) is None


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_ticket_that_was_changed_anywhere_does_not_open(place: int, bit: int) -> None:

    box = TicketBox("benefits", [KEY])
    sealed = box.sealed(TICKET)
    content = bytearray(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    content[place % len(content)] ^= 1 << bit

    assert box.opened(urlsafe_b64encode(bytes(content)).rstrip(b"=").decode()) is None


@given(place=st.integers(0, 10_000), odd=st.characters(exclude_categories=["Cs"]))
def test_a_ticket_is_written_in_one_way_only(place: int, odd: str) -> None:
    """Neither with a character more, nor with one less, nor with another at any place."""
    box = TicketBox("benefits", [KEY])
    sealed = box.sealed(TICKET)
    at = place % len(sealed)
    tries = {sealed[:at] + odd + sealed[at:], sealed[:at] + odd + sealed[at + 1 :], sealed[:at]}

    assert [one for one in tries - {sealed} if box.opened(one) is not None] == []
    assert [one for one in (f"{sealed}=", f"{sealed}==", f" {sealed}") if box.opened(one) is not None] == []


@given(st.text(max_size=200))
def test_any_text_is_no_ticket(text: str) -> None:
    assert TicketBox("benefits", [KEY]).opened(text) is None


def test_a_short_key_is_refused_and_no_key_makes_no_box() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        TicketBox.of("benefits", "short")
    assert TicketBox.of("benefits", None) is None
    assert TicketBox.of("benefits", "  ") is None
