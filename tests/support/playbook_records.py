"""Playbooks and what projects made of them, one of each; see `tests/support/records.py`."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.support.operations import operation

if TYPE_CHECKING:
    from tests.support.records import Organisation

# Keys are their playbook's; a general case may be any body's.
PLAYBOOK_NAMES = {
    "key": "id",
    "keys": "id",
    "after": "id",
    "before_activity": "id",
    "general_case": "id",
    # A publisher's id; of our own playbooks it is ours.
    "published_as": "playbook_id",
}


def _said(organisation: "Organisation", week: int) -> dict[str, Any]:
    word = organisation.word
    key = "0198b6a4-7c1e-7000-8000-00000000a001"
    activity = {"key": key, "title": word, "what": word, "role": word, "week": week}
    decision = {
        "key": "0198b6a4-7c1e-7000-8000-00000000d001",
        "title": word,
        "before_activity": key,
        "papers": [word],
    }
    return {"name": word, "purpose": word, "activities": [activity], "decisions": [decision]}


async def _playbook(organisation: "Organisation") -> str:
    """A playbook with an edition."""
    await organisation.make("project_id")
    playbook_id = await organisation.added("portfolio", "draft_project_playbook", _said(organisation, 1))
    await _publish(organisation, playbook_id)
    return playbook_id


async def _publish(organisation: "Organisation", playbook_id: str) -> None:
    named = {"playbook_id": playbook_id}
    found = await organisation.client.get(organisation.url(operation("portfolio", "get_playbook"), named))
    url = organisation.url(operation("portfolio", "publish_playbook"), named)
    headers = {"If-Match": found.headers["etag"]}
    answer = await organisation.client.post(url, json={}, headers=headers)
    assert answer.status_code == 201, answer.text


async def _adoption(organisation: "Organisation") -> str:
    """A playbook that was taken over, and has a newer edition since."""
    playbook_id = await organisation.make("playbook_id")
    project_id = await organisation.another_project()
    adopt = organisation.url(operation("portfolio", "adopt_playbook"), {"project_id": project_id})
    taken = await organisation.client.post(adopt, json={"playbook_id": playbook_id})
    assert taken.status_code == 201, taken.text
    url = organisation.url(operation("portfolio", "change_playbook"), {"playbook_id": playbook_id})
    tag = (await organisation.client.get(url)).headers["etag"]
    changed = await organisation.client.put(url, json=_said(organisation, 2), headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    await _publish(organisation, playbook_id)
    return str(taken.json()["id"])


def _item(member: str) -> "Callable[[Organisation], Awaitable[str]]":
    async def first(organisation: "Organisation") -> str:
        named = {"playbook_adoption_id": await organisation.make("playbook_adoption_id")}
        url = organisation.url(operation("portfolio", "get_playbook_plan"), named)
        return str((await organisation.client.get(url)).json()[member][0]["id"])

    return first


PLAYBOOK_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "playbook_id": _playbook,
    "playbook_adoption_id": _adoption,
    "adopted_activity_id": _item("activities"),
    "adopted_decision_id": _item("decisions"),
}
