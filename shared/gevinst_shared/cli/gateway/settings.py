"""What the gateway must know; everything else about it is the same everywhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """`issuer` is the token's `iss` and `audience` what its `aud` must hold.

    The keys are in `jwks_file`, read when Envoy starts, or published at `jwks_url`.
    """

    issuer: str
    audience: str
    jwks_file: Path | None = None
    jwks_url: str | None = None

    def __post_init__(self) -> None:
        if (self.jwks_file is None) == (self.jwks_url is None):
            raise CannotStart(
                f"The issuer {self.issuer} needs its keys as a file or as an address, not both."
            )


@dataclass(frozen=True, slots=True)
class PartnersDoor:
    """Where other bodies come in who show a certificate, and the only way to the feeds then.

    `certificate` and its `key` are ours, and `authorities` sign those that are let in; PEM files that Envoy
    reads when it starts.
    """

    listen: Address
    certificate: Path
    key: Path
    authorities: Path


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """`services` has the address of each service by its name, which is also the first part of its paths.

    `rate_limit` is requests per second, together for all callers of one Envoy process.
    `is_self_contained` copies the contents of all files into the configuration, for an Envoy elsewhere.
    `public_paths` are further exact paths that need no token. `gallery` is the directory that has the pages
    of the gallery; without one, the page says that there is nothing to show.
    """

    listen: Address
    services: Mapping[str, Address]
    issuers: tuple[TrustedIssuer, ...]
    public_url: str
    rate_limit: int = 200
    cors_origins: tuple[str, ...] = ()
    public_paths: tuple[str, ...] = ()
    openapi_file: Path | None = None
    issuer_upstream: Address | None = None
    gallery: Path | None = None
    partners: PartnersDoor | None = None
    is_self_contained: bool = False

    def __post_init__(self) -> None:
        for origin in self.cors_origins:
            if not _ORIGIN.fullmatch(origin):
                raise CannotStart(
                    f"{origin} is not an origin: write it as https://intranet.example, without a path."
                )
        if not self.issuers:
            raise CannotStart("The gateway trusts no issuer: name at least one in GEVINST_ISSUERS_FILE.")
        if self.rate_limit < 1:
            raise CannotStart("The rate limit is less than one request per second: raise GEVINST_RATE_LIMIT.")
