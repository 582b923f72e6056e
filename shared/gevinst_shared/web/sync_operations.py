"""What administrators do about the exchange with one partner; the same in every service that shares (X2)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from gevinst_shared.db.work import Work
from gevinst_shared.sync.comparing import LONGEST_PREFIX, RECORDS_SHOWN, Comparing, Side
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.refusals import PartnerNotRead
from gevinst_shared.values.actor import Permission, Place
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Id, Maybe, Out, Whole

_MOST = 2**53
_HASH = Field(max_length=64, pattern="^[0-9a-f]{64}$", examples=["e3b0c44298fc1c14" + "0" * 48])
_KIND = Field(max_length=60, examples=["project"])
Prefix = Annotated[
    str,
    Query(
        max_length=LONGEST_PREFIX,
        pattern="^[0-9a-f]*$",
        description="Only records the MD5 hash of whose id (lower-case, with hyphens) begins with it.",
    ),
]


class SyncDigestPartOut(Out):
    """The records of a kind whose hashed ids begin with `prefix`; `digest` is over their ids and hashes."""

    kind: str = _KIND
    prefix: str = Field(max_length=LONGEST_PREFIX + 1, pattern="^[0-9a-f]*$", examples=["0"])
    count: Whole = Field(ge=0, le=_MOST)
    digest: str = _HASH


class SyncDigestRecordOut(Out):
    """A record, and the hash of its fields."""

    kind: str = _KIND
    id: Id
    hash: str = _HASH


class SyncDigestOut(Out):
    """What one side has, as hashes. Of what is given: how far the partner has read it, and how much is not
    given yet. Of what was received: how much is missing, and whether it is being read in full."""

    epoch: Maybe[str] = Field(None, max_length=36, examples=["0198b6a4-7c1e-7000-8000-000000000001"])
    number: Whole = Field(ge=0, le=_MOST, description="The last revision that is in it.")
    read_number: Maybe[Whole] = Field(None, ge=0, le=_MOST)
    pending: Maybe[Whole] = Field(None, ge=0, le=_MOST)
    missing: Maybe[Whole] = Field(None, ge=0, le=_MOST)
    is_reading: Maybe[bool] = None
    parts: list[SyncDigestPartOut] = Field(max_length=1000)
    records: list[SyncDigestRecordOut] = Field(
        max_length=RECORDS_SHOWN, description=f"All of them, where they are at most {RECORDS_SHOWN}."
    )


def sync_operations_router(part: Part, *, view: Permission, change: Permission) -> APIRouter:
    """The operations of one service's part: `view` to compare, `change` to have a partner read."""
    router = APIRouter(tags=["Exchange"])
    comparing = Comparing(part.tables)

    @router.post(
        "/sync-partners/{sync_partner_id}/full-reading",
        summary="Read a partner in full",
        status_code=204,
        response_model=None,
    )
    async def read_sync_partner_in_full(
        sync_partner_id: UUID, work: Annotated[Writing, writes(change)]
    ) -> Response:
        """Read everything of the partner once more, now: after it, or a new version here, has mended why some
        of it was put aside. What is here stays until that is complete. Without being asked for, a partner
        that something is missing of is read in full after ten minutes, and then later and later."""
        work.require(change, Place())
        found = await part.receiving.inlets.partner(work.connection, sync_partner_id)
        if found is None:
            raise Unknown
        if found["state"] != "confirmed":
            raise PartnerNotRead(state=found["state"])
        await part.receiving.read_anew(work.connection, work.organisation, sync_partner_id)
        await part.schedule.wake(work.connection, work.organisation, sync_partner_id, work.now)
        return work.done()

    @router.get(
        "/sync-partners/{sync_partner_id}/digest",
        summary="What a partner has, as hashes",
        response_model=SyncDigestOut,
    )
    async def get_sync_digest(
        sync_partner_id: UUID,
        work: Annotated[Work, reads(view)],
        side: Annotated[
            Literal["given", "received"],
            Query(description="What it can read of you, or what you have of it.", examples=["given"]),
        ],
        prefix: Prefix = "",
    ) -> Response:
        """Hashes over what this service gives the partner, or has of it, to be compared with the other side's
        (`gevinst sync compare`). Nothing is told that the partner does not get, or did not give."""
        found = await comparing.digest(work.connection, sync_partner_id, Side(side), prefix)
        if found is None:
            raise Unknown
        return Response(
            SyncDigestOut.model_validate(found).model_dump_json(exclude_none=True), media_type=JSON
        )

    return router
