"""Every schema of the OpenAPI document said in full: bounds, formats, descriptions.

The framework leaves away what it checks by type: an id is a string of 36 characters, a day one of 10, and
an optional query parameter is absent, never null.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_LENGTHS = {"uuid": 36, "date": 10, "date-time": 40, "uri": 2000, "binary": 20_000_000}
_ANY_LINE = r"^[^\u0000-\u001f\u007f-\u009f]*$"
_LARGEST_INT32 = 2**31 - 1


def complete(document: Schema) -> None:
    """Complete every schema and parameter in place."""
    for node in _objects(document):
        if "in" in node and "name" in node and "schema" in node:
            _complete_parameter(node)
    for node in _objects(document):
        _drop_null(node)
        if node.get("type") == "string":
            _bound_text(node)
        elif node.get("type") == "integer":
            _bound_number(node)


def drop_unused(document: Schema, kinds: tuple[str, ...]) -> None:
    """Take away the components of these kinds that nothing refers to."""
    while True:
        used = {node["$ref"] for node in _objects(document) if isinstance(node.get("$ref"), str)}
        unused = [
            (kind, name)
            for kind in kinds
            for name in document["components"].get(kind, {})
            if f"#/components/{kind}/{name}" not in used
        ]
        if not unused:
            return
        for kind, name in unused:
            del document["components"][kind][name]


def _complete_parameter(parameter: Schema) -> None:
    schema = parameter["schema"]
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    if len(choices) == 1 and len(schema.get("anyOf", [])) == 2:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        parameter["schema"] = {**choices[0], **rest}
    if parameter["name"] == "If-Match":
        parameter["required"] = True  # the framework would not answer 428 for a missing one
    if "description" not in parameter:
        parameter["description"] = f"The {parameter['name'].replace('_', ' ')}."


def _drop_null(node: Schema) -> None:
    """An optional member is absent: its default is nothing, not null."""
    if "default" in node and node["default"] is None:
        del node["default"]


def _bound_text(schema: Schema) -> None:
    if "enum" in schema or "const" in schema:
        return
    schema.setdefault("maxLength", _LENGTHS.get(schema.get("format", ""), 500))
    if "format" not in schema and "pattern" not in schema:
        schema["pattern"] = _ANY_LINE


def _bound_number(schema: Schema) -> None:
    largest: int = schema.get("maximum", _LARGEST_INT32)
    schema.setdefault("format", "int32" if largest <= _LARGEST_INT32 else "int64")


def _objects(node: object) -> Iterator[Schema]:
    """Every object of the document, examples left out: they only look like schemas."""
    if isinstance(node, dict):
        yield node
        for name, child in list(node.items()):
            if name not in {"example", "examples"}:
                yield from _objects(child)
    elif isinstance(node, list):
        for child in node:
            yield from _objects(child)
