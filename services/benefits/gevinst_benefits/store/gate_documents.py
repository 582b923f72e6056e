"""Parts of a gate as they are stored: JSON in the shape in which it is answered."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates.checklists import Answer
from gevinst_benefits.domain.gates.conditions import Condition
from gevinst_benefits.domain.gates.gate_papers import Moved, PapersDifference, counted_parts
from gevinst_benefits.domain.gates.gates import ProjectState, Reopened
from gevinst_benefits.store.case_documents import difference_json

Json = dict[str, Any]
# More changes than anybody reads; the count tells how many there were.
MOST_CHANGES = 500


def conditions_json(conditions: Iterable[Condition]) -> list[Json]:
    return [
        {
            "text": one.text,
            "owner_id": one.owner,
            "deadline": one.deadline.isoformat(),
            "needs_confirmation": one.needs_confirmation,
        }
        for one in conditions
    ]


def answers_json(answers: Iterable[Answer]) -> list[Json]:
    return [
        {"item": one.item, "value": one.value.value} | ({"reason": one.reason} if one.reason else {})
        for one in answers
    ]


def reopened_json(reopened: Reopened | None) -> Json | None:
    if reopened is None:
        return None
    return {
        "gate_id": str(reopened.gate_id),
        "gate": reopened.gate,
        "phase": reopened.phase,
        "was": reopened.was.value,
    }


def reopened_from(text: str | None) -> Reopened | None:
    """What `reopened_json` wrote, as the database gives it."""
    if text is None:
        return None
    members = json.loads(text)
    return Reopened(UUID(members["gate_id"]), members["gate"], members["phase"], ProjectState(members["was"]))


def papers_difference_json(gate_id: UUID, found: PapersDifference) -> Json:
    shown = [
        {"pointer": change.pointer}
        | ({} if change.before is None else {"before": change.before})
        | ({} if change.after is None else {"after": change.after})
        for change in found.changes[:MOST_CHANGES]
    ]
    parts = [
        {"part": part.value, "change_count": count} for part, count in counted_parts(found.changes).items()
    ]
    members: Json = {
        "gate_id": str(gate_id),
        "change_count": len(found.changes),
        "parts": parts,
        "changes": shown,
    }
    if found.case is not None:
        members["case"] = difference_json(found.case)
    if found.present_cost is not None and found.present_benefit is not None:
        members["present_cost"] = _moved(found.present_cost)
        members["present_benefit"] = _moved(found.present_benefit)
    if found.not_comparable is not None:
        members["not_comparable"] = found.not_comparable
    return members


def _moved(figure: Moved) -> Json:
    return {"before": f"{figure.before:.2f}", "after": f"{figure.after:.2f}"}
