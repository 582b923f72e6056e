"""What tests of gates begin with: advice, conditions, an organisation's own phase model."""

from datetime import timedelta
from typing import Any

from gevinst_benefits.domain.gates.handovers import Paper
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.benefits.world import OWNER, World, made

SOON = (utc_now() + timedelta(days=60)).date().isoformat()


def condition(world: World, **members: Any) -> dict[str, Any]:
    """Something to be done by the benefit owner, two months from now."""
    return {"text": "Train them", "owner_id": str(world.owner_id), "deadline": SOON} | members


async def condition_set(world: World, project_id: str, **members: Any) -> dict[str, Any]:
    """A condition of a go that the board gave the project at its first gate."""
    await world.started(project_id)
    gate = await made(world.office, f"/projects/{project_id}/gates", world.gate())
    await world.decided(gate["id"], "go-with-conditions", conditions=[condition(world, **members)])
    found: dict[str, Any] = (await world.office.get(f"/conditions?gate={gate['id']}")).json()["items"][0]
    return found


async def advised(world: World, gate_id: str) -> dict[str, Any]:
    """The benefit owner's advice on a gate."""
    owner = world.desk.caller(Role.READER, subject=OWNER)
    return await made(owner, f"/gates/{gate_id}/reviews", {"advice": "agree", "reason": "It holds"})


def receiver(world: World) -> dict[str, Any]:
    return {"receiving_unit_id": str(world.unit)}


def papers(**states: dict[str, Any]) -> list[dict[str, Any]]:
    """Every paper of a handover, delivered but for those that are named (`_` for `-`)."""
    delivered = {"state": "delivered", "link": "https://archive.example.org/2026/1234-5"}
    return [{"paper": paper.value} | states.get(paper.value.replace("-", "_"), delivered) for paper in Paper]


def own_model(**members: Any) -> dict[str, Any]:
    """Two phases; the first one can be repeated, the second one left out."""
    return {
        "code": "our-model",
        "version": "1",
        "language": "nb",
        "names": {"nb": "Vår modell", "en": "Our model"},
        "authority": "Digitaliseringsenheten",
        "sources": ["Handboka 2026"],
        "phases": [
            phase("forst", repeat_gate=gate("G1n", "klar")),
            phase("siste", code="G2", may_be_skipped=True),
        ],
    } | members


def phase(name: str, *, code: str = "G1", **members: Any) -> dict[str, Any]:
    return {"code": name, "names": {"nb": name.title()}, "gate": gate(code, "klar", "trygg")} | members


def gate(code: str, *items: str) -> dict[str, Any]:
    asked = [{"code": one, "is_mandatory": True, "texts": {"nb": f"Er det {one}?"}} for one in items]
    return {"code": code, "names": {"nb": f"Port {code}"}, "items": asked}
