"""Business cases and general cases, one of each; see `tests/support/records.py`."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.support.operations import operation

if TYPE_CHECKING:
    from tests.support.records import Organisation

# What members of these names mean; a publisher's units and a case's lines are nobody's records here.
CASE_NAMES = {"business_case_id": "case_id", "original": "id", "line_ids": "id"}


async def _general_case(organisation: "Organisation") -> str:
    """A version that was published for others to take over."""
    for kind in ("project_id", "unit_id"):
        await organisation.make(kind)
    case_id = await organisation.post(operation("benefits", "write_business_case"))
    body = {"business_case_id": case_id, "name": organisation.word}
    return await organisation.added("benefits", "publish_general_case", body)


async def _case(organisation: "Organisation") -> str:
    """A version that was taken over, so that there is an original to compare it with (C3)."""
    general_case_id = await organisation.make("general_case_id")
    body = {"general_case_id": general_case_id, "unit_id": organisation.ids["unit_id"]}
    return await organisation.added("benefits", "take_general_case_over", body)


CASE_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "general_case_id": _general_case,
    "case_id": _case,
}
