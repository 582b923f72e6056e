"""Request bodies made from the documents' schemas: what a caller who reads them would send."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.operations import Schema, resolved

Place = tuple[str | int, ...]
_DAY, _MOMENT = "2027-03-01", "2027-03-01T09:00:00Z"
_TEXTS = ("1250000.00", "100", "kari@example.org", "NO", "NOK", "own-idea", "0192:958935420")


@dataclass(slots=True)
class Writer:
    """Writes bodies: `id_of` gives the id for a member's name, `word` stands in all free text."""

    service: str
    id_of: Callable[[str], str]
    word: str
    number: Iterator[int] = field(default_factory=itertools.count)

    def body(self, schema: Schema, *, ids: Mapping[Place, str] | None = None) -> Any:
        """Every required member, and those on the way to `ids`, which stand where it says."""
        return self._value(schema, "", (), ids or {})

    def value(self, schema: Schema, name: str) -> Any:
        return self._value(schema, name, (), {})

    def _value(self, schema: Schema, name: str, place: Place, ids: Mapping[Place, str]) -> Any:
        schema = _chosen(self.service, schema)
        if place in ids:
            return ids[place]
        match schema.get("type"):
            case "object":
                return self._object(schema, place, ids)
            case "array":
                return self._array(schema, name, place, ids)
            case _:
                return self._single(schema, name)

    def _single(self, schema: Schema, name: str) -> Any:
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return (schema.get("examples") or schema["enum"])[0]
        match schema.get("type"):
            case "string":
                return self._text(schema, name)
            case "boolean":
                return bool(schema.get("default", False))
            case _:
                return _number(schema)

    def _object(self, schema: Schema, place: Place, ids: Mapping[Place, str]) -> Any:
        wanted = set(schema.get("required", [])) | {
            one[len(place)] for one in ids if one[: len(place)] == place and len(one) > len(place)
        }
        members = schema.get("properties", {})
        return {
            name: self._value(members[name], name, (*place, name), ids) for name in members if name in wanted
        }

    def _array(self, schema: Schema, name: str, place: Place, ids: Mapping[Place, str]) -> Any:
        is_on_the_way = any(one[: len(place)] == place for one in ids)
        length = max(schema.get("minItems", 0), 1 if is_on_the_way else 0)
        return [self._value(schema["items"], name, (*place, number), ids) for number in range(length)]

    def _text(self, schema: Schema, name: str) -> str:
        known = {"date": _DAY, "date-time": _MOMENT, "formula": "100", "unit": "1"}
        form = schema.get("format", "")
        if form == "uuid":
            return self.id_of(name)
        if form in known:
            return known[form]
        free = f"{self.word} {next(self.number)}"
        for text in (free, *schema.get("examples", []), *_TEXTS):
            if _fits(text, schema):
                return str(text)
        raise AssertionError(f"{self.service}: no text for {name}: give it an example ({schema})")


def id_places(service: str, schema: Schema, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Where ids stand in a body, and the name of the member that holds them."""
    schema = _chosen(service, schema)
    for name, member in schema.get("properties", {}).items():
        inner = _chosen(service, member)
        if inner.get("format") == "uuid":
            yield (*place, name), name
        elif inner.get("type") == "array" and _chosen(service, inner["items"]).get("format") == "uuid":
            yield (*place, name, 0), name
        elif inner.get("type") == "array":
            yield from id_places(service, inner["items"], (*place, name, 0))
        else:
            yield from id_places(service, inner, (*place, name))


def required_id_places(service: str, schema: Schema) -> Iterator[tuple[Place, str]]:
    """Those ids without which the body is not taken."""
    schema = _chosen(service, schema)
    required = set(schema.get("required", []))
    for place, name in id_places(service, schema):
        member = _chosen(service, schema["properties"][place[0]])
        if place[0] in required and (len(place) == 1 or member.get("minItems", 0) or "properties" in member):
            yield place, name


def _chosen(service: str, schema: Schema) -> Schema:
    """The schema itself: references followed, and the first of several forms taken."""
    schema = resolved(service, schema)
    forms = schema.get("anyOf") or schema.get("oneOf")
    if forms:
        return _chosen(
            service, {**{k: v for k, v in schema.items() if k not in {"anyOf", "oneOf"}}, **forms[0]}
        )
    return schema


def _fits(text: str, schema: Schema) -> bool:
    is_long_enough = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 10_000)
    return is_long_enough and re.search(schema.get("pattern", ""), text) is not None


def _number(schema: Schema) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    lowest: float = schema.get("minimum", 0)
    return max(1, lowest) if schema.get("maximum", 1) >= 1 else schema["maximum"]
