"""Collecting the rows and columns of a linear model as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.highs import Floats, Ints


@dataclass(frozen=True, slots=True)
class RowLabel:
    """Which rule a row states, for whom, and in which period."""

    rule: Rule
    ids: tuple[str, ...]
    period: int | None = None


class Rows:
    """Entries of the matrix as triples, and the bounds and label of each row."""

    def __init__(self) -> None:
        self.labels: list[RowLabel] = []
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._amounts: list[Floats] = []

    def add(self, label: RowLabel, lower: float, upper: float) -> int:
        """A new row `lower <= … <= upper`; its number."""
        self.labels.append(label)
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self.labels) - 1

    def put(self, rows: ArrayLike, columns: ArrayLike, amounts: ArrayLike) -> None:
        """Entries, broadcast against each other; entries at one place add up."""
        r, c, a = np.broadcast_arrays(
            np.asarray(rows, np.int32), np.asarray(columns, np.int32), np.asarray(amounts, np.float64)
        )
        self._rows.append(r.ravel())
        self._columns.append(c.ravel())
        self._amounts.append(a.ravel())

    def bounds(self) -> tuple[Floats, Floats]:
        return np.array(self._lower), np.array(self._upper)

    def by_column(self, width: int) -> tuple[Ints, Ints, Floats]:
        """The matrix of `width` columns as (begin, rows, amounts), rows ascending, zeros left out."""
        if not self._rows:
            return np.zeros(width + 1, np.int32), np.zeros(0, np.int32), np.zeros(0)
        height = max(1, len(self.labels))
        places = np.concatenate(self._columns).astype(np.int64) * height + np.concatenate(self._rows)
        places, where = np.unique(places, return_inverse=True)
        amounts = np.bincount(where, weights=np.concatenate(self._amounts), minlength=len(places))
        places, amounts = places[amounts != 0], amounts[amounts != 0]
        begin = np.searchsorted(places, np.arange(width + 1, dtype=np.int64) * height).astype(np.int32)
        return begin, (places % height).astype(np.int32), amounts.astype(np.float64)
