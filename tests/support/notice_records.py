"""Records that only a notice makes."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.support.operations import operation

if TYPE_CHECKING:  # the organisation knows its makers
    from tests.support.records import Organisation


async def inbox_item(organisation: "Organisation") -> str:
    """What the portfolio office hears when a colleague leaves a project without an owner (P10)."""
    await organisation.make("assignment_id")
    colleague = organisation.of("ola")
    holding = {
        "person_id": await organisation.make("person_id"),
        "role": "project-owner",
        "scope": "project",
        "scope_id": await organisation.make("project_id"),
    }
    assignment = await colleague.added("portfolio", "assign_role", holding)
    url = colleague.url(operation("portfolio", "end_role"), {"assignment_id": assignment})
    ended = await colleague.client.post(url, json={"valid_until": "2026-01-01"}, headers={"If-Match": '"1"'})
    assert ended.status_code == 200, ended.text
    return await organisation.first("notifications", "list_inbox")


async def delivery(organisation: "Organisation") -> str:
    await organisation.make("item_id")
    return await organisation.first("notifications", "list_deliveries")


async def duty(organisation: "Organisation") -> str:
    """To fill the role that was left vacant."""
    await organisation.make("item_id")
    return await organisation.first("notifications", "list_duties")


async def told_event(organisation: "Organisation") -> str:
    """The fact that the office's inbox item tells of."""
    item = await organisation.make("item_id")
    url = organisation.url(operation("notifications", "get_inbox_item"), {"item_id": item})
    event_id: str = (await organisation.client.get(url)).json()["event_id"]
    return event_id


async def following(organisation: "Organisation") -> str:
    """Only a person who was announced follows anything."""
    await organisation.make("person_id")
    return await organisation.post(operation("notifications", "follow"))


async def absence(organisation: "Organisation") -> str:
    """Only a person who was announced goes on leave."""
    await organisation.make("person_id")
    return await organisation.post(operation("notifications", "enter_absence"))


async def calendar_feed(organisation: "Organisation") -> str:
    """Only a person who was announced has a calendar."""
    await organisation.make("person_id")
    return await organisation.post(operation("notifications", "open_calendar_feed"))


NOTICE_MAKERS: dict[str, Callable[["Organisation"], Awaitable[str]]] = {
    "item_id": inbox_item,
    "delivery_id": delivery,
    "duty_id": duty,
    "event_id": told_event,
    "following_id": following,
    "absence_id": absence,
    "feed_id": calendar_feed,
}
