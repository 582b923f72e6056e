"""What the portfolio reads of the keys that the benefits service signs with (X1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.gate_outcomes import OddFactError

KEYS_CHANGED = "gevinst.benefits.sync-keys-changed.v1"
STATEMENT_WANTED = "gevinst.benefits.sync-statement-wanted.v1"
_MOST_KEYS = 8


def announced_keys(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each key `kid`, `public`, `made_at` and `until`, by column. Raises `OddFactError`."""
    try:
        keys: list[dict[str, Any]] = [
            {
                "kid": str(key["kid"]),
                "public": {name: str(value) for name, value in key["public"].items()},
                "made_at": datetime.fromisoformat(key["made_at"]),
                "until": None if key.get("until") is None else datetime.fromisoformat(key["until"]),
            }
            for key in data["keys"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error
    if len(keys) > _MOST_KEYS or any("d" in key["public"] for key in keys):
        raise OddFactError("odd keys")
    return keys


def wanted_partner(data: Mapping[str, Any]) -> UUID:
    """Whose statement is to be fetched. Raises `OddFactError`."""
    try:
        return UUID(data["partner_id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error
