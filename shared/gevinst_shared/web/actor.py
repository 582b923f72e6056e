"""Who calls: the bearer token's actor, admitted to an operation by its permission."""

from dataclasses import replace
from datetime import datetime

from fastapi import Request

from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import Actor, Permission
from gevinst_shared.values.organisation import day_there
from gevinst_shared.values.refusal import NotAllowed
from gevinst_shared.web.house import House, house_of
from gevinst_shared.web.refusals import NoToken


async def actor_of(request: Request) -> Actor:
    """The verified caller."""
    authorization = request.headers.get("authorization", "")
    organisation = request.headers.get("gevinst-organisation")
    return await verified(house_of(request), authorization, organisation)


async def verified(house: House, authorization: str, organisation: str | None) -> Actor:
    """The caller by these two headers: `Gevinst-Organisation` chooses when a person represents several."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoToken
    return await house.authenticate(token.strip(), organisation=organisation)


async def admit(
    request: Request, connection: Connection, actor: Actor, permission: Permission, now: datetime
) -> Actor:
    """The actor, with narrower grants looked up when the token's own roles do not suffice.

    Whoever holds one of the permission's roles somewhere is let in; a use case that changes a record asks
    again for the record's place.
    """
    if permission.roles & actor.roles:
        return actor
    if actor.is_partner:
        # Another body's subject may be called as somebody here is.
        raise NotAllowed(permission=permission.name, roles=", ".join(sorted(permission.roles)))
    actor = replace(actor, grants=await house_of(request).find_grants(connection, actor))
    if not actor.holds_anywhere(permission.roles, today=day_there(actor.organisation, now)):
        raise NotAllowed(permission=permission.name, roles=", ".join(sorted(permission.roles)))
    return actor
