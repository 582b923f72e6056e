"""Reads that decide nothing and are asked for most: one statement, and no transaction around it (A4)."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.values.actor import Permission
from gevinst_shared.web.actor import actor_of, admit
from gevinst_shared.web.house import house_of


@dataclass(frozen=True, slots=True)
class Look:
    """The right to look: a connection for one bound statement, and the organisation to bind it to."""

    database: Database
    organisation: str

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        return self.database.lend()


def looks(permission: Permission) -> Any:  # noqa: ANN401 - what Annotated takes
    """For whoever has `permission`; for `Annotated[Look, looks(…)]`."""

    async def look(request: Request) -> Look:
        house = house_of(request)
        actor = await actor_of(request)
        if not permission.roles & actor.roles:
            async with house.database.transaction(actor.organisation, read_only=True) as connection:
                await admit(request, connection, actor, permission, house.now())
        return Look(house.database, actor.organisation)

    look.permission = permission  # type: ignore[attr-defined]
    return Depends(look)
