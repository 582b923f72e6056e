"""Pictures of a few numbers, as bars: what is drawn, and the words for those who do not see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gevinst_notifications.domain.rules import NoticeKind

# Counts of the same thing, which say more beside each other.
COMPARED: Mapping[NoticeKind, tuple[str, ...]] = {
    NoticeKind.DECISION_MADE: ("approved_count", "left_out_count"),
    NoticeKind.SCENARIO_PUBLISHED: ("selected_count", "left_out_count"),
    NoticeKind.IMPORT_FINISHED: ("created_count", "updated_count", "problem_count"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`text` is the value as the reader writes it."""

    label: str
    value: int
    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars from the top; at least two, and one longer than nothing."""

    bars: tuple[Bar, ...]

    @property
    def alternative(self) -> str:
        """All that the picture says."""
        return "; ".join(f"{bar.label}: {bar.text}" for bar in self.bars)


def plot_of(bars: Sequence[Bar]) -> Plot | None:
    """A picture of the bars; None when there is nothing to compare."""
    is_worth_it = len(bars) > 1 and any(bar.value > 0 for bar in bars)
    return Plot(tuple(bars)) if is_worth_it else None
