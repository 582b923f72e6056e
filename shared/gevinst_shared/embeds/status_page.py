"""Status pages: a few figures about a project, a portfolio, a unit, a person's duties, on a small page."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

from gevinst_shared.charts.chart import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in the reader's words; `note` says what it is out of, or what is missing from it."""

    label: str
    value: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """One page for one reader; `description` says the message in numbers."""

    name: str
    language: str
    title: str
    description: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """The same for the same page, everywhere."""
        said = [
            [one.caption, one.columns, one.rows, sorted(one.numeric)] if isinstance(one, Table) else one
            for one in (self.title, self.language, self.description, *self.notes, *self.tables)
        ]
        figures = [asdict(one) for one in self.figures]
        return sha256(json.dumps([said, figures], ensure_ascii=False).encode()).hexdigest()[:40]
