"""What each partner should have of a body, kept beside the product and with nothing of it: a naive one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.laboratory.canaries import Key, Piece

HIDDEN = "hidden:"
Held = dict[Key, dict[str, Any]]
PORTFOLIO_KINDS = ("programme", "project")
PLAN_KINDS = ("goal", "benefit", "indicator", "measurement", "business_case", "status")


@dataclass
class Record:
    """One record as its owner's API acknowledged it, in the fields of the wire.

    `parents` are the fields whose record brings it along, and `means` more such records, of a goal;
    `references` says of what kind the records are that fields refer to. `revision` is the owner's own.
    """

    kind: str
    id: str
    fields: dict[str, Any]
    revision: int
    parents: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    means: set[Key] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.kind, self.id)


@dataclass
class Grant:
    """So many fields of each kind under a root, for one reader."""

    reader: str
    record_id: str
    fields: dict[str, list[str]]


@dataclass
class Model:
    """One body: what it has, what it gives, and with whom it exchanges at the moment.

    `changes` counts how often grants to each reader were changed; `offered` are benefits that were
    offered once.
    """

    records: dict[Key, Record] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    renewals: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    offered: set[str] = field(default_factory=set)

    def add(self, record: Record) -> Record:
        self.records[record.key] = record
        return record

    def of_kind(self, kind: str) -> list[Record]:
        return [record for record in self.records.values() if record.kind == kind]

    def held_by(self, reader: str) -> Held:
        """What the reader should have, field by field; what it may not know is `HIDDEN`."""
        names = {key: self._names(record, reader) for key, record in self.records.items()}
        shared = {key: found for key, found in names.items() if found is not None}
        return {key: self._cut(self.records[key], found, shared) for key, found in shared.items()}

    def pieces(self, reader: str) -> set[Piece]:
        """All that may leave for the reader; nothing while it is paused."""
        if reader in self.paused:
            return set()
        held = self.held_by(reader)
        return {(key, name) for key, fields in held.items() for name in ("id", *fields)}

    def _names(self, record: Record, reader: str) -> set[str] | None:
        roots = self._roots(record)
        named = [
            set(grant.fields[record.kind])
            for grant in self.grants.values()
            if grant.reader == reader and grant.record_id in roots and record.kind in grant.fields
        ]
        return set().union(*named) if named else None

    def _roots(self, record: Record) -> set[str]:
        found = {record.id}.union(*(self._roots(self.records[key]) for key in record.means))
        for name in record.parents:
            parent = self.records.get((record.references[name], record.fields.get(name, "")))
            if parent is not None:
                found |= self._roots(parent)
        return found

    def _cut(self, record: Record, names: set[str], shared: Mapping[Key, set[str]]) -> dict[str, Any]:
        found = {name: value for name, value in record.fields.items() if name in names}
        for name, kind in record.references.items():
            if name in found and (kind, found[name]) not in shared:
                found[name] = HIDDEN
        return found


def plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as a replica has them, with one word for all that is hidden."""
    return {
        name: HIDDEN if isinstance(value, str) and value.startswith(HIDDEN) else value
        for name, value in fields.items()
    }
