"""The claims of true tokens, one for each kind of issuer and way to act for an organisation.

The shapes are those that the issuers document; the numbers are made up of valid ones.
"""

from datetime import datetime
from typing import Any

OSLO = "0192:958935420"
AGENCY = "0192:991825827"
VENDOR = "0192:988077917"
MASKINPORTEN = "https://maskinporten.test/"
ANSATTPORTEN = "https://ansattporten.test"


def maskinporten(*, audience: str, now: datetime) -> dict[str, Any]:
    """An organisation's own system. There is no `sub`."""
    seconds = int(now.timestamp())
    return {
        "iss": MASKINPORTEN,
        "aud": audience,
        "client_id": "4d1e5a2c-9f0b-4a77-8b0e-0d6a3c1f2b55",
        "client_amr": "private_key_jwt",
        "token_type": "Bearer",
        "scope": "gevinst:portfolio.read gevinst:benefits.write",
        "consumer": numbered(OSLO),
        "iat": seconds,
        "exp": seconds + 120,
        "jti": "one",
    }


def delegated(*, audience: str, now: datetime) -> dict[str, Any]:
    """A supplier acts for the consumer."""
    return {
        **maskinporten(audience=audience, now=now),
        "supplier": numbered(VENDOR),
        "delegation_source": "https://www.altinn.test",
    }


def system_user(*, audience: str, now: datetime) -> dict[str, Any]:
    """A vendor's system, in use by an organisation: the consumer is the vendor only."""
    return {
        **maskinporten(audience=audience, now=now),
        "consumer": numbered(VENDOR),
        "authorization_details": [
            {
                "type": "urn:altinn:systemuser",
                "systemuser_id": ["a7b9c1d3-0000-4000-8000-00000000cafe"],
                "systemuser_org": numbered(OSLO),
                "system_id": "988077917_planner",
            }
        ],
    }


def ansattporten(*organisations: str, audience: str, now: datetime) -> dict[str, Any]:
    """A person who acts for these organisations."""
    seconds = int(now.timestamp())
    reportees = [
        {"Rights": ["Read", "Write"], "Authority": "iso6523-actorid-upis", "ID": one, "Name": "Somebody"}
        for one in organisations
    ]
    return {
        "iss": ANSATTPORTEN,
        "aud": audience,
        "sub": "pairwise-subject",
        "acr": "substantial",
        "authorization_details": [
            {
                "type": "ansattporten:altinn:service",
                "resource": "urn:altinn:resource:5614:1",
                "reportees": reportees,
            }
        ],
        "iat": seconds,
        "exp": seconds + 600,
    }


def numbered(organisation: str) -> dict[str, str]:
    return {"authority": "iso6523-actorid-upis", "ID": organisation}
