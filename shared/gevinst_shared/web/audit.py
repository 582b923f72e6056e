"""`GET /audit` and `GET /audit-seals`: who changed what, and its chain; the same in every service (E1)."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gevinst_shared.audit.reading import rows_listing, seals_listing
from gevinst_shared.audit.trail import Trail
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Permission, Place, Role
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import reads
from gevinst_shared.web.shapes import LINES, ONE_LINE, Id, Maybe, Moment, Organisation, Out, Whole

VIEW_AUDIT = Permission("audit:view", frozenset({Role.AUDITOR, Role.ADMINISTRATOR}))
_LARGEST = 2**63 - 1
Hash = Annotated[
    str,
    Field(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64, examples=["9f86d081884c7d65" * 4]),
]
Words = Annotated[str | None, Query(max_length=200, pattern=ONE_LINE, description="Only this one.")]


class AuditEntryOut(Out):
    """One change: who, when, what, before and after, and why."""

    id: Id
    organisation: Organisation
    transaction: Whole = Field(
        ge=0, le=_LARGEST, examples=[5231], description="The rows of one transaction have one number."
    )
    time: Moment
    actor: str = Field(max_length=500, examples=["kari"])
    action: str = Field(max_length=100, examples=["gevinst.portfolio.project-changed.v1"])
    subject: str = Field(max_length=500, examples=["projects/0198b6a4-7c1e-7000-8000-000000000002"])
    reason: Maybe[str] = Field(
        None, max_length=10_000, pattern=LINES, description="Why, where a reason was given."
    )
    request_id: Id
    before: Maybe[dict[str, Any]] = Field(None, description="What was, where something was.")
    after: Maybe[dict[str, Any]] = Field(None, description="What is; members depend on the action.")
    seal: Maybe[Whole] = Field(
        None, ge=1, le=_LARGEST, examples=[7], description="The seal's number; absent until it is sealed."
    )


class AuditPageOut(Out):
    """Changes, a page at a time."""

    items: list[AuditEntryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SealedRowOut(Out):
    """A row that is sealed."""

    id: Id
    hash: Hash = Field(description="SHA-256 of the row's canonical JSON, without `seal`.")


class AuditSealOut(Out):
    """A link of the chain."""

    organisation: Organisation
    number: Whole = Field(ge=1, le=_LARGEST, examples=[7], description="1, 2, … without gaps.")
    previous_hash: Hash = Field(description="The hash of the seal before; zeros before the first.")
    row_count: Whole = Field(ge=1, le=100, examples=[12])
    last_transaction: Whole = Field(ge=0, le=_LARGEST, examples=[5231])
    rows: list[SealedRowOut] = Field(min_length=1, max_length=100, description="In the order of the trail.")
    sealed_at: Moment
    hash: Hash = Field(description="SHA-256 of the seal's canonical JSON, without `hash` and `row_count`.")


class AuditSealPageOut(Out):
    """Seals, a page at a time."""

    items: list[AuditSealOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def audit_router(trail: Trail) -> APIRouter:
    """The trail's two lists."""
    router = APIRouter(tags=["Audit"])
    rows, seals = rows_listing(trail), seals_listing(trail)

    @router.get("/audit", summary="Who changed what", response_model=AuditPageOut)
    async def list_audit(  # noqa: PLR0913, PLR0917 - what may be asked
        request: Request,
        work: Annotated[Work, reads(VIEW_AUDIT)],
        cursor: CursorText = None,
        limit: Limit = PAGE_LIMIT,
        sort: Annotated[
            Literal["place", "-place"], Query(description="The order of the trail; `-` newest first.")
        ] = "-place",
        subject: Words = None,
        actor: Words = None,
        action: Words = None,
        since: Annotated[Moment | None, Query(description="Not before this moment.")] = None,
        until: Annotated[Moment | None, Query(description="Before this moment.")] = None,
    ) -> Response:
        """The trail of all changes, with what was before and what is after, a page at a time. A role in
        a part of the organisation is not enough, for the trail is that of all of it."""
        work.require(VIEW_AUDIT, Place())
        asked = {"subject": subject, "actor": actor, "action": action, "since": since, "until": until}
        page = await rows.page(
            work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters=asked
        )
        return page_response(request, page.items, page.next_place)

    @router.get("/audit-seals", summary="The chain over the trail", response_model=AuditSealPageOut)
    async def list_audit_seals(
        request: Request,
        work: Annotated[Work, reads(VIEW_AUDIT)],
        cursor: CursorText = None,
        limit: Limit = PAGE_LIMIT,
        sort: Annotated[Literal["number", "-number"], Query(description="`-` turns the order.")] = "-number",
    ) -> Response:
        """Each seal names its rows with their hashes and the hash of the seal before. Keep the newest
        seal's number and hash somewhere else: they stand for everything before, and an event tells of each.
        `gevinst audit verify` checks all of it."""
        work.require(VIEW_AUDIT, Place())
        page = await seals.page(
            work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
        )
        return page_response(request, page.items, page.next_place)

    return router
