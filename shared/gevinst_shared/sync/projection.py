"""What one partner gets of a record: the fields that grants name, and references cut to what it may know."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from gevinst_shared.sync.kinds import SharedKind

TOMBSTONE = ""
# Stands where the hash of a body would: the partner may have the record, but nobody could take it.
TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Granted:
    """Under a root: so many fields of each kind."""

    record_id: UUID
    fields: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """A record as it is, before anything is cut; `roots` has its own id and what it belongs to."""

    id: UUID
    roots: tuple[UUID, ...]
    body: Mapping[str, Any]


def by_root(grants: Iterable[Granted]) -> dict[UUID, list[Granted]]:
    found: dict[UUID, list[Granted]] = {}
    for grant in grants:
        found.setdefault(grant.record_id, []).append(grant)
    return found


def shared_fields(
    kind: str, roots: Iterable[UUID], grants: Mapping[UUID, list[Granted]]
) -> frozenset[str] | None:
    """The fields that any grant over one of `roots` names; None when the record is not shared at all."""
    named = [grant.fields[kind] for root in roots for grant in grants.get(root, ()) if kind in grant.fields]
    return frozenset().union(*named) if named else None


def projected(
    kind: SharedKind,
    record: SharedRecord,
    fields: frozenset[str],
    *,
    is_known: Callable[[str, str], bool],
    hidden: Callable[[str, str], str],
) -> dict[str, Any]:
    """The body that leaves. `is_known` says of (kind, id) whether the partner gets that record too;
    `hidden` gives what stands for an id that it may not know."""
    body = {}
    for name in kind.fields.keys() & fields & record.body.keys():
        value, refers_to = record.body[name], kind.fields[name].refers_to
        if refers_to is not None and not is_known(refers_to, value):
            value = hidden(refers_to, value)
        body[name] = value
    return body


def references(kind: SharedKind, record: SharedRecord, fields: frozenset[str]) -> Iterable[tuple[str, str]]:
    """(kind, id) of all that the fields refer to."""
    for name in fields & record.body.keys():
        shared = kind.fields.get(name)
        if shared is not None and shared.refers_to is not None:
            yield shared.refers_to, record.body[name]


def written(body: Mapping[str, Any]) -> str:
    """The body as one text, whatever the order of its members."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
