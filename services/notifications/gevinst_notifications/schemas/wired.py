"""Answers out of domain values, which the wire shapes take as text only."""

import json
from typing import Any, TypeVar

from gevinst_shared.feed.envelope import wire
from gevinst_shared.web.shapes import Out

Shape = TypeVar("Shape", bound=Out)


def wired(shape: type[Shape], **members: Any) -> Shape:
    """The shape with these members; absent where they are None."""
    told = {name: _plain(value) for name, value in members.items() if value is not None}
    return shape.model_validate(told)


def _plain(value: object) -> object:
    if isinstance(value, Out):
        return value
    if isinstance(value, list) and value and isinstance(value[0], Out):
        return value
    return json.loads(json.dumps(value, default=wire))
