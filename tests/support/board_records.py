"""Records that only a decision of the board makes."""

from typing import TYPE_CHECKING

from tests.support.operations import operation

if TYPE_CHECKING:  # the organisation knows its makers
    from tests.support.records import Organisation


async def offered_replan(organisation: "Organisation") -> str:
    """The offer to plan again after the board has stopped a project of its own (G6)."""
    await organisation.make("portfolio_id")
    project_id = await organisation.post(operation("portfolio", "propose_project"))
    decide = operation("portfolio", "decide_about_project")
    url = organisation.url(decide, organisation.named(decide))
    basis = {"case_number": "1", "deciders": [organisation.word], "reasons": organisation.word}
    for ruling in ({"kind": "approve", "start": "2150-01-01"}, {"kind": "stop"}):
        body = {**basis, **ruling, "project_id": project_id}
        answer = await organisation.client.post(url, json=body)
        assert answer.status_code == 201, answer.text
    one = operation("portfolio", "list_replans")
    offers = await organisation.client.get(organisation.url(one, organisation.named(one)))
    (offer,) = offers.json()["items"]
    organisation.ids["release_id"] = str(offer["release"]["id"])
    return str(offer["id"])


async def stop_release(organisation: "Organisation") -> str:
    """What that stop has freed."""
    await organisation.make("replan_id")
    return organisation.ids["release_id"]
