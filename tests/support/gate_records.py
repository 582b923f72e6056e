"""Records that only a project on a phase model has: gates, conditions, handovers, effect reviews."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import httpx

from tests.support.operations import operation
from tests.support.waiting import awaited

if TYPE_CHECKING:  # the organisation knows its makers
    from tests.support.records import Organisation

# Proposes what the organisation's own subject decides (G3).
COLLEAGUE = "ola"


async def _gate(organisation: "Organisation") -> str:
    """A gate of a project that follows a phase model, proposed by somebody who will not decide it (G3)."""
    start = operation("benefits", "start_progress")
    await organisation.make("project_id")
    started = await organisation.send(start)
    assert started.status_code == 201, started.text
    colleague = organisation.of(COLLEAGUE)
    body = {
        "gate": started.json()["gates_ahead"][0]["code"],
        "outcome": "rework",
        "reason": organisation.word,
    }
    return await colleague.added("benefits", "propose_gate", body)


async def _condition(organisation: "Organisation") -> str:
    """A condition of a project of its own, whose first gate was passed with it (G7)."""
    person = await organisation.make("person_id")
    project = {"project_id": await organisation.another_project()}
    started = await organisation.send(operation("benefits", "start_progress"), path=project)
    assert started.status_code == 201, started.text
    condition = {"text": organisation.word, "owner_id": person, "deadline": "2099-01-01"}
    body = {
        "gate": started.json()["gates_ahead"][0]["code"],
        "outcome": "go-with-conditions",
        "reason": organisation.word,
        "conditions": [condition],
    }
    colleague = organisation.of(COLLEAGUE)
    propose = organisation.url(operation("benefits", "propose_gate"), project)

    async def proposed() -> httpx.Response | None:
        """The benefits service must first hear of the person."""
        answer = await colleague.client.post(propose, json=body)
        return None if answer.status_code == 409 else answer

    gate = await awaited(proposed, "a gate with a condition")
    assert gate.status_code == 201, gate.text
    ruling = {name: body[name] for name in ("outcome", "reason", "conditions")}
    decide = organisation.url(operation("benefits", "decide_gate"), {"gate_id": gate.json()["id"]})
    decided = await organisation.client.post(decide, json=ruling)
    assert decided.status_code == 201, decided.text
    conditions = organisation.url(operation("benefits", "list_conditions"))
    found = await organisation.client.get(conditions, params={"gate": gate.json()["id"]})
    return str(found.json()["items"][0]["id"])


async def _handover(organisation: "Organisation") -> str:
    """A handover of the project that follows a phase model (G9)."""
    await organisation.make("gate_id")
    return await organisation.post(operation("benefits", "open_handover"))


async def _effect_review(organisation: "Organisation") -> str:
    """An effect review of the project that follows a phase model (G10)."""
    await organisation.make("gate_id")
    return await organisation.post(operation("benefits", "schedule_effect_review"))


GATE_MAKERS: dict[str, Callable[["Organisation"], Awaitable[str]]] = {
    "gate_id": _gate,
    "condition_id": _condition,
    "handover_id": _handover,
    "review_id": _effect_review,
}
