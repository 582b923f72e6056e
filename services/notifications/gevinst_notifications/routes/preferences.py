"""How the caller wants to hear."""

from typing import Annotated

from fastapi import APIRouter, Response

from gevinst_notifications.domain.permissions import CHOOSE_PREFERENCES
from gevinst_notifications.schemas.preferences import PreferencesIn, PreferencesOut, WayOut, WaysOut
from gevinst_notifications.store import preferences
from gevinst_notifications.usecases import preferring
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Preferences"])


@router.get("/preferences", summary="How you want to hear", response_model=PreferencesOut)
async def get_preferences(work: Annotated[Work, reads(CHOOSE_PREFERENCES)]) -> Response:
    """What you chose; what is absent follows the organisation."""
    person_id = (await get_reader(work)).person_id
    stored = await preferences.find_preferences(work.connection, person_id)
    if stored is None:
        nothing = PreferencesOut.nothing(person_id, work.organisation)
        stored = Stored(nothing.model_dump_json(exclude_none=True), 1)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/preferences", summary="Choose how you want to hear", response_model=PreferencesOut)
async def choose_preferences(
    body: PreferencesIn, work: Annotated[Writing, writes(CHOOSE_PREFERENCES)], expected: ExpectedRevision
) -> Response:
    """Replace all that you chose. Kinds that ask somebody to act can be moved to the daily digest, but not
    turned off. The inbox has everything in any case."""
    stored = await preferring.choose_preferences(work, body.columns(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.get("/preferences/ways", summary="How you hear of each kind", response_model=WaysOut)
async def list_ways(work: Annotated[Work, reads(CHOOSE_PREFERENCES)]) -> Response:
    """Every kind of notice, how you hear of it, and who chose that: you, the organisation or we."""
    found = [
        WayOut(kind=kind, channel=channel, way=one.way, decided_by=one.by, is_mandatory=is_mandatory)
        for kind, channel, one, is_mandatory in await preferring.list_ways(work)
    ]
    return Response(WaysOut(items=found).model_dump_json(), media_type=JSON)
