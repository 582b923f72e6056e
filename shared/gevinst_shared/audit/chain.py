"""The chain of seals over the audit trail: how it is made, and what does not fit into it (E1).

A row's hash is the SHA-256 of its canonical JSON. A seal names the rows of a stretch of the trail with
their hashes, and the hash of the seal before; its own hash is that of its own canonical JSON. So the last
seal's hash stands for every row before it, and who holds it outside can tell whether one was touched.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import zip_longest
from typing import Any, NoReturn

from gevinst_shared.audit.canonical import canonical

NOTHING_BEFORE = "0" * 64
"""The hash before the first seal."""

Document = Mapping[str, Any]
Place = tuple[int, str]
"""Where a row stands in the trail: its transaction, and its id among those of one transaction."""

_ROW = (
    "id",
    "organisation",
    "transaction",
    "time",
    "actor",
    "action",
    "subject",
    "reason",
    "request_id",
    "before",
    "after",
)
_BEFORE_ALL: Place = (-1, "")
_NO_NUMBER = 2**63


class Misfit(Exception):  # noqa: N818 - what was found
    """The first thing in a trail that does not fit; the text is one sentence that names it."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed stretch of an organisation's trail: `rows` are ids and hashes, in order."""

    organisation: str
    number: int
    previous_hash: str
    rows: tuple[tuple[str, str], ...]
    last_transaction: int
    sealed_at: str
    hash: str

    @property
    def last(self) -> Place:
        return self.last_transaction, self.rows[-1][0]

    def expected_hash(self) -> str:
        """What its hash must be."""
        return _digest(
            {
                "organisation": self.organisation,
                "number": self.number,
                "previous_hash": self.previous_hash,
                "rows": [{"id": row_id, "hash": hash_} for row_id, hash_ in self.rows],
                "last_transaction": self.last_transaction,
                "sealed_at": self.sealed_at,
            }
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A trail in which everything fits. `head` is the last seal's hash, or None when nothing is sealed."""

    organisation: str | None
    seal_count: int
    sealed_count: int
    unsealed_count: int
    head: str | None


def row_hash(row: Document) -> str:
    """The hash of a row as the API answers it; which seal it is in is no part of it."""
    return _digest({name: row.get(name) for name in _ROW})


def next_seal(
    rows: Sequence[Document], *, organisation: str, number: int, previous_hash: str, sealed_at: str
) -> Seal:
    """The seal over `rows`, one or more in order, that follows the one with `previous_hash`."""
    named = tuple((str(row["id"]), row_hash(row)) for row in rows)
    last = int(rows[-1]["transaction"])
    seal = Seal(organisation, number, previous_hash, named, last, sealed_at, hash="")
    return Seal(organisation, number, previous_hash, named, last, sealed_at, hash=seal.expected_hash())


def check(seals: Iterable[Document], rows: Iterable[Document], known: Mapping[int, str]) -> Checked:
    """Hold one organisation's seals, its rows and the heads that are `known` outside against each other.

    Seals are by number and rows by place, upwards, as the API answers them; `known` has hashes by the
    seal's number. Raises `Misfit` for the first seal or row that does not fit. Rows after the last seal are
    counted only.
    """
    trail = _Rows(rows)
    before: Seal | None = None
    for found in seals:
        seal = _read_seal(found)
        _check_link(seal, before)
        _check_known(seal, known)
        _check_rows(seal, trail.until(seal))
        before = seal
    last = 0 if before is None else before.number
    if beyond := [number for number in sorted(known) if number > last]:
        raise Misfit(f"Seal {beyond[0]} is missing: the chain ends with seal {last}.")
    sealed_count = trail.count
    unsealed_count = sum(1 for _ in trail.rest())
    head = None if before is None else before.hash
    return Checked(trail.organisation, last, sealed_count, unsealed_count, head)


class _Rows:
    """The rows of a trail, a seal's at a time; refuses what is out of order or of somebody else."""

    def __init__(self, rows: Iterable[Document]) -> None:
        self._rows = iter(rows)
        self._waiting = next(self._rows, None)
        self._place = _BEFORE_ALL
        self.organisation: str | None = None
        self.count = 0

    def until(self, seal: Seal) -> list[Document]:
        """The rows up to where `seal` ends."""
        self._expect(seal.organisation, f"Seal {seal.number}")
        found = []
        while self._waiting is not None and _place_of(self._waiting) <= seal.last:
            found.append(self._take(self._waiting))
        return found

    def rest(self) -> Iterator[Document]:
        while self._waiting is not None:
            yield self._take(self._waiting)

    def _take(self, row: Document) -> Document:
        place = _place_of(row)
        self._expect(str(row.get("organisation")), f"Row {place[1]}")
        if place <= self._place:
            raise Misfit(f"Row {place[1]} is there twice or out of its order.")
        self._place, self._waiting = place, next(self._rows, None)
        self.count += 1
        return row

    def _expect(self, organisation: str, what: str) -> None:
        if organisation != (self.organisation or organisation):
            raise Misfit(f"{what} belongs to {organisation}, and what is before it to {self.organisation}.")
        self.organisation = organisation


def _check_link(seal: Seal, before: Seal | None) -> None:
    number, hash_, last = (0, NOTHING_BEFORE, _BEFORE_ALL)
    if before is not None:
        number, hash_, last = before.number, before.hash, before.last
    if seal.number != number + 1:
        raise Misfit(f"Seal {number + 1} is missing: seal {seal.number} stands in its place.")
    if seal.previous_hash != hash_:
        raise Misfit(f"Seal {seal.number} does not follow what is before it: it names another hash.")
    if seal.last <= last:
        raise Misfit(f"Seal {seal.number} ends before the seal before it.")
    if seal.hash != seal.expected_hash():
        raise Misfit(f"Seal {seal.number} was changed: its hash is not that of what it says.")


def _check_known(seal: Seal, known: Mapping[int, str]) -> None:
    if known.get(seal.number, seal.hash) != seal.hash:
        raise Misfit(f"Seal {seal.number} is not the one that is known outside: its hash is {seal.hash}.")


def _check_rows(seal: Seal, rows: Sequence[Document]) -> None:
    there, sealed = {_place_of(row)[1] for row in rows}, dict(seal.rows)
    for row, entry in zip_longest(rows, seal.rows):
        if entry is not None and entry[0] not in there:
            raise Misfit(f"Row {entry[0]} was removed: seal {seal.number} has it.")
        if row is None:
            raise Misfit(f"Seal {seal.number} has row {entry[0]} twice.")
        hash_ = sealed.get(_place_of(row)[1])
        if hash_ is None:
            raise Misfit(f"Row {_named(row)} was added: seal {seal.number} does not have it.")
        if row_hash(row) != hash_:
            raise Misfit(f"Row {_named(row)} was changed: seal {seal.number} has another hash of it.")


def _read_seal(found: Document) -> Seal:
    try:
        seal = Seal(
            organisation=str(found["organisation"]),
            number=_whole(found["number"]),
            previous_hash=str(found["previous_hash"]),
            rows=tuple((str(row["id"]), str(row["hash"])) for row in found["rows"]),
            last_transaction=_whole(found["last_transaction"]),
            sealed_at=str(found["sealed_at"]),
            hash=str(found["hash"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        _unreadable("seal", found)
    if not seal.rows:
        _unreadable("seal", found)
    return seal


def _place_of(row: Document) -> Place:
    try:
        return _whole(row["transaction"]), str(row["id"])
    except (KeyError, TypeError, ValueError, OverflowError):
        _unreadable("row", row)


def _whole(value: object) -> int:
    """A number of a seal or a transaction; `ValueError` when it is none that the database could hold."""
    if not isinstance(value, int | Decimal) or not 0 <= value < _NO_NUMBER or value != int(value):
        raise ValueError(value)
    return int(value)


def _unreadable(what: str, found: object) -> NoReturn:
    raise Misfit(f"A {what} cannot be read: {str(found)[:200]}") from None


def _named(row: Document) -> str:
    return f"{row['id']} ({row.get('action')}, {row.get('subject')})"


def _digest(value: object) -> str:
    return sha256(canonical(value)).hexdigest()
