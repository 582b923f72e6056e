"""Where cases were taken over from, in tests."""

from typing import Any
from uuid import UUID

# The id of another body's general case.
NATIONAL = UUID(int=9)
PUBLISHER = "0184:64942212"


def origin(edition: int, general_case: UUID = NATIONAL) -> dict[str, Any]:
    """Another body's general case in an edition, as a business case keeps it (C3)."""
    return {
        "general_case_id": str(general_case),
        "publisher": PUBLISHER,
        "published_as": str(general_case),
        "edition": edition,
        "sha256": "0" * 64,
    }
