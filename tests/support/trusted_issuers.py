"""Issuers beside the development issuer, one of each kind, and true tokens of theirs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support import national_claims
from tests.support.bad_tokens import ec_jwk, good_claims, public_half, rsa_jwk, token
from tests.support.national_claims import OSLO

PROVIDER = "https://login.agency.test/realms/staff"
MAPPINGS: dict[str, dict[str, Any]] = {
    "oidc": {
        "issuer": PROVIDER,
        "kind": "oidc",
        "subject_prefix": "staff:",
        "roles_claim": "resource_access.gevinst.roles",
        "organisation_claim": "org",
    },
    "maskinporten": {
        "issuer": national_claims.MASKINPORTEN,
        "kind": "maskinporten",
        "role_map": {"gevinst:portfolio.read": "integration"},
    },
    "ansattporten": {
        "issuer": national_claims.ANSATTPORTEN,
        "kind": "ansattporten",
        "role_map": {"Read": "integration"},
    },
}
KEYS = {"oidc": rsa_jwk(2048, "oidc"), "maskinporten": ec_jwk("mp"), "ansattporten": ec_jwk("ap")}


def write_issuers(directory: Path, audience: str) -> Path:
    """The operator's file of trusted issuers, with their key sets beside it."""
    for kind, key in KEYS.items():
        (directory / f"{kind}.json").write_text(json.dumps({"keys": [public_half(key)]}))
    trusted = [
        {**mapping, "audience": audience, "jwks_file": str(directory / f"{kind}.json")}
        for kind, mapping in MAPPINGS.items()
    ]
    file = directory / "trusted-issuers.json"
    file.write_text(json.dumps(trusted))
    return file


def true_tokens(audience: str) -> dict[str, str]:
    """Name → a token of each kind and way to act for an organisation."""
    now = datetime.now(UTC)
    claims: dict[str, Mapping[str, Any]] = {
        "oidc": {
            **good_claims(issuer=PROVIDER, audience=audience, now=now),
            "org": OSLO,
            "resource_access": {"gevinst": {"roles": ["integration"]}},
        },
        "maskinporten": national_claims.maskinporten(audience=audience, now=now),
        "maskinporten delegated": national_claims.delegated(audience=audience, now=now),
        "maskinporten system user": national_claims.system_user(audience=audience, now=now),
        "ansattporten": national_claims.ansattporten(OSLO, audience=audience, now=now),
    }
    return {name: _signed(KEYS[name.split()[0]], members) for name, members in claims.items()}


def _signed(key: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    return token({"alg": key["alg"], "kid": key["kid"], "typ": "at+jwt"}, claims, key)
