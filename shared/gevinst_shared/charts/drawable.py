"""Text as it can stand in a picture: SVG is XML, and some characters that people can type are none of its."""

import re
from typing import Any

# They turn the order of everything that stands after them; letters have their own direction without them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# XML 1.0, production 2. The renderer aborts on any other character.
_STRANGE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INSTEAD = "\ufffd"


def drawable_text(text: str) -> str:
    """The text with a replacement character for each that XML does not have, and without those that turn
    the direction of what others wrote."""
    return _STRANGE.sub(_INSTEAD, keeping_direction(text))


def keeping_direction(text: str) -> str:
    """The text without characters that would turn the rest of a sentence it stands in."""
    return _TURNS.sub("", text)


def drawable(node: Any) -> Any:  # noqa: ANN401 - any part of a specification
    """The same part of a specification, with every text in it drawable."""
    if isinstance(node, str):
        return drawable_text(node)
    if isinstance(node, dict):
        return {drawable_text(name): drawable(value) for name, value in node.items()}
    return [drawable(one) for one in node] if isinstance(node, list | tuple) else node
