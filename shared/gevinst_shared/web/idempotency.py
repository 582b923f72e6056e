"""`Idempotency-Key` (IETF draft 08): the key's answer and the effect are one transaction."""

import hashlib
import json
from datetime import timedelta
from typing import Annotated

from fastapi import Header, Request, Response

from gevinst_shared.db.idempotency import KeptAnswers, lock_number
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.web.refusals import KeyInUse, KeyUsedDifferently

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Any text of your own; the same key and body again gives the first answer again.",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


KEPT_FOR = timedelta(hours=48)
_SWEEPS_ONE_IN = 256


class Replayed(Exception):  # noqa: N818 - carries the kept answer past the route
    def __init__(self, response: Response) -> None:
        self.response = response


async def replayed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Replayed)
    return error.response


async def fingerprint_of(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    digest.update(await request.body())
    return digest.hexdigest()


async def claim(kept: KeptAnswers, work: Work, key: str, fingerprint: str) -> None:
    """Take the key for this transaction, or raise `Replayed` with the answer kept under it."""
    mine = {"organisation_id": work.organisation, "caller": work.actor.subject, "key": key}
    lock = lock_number(work.organisation, work.actor.subject, key)
    if not await kept.lock.value(work.connection, lock=lock):
        raise KeyInUse
    row = await kept.find.find(work.connection, **mine)
    if row is None:
        return
    if row["fingerprint"] != fingerprint:
        raise KeyUsedDifferently
    headers = json.loads(row["headers"]) | {"Idempotency-Replayed": "true"}
    raise Replayed(Response(row["body"], row["status"], headers=headers))


async def keep(kept: KeptAnswers, work: Work, key: str, fingerprint: str, response: Response) -> None:
    """Keep the answer under the key, in the effect's own transaction.

    One key in 256 also clears away what the organisation has kept for two days, so that no timer is needed.
    """
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    await kept.add.run(
        work.connection,
        organisation_id=work.organisation,
        caller=work.actor.subject,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers=RawJson(json.dumps(headers)),
        body=bytes(response.body).decode(),
        kept_at=work.now,
    )
    if lock_number(work.organisation, work.actor.subject, key) % _SWEEPS_ONE_IN == 0:
        await kept.drop_older.run(work.connection, before=work.now - KEPT_FOR)
