"""How a case stands to its original, in the shape in which it is answered."""

from collections.abc import Mapping
from typing import Any

from gevinst_benefits.domain.case.assumptions import Assumption
from gevinst_benefits.domain.case.case_document import assumption_document
from gevinst_benefits.domain.case.general_cases import AssumptionState, OriginDifference

Json = dict[str, Any]


def origin_difference_json(found: OriginDifference, withdrawn: Mapping[str, str]) -> Json:
    """`OriginDifferenceOut`."""
    return {
        **withdrawn,
        "general_case_id": str(found.newest.origin.general_case_id),
        "publisher": found.newest.origin.publisher,
        "published_as": str(found.newest.origin.published_as),
        "edition_taken": found.taken.origin.edition,
        "edition_newest": found.newest.origin.edition,
        "sha256": found.newest.origin.sha256,
        "assumptions": [_assumption(one) for one in found.assumptions],
        "lines": [
            {"line_id": str(one.line_id), "name": one.name, "state": one.state.value} for one in found.lines
        ],
    }


def _assumption(one: AssumptionState) -> Json:
    sides: dict[str, Assumption | None] = {"here": one.here, "taken": one.taken, "newest": one.newest}
    shown = {name: assumption_document(side) for name, side in sides.items() if side is not None}
    return {"name": one.name, "state": one.state.value, **shown}
