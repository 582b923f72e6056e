"""The gateway's settings for machines where the services run elsewhere, read from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from gevinst_shared.cli.blueprint import trusted_by_gateway
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, PartnersDoor
from gevinst_shared.cli.house_settings import house_settings
from gevinst_shared.settings import SERVICES


def gateway_settings(openapi: Path | None, environment: Mapping[str, str] = os.environ) -> GatewaySettings:
    """Services by GEVINST_<SERVICE>_URL, issuers by GEVINST_ISSUERS_FILE, listening on all addresses.

    With GEVINST_PARTNERS_PORT other bodies come to the feeds there only, by certificate:
    GEVINST_PARTNERS_CERTIFICATE_FILE and …_KEY_FILE are ours, and …_AUTHORITIES_FILE has who signs theirs.
    """
    settings = house_settings(environment)
    if settings.issuers_file is None:
        raise CannotStart("The gateway trusts no issuer: name a list of issuers in GEVINST_ISSUERS_FILE.")
    host = environment.get("GEVINST_HOST", "0.0.0.0")  # noqa: S104 - the door of the house
    return GatewaySettings(
        listen=Address(host, settings.port),
        services={service: _address(service, environment) for service in SERVICES},
        issuers=trusted_by_gateway(settings.issuers_file),
        public_url=settings.public_url,
        rate_limit=settings.rate_limit,
        cors_origins=settings.cors_origins,
        openapi_file=openapi,
        partners=_partners(host, environment),
        is_self_contained=True,
    )


def _address(service: str, environment: Mapping[str, str]) -> Address:
    name = f"GEVINST_{service.upper()}_URL"
    parts = urlsplit(environment.get(name, ""))
    if parts.scheme != "http" or parts.hostname is None:
        raise CannotStart(f"{name} is missing or not an http address: write it as http://{service}:8000.")
    return Address(parts.hostname, parts.port or 80)


def _partners(host: str, environment: Mapping[str, str]) -> PartnersDoor | None:
    port = environment.get("GEVINST_PARTNERS_PORT", "")
    if not port:
        return None
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"GEVINST_PARTNERS_PORT is {port}: it has to be a port, such as 8443.")
    return PartnersDoor(
        Address(host, int(port)),
        *(
            _file(f"GEVINST_PARTNERS_{name}_FILE", environment)
            for name in ("CERTIFICATE", "KEY", "AUTHORITIES")
        ),
    )


def _file(name: str, environment: Mapping[str, str]) -> Path:
    path = Path(environment.get(name, ""))
    if not path.is_file():
        raise CannotStart(f"{name} has to name a PEM file, because GEVINST_PARTNERS_PORT is set.")
    return path
