"""G4: the frozen copy that a gate decides on, and what differs from the copy of the gate before."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text


@dataclass(frozen=True, slots=True)
class FrozenBasis:
    """Canonical JSON (UTF-8) and the hexadecimal SHA-256 of its bytes."""

    canonical: str
    sha256: str

    @property
    def is_intact(self) -> bool:
        """Whether the copy still is what was hashed."""
        return hashlib.sha256(self.canonical.encode()).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class BasisChange:
    """One place where two copies differ: a JSON pointer and the JSON on either side, if it is there."""

    pointer: str
    before: str | None
    after: str | None


def freeze(basis: Mapping[str, object]) -> FrozenBasis:
    """The frozen copy of business case, benefit plan, checklist and whatever else a gate stands on.

    Takes mappings, sequences, dataclasses, text, whole numbers, `Decimal`, dates, aware moments, ids and
    enums. The hash does not depend on the order of members, on an amount's trailing zeros or on a moment's
    time zone; a member that is `None` is left out. `TypeError` for anything else, floats among them.
    """
    canonical = _text(_plain(basis))
    return FrozenBasis(canonical, hashlib.sha256(canonical.encode()).hexdigest())


def basis_changes(before: FrozenBasis, after: FrozenBasis) -> tuple[BasisChange, ...]:
    """Every member that was added, removed or changed between two gates, in the order of their pointers.

    A list whose members all have an `id`, or else a `name` of their own, is compared by it, so that a moved
    line is no change and a new assumption is one.
    """
    left = dict(_leaves("", json.loads(before.canonical)))
    right = dict(_leaves("", json.loads(after.canonical)))
    return tuple(
        BasisChange(pointer, left.get(pointer), right.get(pointer))
        for pointer in sorted(left.keys() | right.keys())
        if left.get(pointer) != right.get(pointer)
    )


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, str | int):
        return value
    match value:
        case Decimal():
            return _amount(value)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return _plain_composite(value)


def _plain_composite(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(member) for key, member in value.items() if member is not None}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(member) for member in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _amount(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"{value} has no canonical form")
    return decimal_text(value)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a moment without a time zone has no canonical form")
    return value.astimezone(UTC).isoformat()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _leaves(pointer: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, member in value.items():
            yield from _leaves(f"{pointer}/{_escaped(key)}", member)
    elif isinstance(value, list) and value:
        for label, member in zip(_labels(value), value, strict=True):
            yield from _leaves(f"{pointer}/{label}", member)
    else:
        yield pointer, _text(value)


def _labels(members: Sequence[object]) -> list[str]:
    """What tells the members of a list apart: their ids, their names, or their places."""
    for name in ("id", "name"):
        labels = [str(one[name]) for one in members if isinstance(one, Mapping) and name in one]
        if len(set(labels)) == len(members):
            return [_escaped(label) for label in labels]
    return [str(place) for place in range(len(members))]


def _escaped(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")
