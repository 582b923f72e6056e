"""Words, figures and ids that are like nothing else, so that it is seen where they come out.

Each belongs to a field of a record of one body. Who may have it and when is asked of `Windows`.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from uuid import UUID

Key = tuple[str, str]
"""Kind and id of a record."""
Piece = tuple[Key, str]
"""A field of a record; the field of its id is `id`."""
WORD_LENGTH = 14
FIGURE_LENGTH = 11
_LETTERS = "abcdefghijkmnprstuvwxyz23456789"


@dataclass(eq=False)
class Canary:
    """`places` are where it rightly stands, and whose each is: nowhere until that is known, or where nobody
    else may ever have it. What two bodies tell each other of an agreement stands with both of them.
    """

    owner: str
    text: str
    field: str
    places: set[tuple[str, Piece]] = dataclasses.field(default_factory=set)

    def stands_in(self, record: Key, *, at: str | None = None, of: str | None = None) -> None:
        """It may leave as this field of the record, which is its owner's or `of` another body."""
        self.places.add((of or self.owner, (record, at or self.field)))

    def pieces_of(self, owner: str) -> set[Piece]:
        return {piece for of, piece in self.places if of == owner}


class Canaries:
    """All that were made; the same seed makes the same."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.words: dict[str, Canary] = {}
        self.figures: dict[str, Canary] = {}
        self.ids: dict[str, Canary] = {}

    def word(self, owner: str, of: str, record: Key | None = None) -> Canary:
        """A word that begins with `zq`; lower case."""
        text = "zq" + "".join(self._rng.choices(_LETTERS, k=WORD_LENGTH - 2))
        return self._keep(self.words, text, Canary(owner, text, of), record)

    def figure(self, owner: str, of: str, record: Key | None = None) -> Canary:
        """Eleven digits, none of the first nine a nought."""
        text = "".join(self._rng.choices("123456789", k=FIGURE_LENGTH))
        return self._keep(self.figures, text, Canary(owner, text, of), record)

    def known(self, owner: str, text: str, record: Key | None = None) -> Canary:
        """An id that somebody else has made; several records may have it."""
        made = self.ids.get(UUID(text).hex) or Canary(owner, text, "id")
        return self._keep(self.ids, UUID(text).hex, made, record)

    def known_as(self, text: str) -> Canary | None:
        """The canary that an id is, if it is one."""
        return self.ids.get(UUID(text).hex)

    def standing_in(self, text: str) -> list[Canary]:
        """The words and figures that a text has."""
        return [one for made in (self.words, self.figures) for one in made.values() if one.text in text]

    @staticmethod
    def _keep(made: dict[str, Canary], text: str, one: Canary, record: Key | None) -> Canary:
        made[text] = one
        if record is not None:
            one.stands_in(record)
        return one


@dataclass
class Window:
    """From when until when something may leave; not over yet without `closed`."""

    opened: float
    closed: float | None = None

    def touches(self, began: float, ended: float) -> bool:
        return self.opened <= ended and (self.closed is None or self.closed >= began)


@dataclass
class Windows:
    """When each reader may have which pieces of one body's records."""

    _windows: dict[tuple[str, Piece], list[Window]] = dataclasses.field(default_factory=dict)
    _open: dict[str, set[Piece]] = dataclasses.field(default_factory=dict)

    def note(self, reader: str, pieces: Iterable[Piece], began: float, ended: float) -> None:
        """The reader may have exactly these from a moment between `began` and `ended` on."""
        before, after = self._open.get(reader, set()), set(pieces)
        for piece in after - before:
            self._windows.setdefault((reader, piece), []).append(Window(began))
        for piece in before - after:
            self._windows[reader, piece][-1].closed = ended
        self._open[reader] = after

    def allow(self, reader: str, pieces: Iterable[Piece], began: float, ended: float) -> bool:
        """Whether an answer that was made between these moments may say one of them."""
        found = [window for piece in pieces for window in self._windows.get((reader, piece), ())]
        return any(window.touches(began, ended) for window in found)


@dataclass
class _Share:
    """What a reader may have since a moment, and how often grants to it had then been changed."""

    began: float
    number: int
    pieces: frozenset[Piece]
    forgotten: float | None = None


@dataclass
class Followed:
    """When each reader may have which pieces of what another service gives, which hears of grants later.

    It may still give what held before; but whoever asks it with the number of a change has heard of that
    change, and is given nothing that ended with it.
    """

    _shares: dict[str, list[_Share]] = dataclasses.field(default_factory=dict)
    _always: dict[tuple[str, Piece], float] = dataclasses.field(default_factory=dict)

    def note(self, reader: str, pieces: Iterable[Piece], number: int, began: float) -> None:
        """The reader may have exactly these from a moment after `began` on."""
        known, after = self._shares.setdefault(reader, []), frozenset(pieces)
        if not known or known[-1].forgotten or (known[-1].number, known[-1].pieces) != (number, after):
            known.append(_Share(began, number, after))

    def note_always(self, reader: str, piece: Piece, began: float) -> None:
        """The reader may have this from then on, whatever becomes of grants and backups."""
        self._always.setdefault((reader, piece), began)

    def forget(self, ended: float) -> None:
        """The numbers begin anew: what held until now was restored to something else."""
        for share in (one for many in self._shares.values() for one in many):
            share.forgotten = share.forgotten or ended

    def allow(self, reader: str, pieces: set[Piece], number: int, began: float, ended: float) -> bool:
        """Whether an answer to who knows of so many changes, between these moments, may say one of them."""
        if any(self._always.get((reader, piece), ended) < ended for piece in pieces):
            return True
        return any(
            share.number >= number
            and share.began <= ended
            and (share.forgotten is None or share.forgotten >= began)
            and not pieces.isdisjoint(share.pieces)
            for share in self._shares.get(reader, ())
        )
