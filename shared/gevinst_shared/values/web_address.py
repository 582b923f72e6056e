"""Addresses on the web that people type: read once, in one way, by whoever checks and whoever connects."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

LONGEST = 2000
_PORTS = {"https": 443, "http": 80}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What is left of ASCII when controls, spaces and what parsers disagree about are taken away.
_TARGET = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~|]*")


class OddWebAddressError(ValueError):
    """Not an address that can be called; the text says why, without repeating the address."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """`host` is in lower case and ASCII, an IPv6 address without brackets; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_encrypted(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port, as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def web_address(text: str) -> WebAddress:
    """The address of `https://host[:port][/path][?query]`, or of `http://`; else `OddWebAddressError`.

    Refused are names and passwords in it, fragments, and every character that parsers read differently.
    """
    if len(text) > LONGEST:
        raise OddWebAddressError("longer than 2000 characters")
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        raise OddWebAddressError("has spaces, backslashes or characters that cannot be seen")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise OddWebAddressError("has no host and port that can be read") from error
    if port == 0:
        raise OddWebAddressError("has a port that nobody listens on")
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise OddWebAddressError("does not begin with https:// or http://")
    if "@" in parts.netloc or "#" in text:
        raise OddWebAddressError("has a name, a password or a fragment in it")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _TARGET.fullmatch(target):
        raise OddWebAddressError("has characters in its path that must be percent-encoded")
    return WebAddress(
        scheme,
        _host(parts.hostname, is_literal="[" in parts.netloc),
        _PORTS[scheme] if port is None else port,
        target,
    )


def _host(written: str | None, *, is_literal: bool) -> str:
    if not written:
        raise OddWebAddressError("has no host")
    if is_literal:
        try:
            return str(IPv6Address("" if "%" in written else written))  # a zone is a card of this machine
        except ValueError as error:
            raise OddWebAddressError("has a host that is no address") from error
    try:
        host = written.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise OddWebAddressError("has a host that is no name") from error
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise OddWebAddressError("has a host that is no name")
    return host
