"""From scores on criteria to one figure per project (P6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scale:
    """A criterion: its weight in proportion to the others', its scale, and which end is the better."""

    id: UUID
    weight: float
    least: float
    most: float
    is_higher_better: bool

    def share(self, value: float) -> float:
        """The value's place between the worst end (0) and the best (1)."""
        share = (value - self.least) / (self.most - self.least)
        return share if self.is_higher_better else 1 - share


def weighted_score(scales: Sequence[Scale], values: Mapping[UUID, float]) -> float | None:
    """The weighted mean share, from 0 to 1; None while a criterion is not scored (B6).

    Check: 10 of 0-10 with weight 3 and 0 of 0-10 with weight 1 give 0.75.
    """
    if not scales or any(scale.id not in values for scale in scales):
        return None
    whole = sum(scale.weight for scale in scales)
    return sum(scale.weight * scale.share(values[scale.id]) for scale in scales) / whole
