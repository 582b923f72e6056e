"""C5: random numbers that hang on a seed and a name alone, whatever else is drawn and in which order."""

from hashlib import sha256
from uuid import UUID

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

# What a draw is made of; in each word of the generator are two, and it makes four words at a step.
BITS = 32
_A_STEP = 8
Words = NDArray[np.uint32]


class Stream:
    """One stream of words from its beginning, until another is taken from the same `RandomWords`."""

    def __init__(self, generator: Philox) -> None:
        self._generator = generator

    def words(self, count: int) -> Words:
        """The next `count` words; after an odd count one word is lost."""
        drawn = self._generator.random_raw((count + 1) // 2)
        return drawn.astype("<u8", copy=False).view("<u4")[:count]


class RandomWords:
    """Streams by name, each the same whatever was drawn before; one at a time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed.to_bytes(8, "big")
        # One generator is set anew for each stream: making one costs as much as drawing 4,000 words.
        self._generator = Philox(key=0)
        self._state = self._generator.state

    def of_line(self, line_id: UUID, *, start: int = 0) -> Stream:
        """From word number `start` on, a multiple of 8."""
        return self._stream(b"line " + line_id.bytes, start)

    def of_factor(self, name: str, *, start: int = 0) -> Stream:
        """From word number `start` on, a multiple of 8."""
        return self._stream(b"factor " + name.encode(), start)

    def _stream(self, name: bytes, start: int) -> Stream:
        """The first 16 bytes of a SHA-256 are its key, and its counter says how far it is."""
        digest = sha256(self._seed + name).digest()
        self._state["state"]["key"] = np.frombuffer(digest, dtype="<u8", count=2)
        self._state["state"]["counter"] = np.array([start // _A_STEP, 0, 0, 0], dtype=np.uint64)
        self._generator.state = self._state
        return Stream(self._generator)
