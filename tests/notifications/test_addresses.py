"""What may be typed as an address, and where it may lead (OWASP API7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.addresses import is_mail_address_inside, typed_service
from gevinst_shared.values.networks import read_address, read_network
from gevinst_shared.values.typed_addresses import (
    AddressNotEncrypted,
    AddressNotPublic,
    OddAddress,
    allowed_address,
    typed_address,
)
from gevinst_shared.values.web_address import OddWebAddressError, web_address

OFFICE = [read_network("10.20.0.0/16")]

ODD = [
    "",
    "hooks.example.no",
    "//hooks.example.no/",
    "ftp://hooks.example.no/",
    "file:///etc/passwd",
    "https://",
    "https:///path",
    "https://kari:secret@hooks.example.no/",
    "https://hooks.example.no@127.0.0.1/",
    "https://hooks.example.no\\@127.0.0.1/",
    "https://hooks.example.no/#part",
    "https://hooks.example.no/a b",
    "https://hooks.example.no/\r\nHost: x",
    "https://hooks.example.no/\t",
    "https://hooks.example.no:99999/",
    "https://hooks.example.no:x/",
    "https://hooks.example.no:0/",
    "https://hooks..example.no/",
    "https://-hooks.example.no/",
    "https://hooks%2eexample.no/",
    "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://[v1.fe80]/",
    "https://hooks.example.no/ø",
    "https://hooks.example.no/<script>",
    "https://hooks.example.no/" + "a" * 2000,
]


@pytest.mark.parametrize("text", ODD)
def test_what_parsers_read_differently_is_refused(text: str) -> None:
    with pytest.raises(OddAddress):
        typed_address(text)


def test_an_address_is_read_once_and_written_the_same() -> None:
    address = typed_address("HTTPS://Hooks.Example.no:443/a/b?c=d%20e")

    assert (address.scheme, address.host, address.port) == ("https", "hooks.example.no", 443)
    assert str(address) == "https://hooks.example.no/a/b?c=d%20e"
    assert str(typed_address("https://blåbær.no")) == "https://xn--blbr-roah.no/"
    assert str(typed_address("http://[::1]:8080/x")) == "http://[::1]:8080/x"


@given(st.text(max_size=60).map(lambda rest: f"https://a.no/{rest}") | st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_and_reading_it_again_changes_nothing(text: str) -> None:
    try:
        address = web_address(text)
    except OddWebAddressError:
        return
    assert web_address(str(address)) == address


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["::1"], ["169.254.169.254"], ["192.168.0.9"], ["8.8.8.8", "10.0.0.1"], ["fd00::1"]],
)
def test_a_host_that_leads_inside_is_refused_even_when_another_answer_is_public(found: list[str]) -> None:
    with pytest.raises(AddressNotPublic):
        allowed_address("https://hooks.example.no/", [read_address(one) for one in found], OFFICE)


@pytest.mark.parametrize("host", ["localhost.", "mail.localhost", "ip6-localhost", "127.0.0.1.", "10.0.0.1."])
def test_this_machine_is_refused_although_no_resolver_knows_the_name_today(host: str) -> None:
    with pytest.raises(AddressNotPublic):
        allowed_address(f"https://{host}/", [], OFFICE)


def test_a_network_of_the_organisation_can_be_allowed_and_may_then_be_plain() -> None:
    inside, outside = read_address("10.20.1.1"), read_address("8.8.8.8")

    assert allowed_address("http://intranet/hook", [inside], OFFICE).host == "intranet"
    assert allowed_address("https://hooks.example.no/", [outside], OFFICE)
    with pytest.raises(AddressNotEncrypted):
        allowed_address("http://hooks.example.no/", [outside], OFFICE)
    with pytest.raises(AddressNotEncrypted):
        allowed_address("http://hooks.example.no/", [outside, inside], OFFICE)


def test_a_host_without_an_address_yet_is_taken_but_only_encrypted() -> None:
    assert allowed_address("https://soon.example.no/", [], [])
    with pytest.raises(AddressNotEncrypted):
        allowed_address("http://soon.example.no/", [], [])


def test_an_address_of_a_service_names_it() -> None:
    assert typed_service("tgram://123:abc/456") == "tgram"
    for odd in ("", "tgram", "tgram://", "tgram:// x", "TGRAM://x", "tgram://x\n"):
        with pytest.raises(OddAddress):
            typed_service(odd)


@pytest.mark.parametrize(
    "address",
    [
        "kari@[127.0.0.1]",
        "kari@[10.0.0.7]",
        "kari@[IPv6:fe80::1]",
        "kari@[x]",
        "kari@127.0.0.1",
        "root@localhost",
        "root@LOCALHOST.",
        "root@mail.localhost",
        "root@localhost.localdomain",
        "root@ip6-localhost",
        "root@127.1",
        "root@2130706433",
        "root@0x7f000001",
        "root@0177.0.0.1.",
        "root@１２７.０.０.１",
        "root@①②⑦。0。0。1",
        "root@ＬＯＣＡＬＨＯＳＴ",
        "root@local\u00adhost",
    ],
)
def test_a_mail_address_of_a_machine_inside_is_known_as_one(address: str) -> None:
    assert is_mail_address_inside(address)


@pytest.mark.parametrize(
    "address",
    [
        "kari@example.no",
        "kari@xn--blbr-roah.no",
        "kari@blåbær.no",
        "kari@3.example.no",
        "kari@notlocalhost",
        "kari@[10.20.0.7]",
        "kari@[8.8.8.8]",
        "kari@post.local",
    ],
)
def test_a_mail_address_of_a_domain_or_of_an_allowed_network_is_not(address: str) -> None:
    assert not is_mail_address_inside(address, OFFICE)


def test_this_machine_can_be_allowed_for_mail_as_well() -> None:
    assert not is_mail_address_inside("root@localhost", [read_network("127.0.0.0/8")])
