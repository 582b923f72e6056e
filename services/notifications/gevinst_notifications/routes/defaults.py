"""What holds for everybody who chose nothing else."""

from typing import Annotated

from fastapi import APIRouter, Response

from gevinst_notifications.domain.permissions import SET_DEFAULTS, VIEW_DEFAULTS
from gevinst_notifications.schemas.preferences import DefaultsIn, DefaultsOut
from gevinst_notifications.store import preferences
from gevinst_notifications.usecases import preferring
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Defaults"])


@router.get("/notification-defaults", summary="What holds for everybody", response_model=DefaultsOut)
async def get_defaults(work: Annotated[Work, reads(VIEW_DEFAULTS)]) -> Response:
    """What the organisation has set for those who chose nothing else."""
    stored = await preferences.find_defaults(work.connection)
    shipped = DefaultsOut.shipped(work.organisation).model_dump_json(exclude_none=True)
    found = stored or Stored(shipped, 1)
    return Response(found.document, headers={"ETag": etag(found.revision)}, media_type=JSON)


@router.put("/notification-defaults", summary="Set what holds for everybody", response_model=DefaultsOut)
async def set_defaults(
    body: DefaultsIn, work: Annotated[Writing, writes(SET_DEFAULTS)], expected: ExpectedRevision
) -> Response:
    """Replace what holds for those who chose nothing else, and which kinds nobody can turn off."""
    stored = await preferring.set_defaults(work, body.columns(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
