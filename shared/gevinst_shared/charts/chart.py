"""What a chart is: a specification with its data, what it says in words, and the same rows as a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

Specification = Mapping[str, Any]
# Raised when the same chart is drawn otherwise than before, so that kept pictures are not taken for it.
_DRAWING = 2


class Grammar(StrEnum):
    """Which of the two languages a specification is written in."""

    VEGA = "vega"
    VEGA_LITE = "vega-lite"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a chart in words and figures as the reader writes them.

    The first cell of a row is its header. `numeric` are the places of columns that hold figures.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a nested list."""

    text: str
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart for one reader.

    `description` says the message in numbers to those who do not see the picture; `notes` say what is
    missing from it; `outline` is a tree as nested lists; a chart that
    `is_empty` only says that there is nothing. `specification` holds its data itself and names no address.
    """

    name: str
    language: str
    title: str
    description: str
    grammar: Grammar
    specification: Specification
    tables: tuple[Table, ...]
    notes: Sequence[str] = ()
    outline: tuple[Branch, ...] = ()
    is_empty: bool = False

    @property
    def spoken(self) -> str:
        """The description with what is missing."""
        return " ".join((self.description, *self.notes))

    def fingerprint(self, *beside: str) -> str:
        """The same for the same chart and the same words `beside` it, everywhere: 40 hexadecimal digits."""
        said = [_DRAWING, self.name, self.language, self.title, self.spoken, self.grammar, self.specification]
        tables = [[one.caption, one.columns, one.rows] for one in self.tables]
        text = json.dumps([*said, tables, repr(self.outline), beside], ensure_ascii=False, sort_keys=True)
        return sha256(text.encode()).hexdigest()[:40]

    def document(self) -> str:
        """The specification as JSON."""
        return json.dumps(self.specification, ensure_ascii=False)
