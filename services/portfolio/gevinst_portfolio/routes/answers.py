"""How one record is answered."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from gevinst_shared.db.documents import Stored
from gevinst_shared.feed.envelope import wire
from gevinst_shared.web.etag import etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing


def shown(stored: Stored) -> Response:
    """200 with the record as it is now; `ETag` is its revision."""
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


def changed(work: Writing, stored: Stored | None) -> Response:
    """200 with the record as changed; 412 when it was not at the revision that the caller read."""
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


def written(model: type[BaseModel], members: Mapping[str, Any]) -> str:
    """The JSON of an answer that was computed, held to its model; members that are None are absent."""
    text = json.dumps(_present(members), default=wire, ensure_ascii=False)
    return model.model_validate_json(text).model_dump_json(exclude_none=True)


def _present(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _present(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_present(member) for member in value]
    return value
