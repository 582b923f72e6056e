"""Words, figures and ids that are like nothing else, so that it is seen where they come out.

Each belongs to a field of a record of one body. Who may have it and when is asked of `Windows`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
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
    """`record` is None until it is known, or where nobody else may ever have it."""

    owner: str
    text: str
    field: str
    record: Key | None = None

    @property
    def piece(self) -> Piece | None:
        return None if self.record is None else (self.record, self.field)


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
        self.words[text] = Canary(owner, text, of, record)
        return self.words[text]

    def figure(self, owner: str, of: str, record: Key | None = None) -> Canary:
        """Eleven digits, none of the first nine a nought."""
        text = "".join(self._rng.choices("123456789", k=FIGURE_LENGTH))
        self.figures[text] = Canary(owner, text, of, record)
        return self.figures[text]

    def known(self, owner: str, text: str, record: Key | None = None) -> Canary:
        """An id that somebody else has made."""
        self.ids[UUID(text).hex] = Canary(owner, text, "id", record)
        return self.ids[UUID(text).hex]


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

    _windows: dict[tuple[str, Piece], list[Window]] = field(default_factory=dict)
    _open: dict[str, set[Piece]] = field(default_factory=dict)

    def note(self, reader: str, pieces: Iterable[Piece], began: float, ended: float) -> None:
        """The reader may have exactly these from a moment between `began` and `ended` on."""
        before, after = self._open.get(reader, set()), set(pieces)
        for piece in after - before:
            self._windows.setdefault((reader, piece), []).append(Window(began))
        for piece in before - after:
            self._windows[reader, piece][-1].closed = ended
        self._open[reader] = after

    def allow(self, reader: str, piece: Piece | None, began: float, ended: float) -> bool:
        """Whether an answer that was made between these moments may say it."""
        found = [] if piece is None else self._windows.get((reader, piece), [])
        return any(window.touches(began, ended) for window in found)
