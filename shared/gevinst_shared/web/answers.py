"""How what was computed is answered."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from gevinst_shared.feed.envelope import wire


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
