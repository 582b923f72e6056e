"""Answers that were given, for as long as nothing changes that they were made of."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

Key = tuple[object, ...]
Headers = Sequence[tuple[bytes, bytes]]
# About what a key and an entry take besides what they hold.
_ENTRY_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """`change` is the last one that it has seen, `operation` the path that its route was declared with.
    `body` is missing where only its tag was told (304)."""

    change: int
    operation: str
    tag: str
    headers: Headers
    body: bytes | None

    @property
    def size(self) -> int:
        return _ENTRY_BYTES + sum(len(value) for _, value in self.headers) + len(self.body or b"")


class Memory:
    """Answers by who asked for what; `room` bytes at most; those not asked for longest leave."""

    def __init__(self, *, room: int) -> None:
        self._room = room
        self._size = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    @property
    def size(self) -> int:
        """How many bytes are taken."""
        return self._size

    def find(self, key: Key, change: int) -> Answer | None:
        """The answer, if nothing has changed since."""
        found = self._answers.get(key)
        if found is None or found.change != change:
            return None
        self._answers.move_to_end(key)
        return found

    def keep(self, key: Key, answer: Answer) -> None:
        """In the place of what was there; what is larger than the room is not kept."""
        self._drop(key)
        if answer.size + _written(key) > self._room:
            return
        self._answers[key] = answer
        self._size += answer.size + _written(key)
        while self._size > self._room:
            self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        gone = self._answers.pop(key, None)
        if gone is not None:
            self._size -= gone.size + _written(key)


def _written(key: Key) -> int:
    return sum(len(part) for part in key if isinstance(part, str | bytes))
