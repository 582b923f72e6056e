"""One request is one transaction, committed before the answer leaves.

`scope="function"` matters: FastAPI otherwise runs what follows a dependency's `yield` after the response
has been sent, and a failed commit would be answered 201.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response

from gevinst_shared import logs
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor, Permission
from gevinst_shared.web import idempotency
from gevinst_shared.web.actor import actor_of, admit
from gevinst_shared.web.etag import etag
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.within import within_of

JSON = "application/json"


@dataclass(slots=True)
class Writing(Work):
    """A unit of work that answers a request which changes something."""

    root_path: str = ""
    response: Response | None = None

    def created(self, document: str, revision: int, path: str) -> Response:
        """201 with the new record, its revision and where it is."""
        headers = {"ETag": etag(revision), "Location": f"{self.root_path}{path}"}
        return self._answer(Response(document, 201, headers=headers, media_type=JSON))

    def changed(self, document: str, revision: int) -> Response:
        """200 with the record as it now is."""
        return self._answer(Response(document, 200, headers={"ETag": etag(revision)}, media_type=JSON))

    def accepted(self, document: str, path: str) -> Response:
        """202 with a run that a worker will do, and where to follow it."""
        headers = {"Location": f"{self.root_path}{path}"}
        return self._answer(Response(document, 202, headers=headers, media_type=JSON))

    def answered(self, document: str) -> Response:
        """200 with what came of it, where that is no record."""
        return self._answer(Response(document, 200, media_type=JSON))

    def done(self) -> Response:
        """204: done, and nothing to show."""
        return self._answer(Response(status_code=204))

    def _answer(self, response: Response) -> Response:
        self.response = response
        return response


def reads(permission: Permission) -> Any:  # noqa: ANN401 - what Annotated takes
    """A read-only transaction for whoever has `permission`; for `Annotated[Work, reads(…)]`."""

    async def open_read(request: Request) -> AsyncIterator[Work]:
        house = house_of(request)
        within = within_of(request)
        if within is not None:
            refuse_unknown_parameters(request)
            held = within.work
            yield replace(held, actor=await admit(request, held.connection, held.actor, permission, held.now))
            return
        actor = await actor_of(request)
        refuse_unknown_parameters(request)
        async with house.database.transaction(actor.organisation, read_only=True) as connection:
            now = house.now()
            actor = await admit(request, connection, actor, permission, now)
            yield Work(connection, actor, now, _request_id())

    return _declared(open_read, permission)


def writes(permission: Permission) -> Any:  # noqa: ANN401 - what Annotated takes
    """A transaction for whoever has `permission`; for `Annotated[Writing, writes(…)]`."""

    async def open_write(request: Request, key: idempotency.IdempotencyKey = None) -> AsyncIterator[Writing]:
        house = house_of(request)
        actor = await actor_of(request)
        refuse_unknown_parameters(request)
        _refuse_other_media(request)
        now = house.now()
        async with house.database.transaction(actor.organisation, at=now) as connection:
            work = await _writing(request, connection, actor, permission, now)
            if key is None:
                yield work
            else:
                fingerprint = await idempotency.fingerprint_of(request)
                await idempotency.claim(house.kept_answers, work, key, fingerprint)
                yield work
                assert work.response is not None
                await idempotency.keep(house.kept_answers, work, key, fingerprint, work.response)
        house.doorbell.ring()

    return _declared(open_write, permission)


async def _writing(
    request: Request, connection: Connection, actor: Actor, permission: Permission, now: datetime
) -> Writing:
    admitted = await admit(request, connection, actor, permission, now)
    return Writing(connection, admitted, now, _request_id(), root_path=request.scope.get("root_path", ""))


def _refuse_other_media(request: Request) -> None:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.scope["route"].body_field is not None and media != JSON:
        raise WrongMediaType(expected=JSON)


def _declared(dependency: Callable[..., AsyncIterator[Work]], permission: Permission) -> Any:  # noqa: ANN401
    # The build finds the permission of every operation here.
    dependency.permission = permission  # type: ignore[attr-defined]
    return Depends(dependency, scope="function")


def _request_id() -> UUID:
    return UUID(logs.request_id.get())
