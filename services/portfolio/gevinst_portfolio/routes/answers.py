"""How one record is answered."""

from fastapi import Response

from gevinst_shared.db.documents import Stored
from gevinst_shared.web.answers import written
from gevinst_shared.web.etag import etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing

__all__ = ["changed", "shown", "written"]


def shown(stored: Stored) -> Response:
    """200 with the record as it is now; `ETag` is its revision."""
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


def changed(work: Writing, stored: Stored | None) -> Response:
    """200 with the record as changed; 412 when it was not at the revision that the caller read."""
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
