"""What the caller follows and mutes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.following import Level
from gevinst_notifications.domain.permissions import CHOOSE_PREFERENCES
from gevinst_notifications.schemas.followings import (
    FollowingChangeIn,
    FollowingIn,
    FollowingOut,
    FollowingPageOut,
    Scope,
)
from gevinst_notifications.store import followings
from gevinst_notifications.usecases import following
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Following"])


@router.get("/followings", summary="What you follow and mute", response_model=FollowingPageOut)
async def list_followings(
    request: Request,
    work: Annotated[Work, reads(CHOOSE_PREFERENCES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    scope: Annotated[Scope | None, Query(description="Only records of this kind.")] = None,
    level: Annotated[Level | None, Query(description="Only what is followed, or only what is muted.")] = None,
) -> Response:
    """What you follow and mute, newest last."""
    reader = await get_reader(work)
    page = await followings.LISTING.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"person": reader.person_id, "scope": scope, "level": level},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/followings", summary="Follow or mute", status_code=201, response_model=FollowingOut)
async def follow(body: FollowingIn, work: Annotated[Writing, writes(CHOOSE_PREFERENCES)]) -> Response:
    """Hear of everything about a record, or only of what is mandatory. The narrowest counts: a project that
    you follow is heard of although you muted its portfolio."""
    following_id, stored = await following.follow(
        work, scope=ScopeKind(body.scope), scope_id=body.scope_id, level=body.level
    )
    return work.created(stored.document, stored.revision, f"/followings/{following_id}")


@router.get("/followings/{following_id}", summary="One of them", response_model=FollowingOut)
async def get_following(following_id: UUID, work: Annotated[Work, reads(CHOOSE_PREFERENCES)]) -> Response:
    """What you follow or mute."""
    stored = await following.get_following(work, following_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/followings/{following_id}", summary="Follow or mute it instead", response_model=FollowingOut)
async def change_following(
    following_id: UUID,
    body: FollowingChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CHOOSE_PREFERENCES)],
) -> Response:
    """Follow what was muted, or mute what was followed."""
    stored = await following.change_following(work, following_id, level=body.level, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.delete(
    "/followings/{following_id}", summary="Neither follow nor mute", status_code=204, response_model=None
)
async def unfollow(
    following_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(CHOOSE_PREFERENCES)]
) -> Response:
    """Hear again as your roles and preferences say."""
    if not await following.unfollow(work, following_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
