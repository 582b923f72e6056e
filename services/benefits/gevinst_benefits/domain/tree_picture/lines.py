"""The edges of a layout as lines: how thick, how bent, and where they arrive."""

from collections.abc import Sequence

from gevinst_benefits.domain.benefit_tree.tree import Edge
from gevinst_benefits.domain.tree_picture.layout import Point

_RUN_IN = 40.0


def thickness(edge: Edge) -> float:
    """The more a cause brings, the thicker; unknown is thin, and so is little."""
    return 1.2 if edge.share is None else 1.2 + 2.3 * float(edge.share)


def with_run_in(edge: Edge, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A line with a share arrives level, so that the share has room above it."""
    *way, (x, y) = points
    if edge.share is None:
        return points
    step = -_RUN_IN if way[-1][0] < x else _RUN_IN
    return (*way, (x + step, y), (x, y))


def curve(points: Sequence[Point]) -> str:
    """Level past the columns, and a curve that begins and ends level between them."""
    (x, y), *rest = points
    parts = [f"M{_short(x)} {_short(y)}"]
    is_between = True
    for to_x, to_y in rest:
        if not is_between or abs(to_y - y) < 0.05:
            parts.append(f"L{_short(to_x)} {_short(to_y)}")
        else:
            middle, here, there = _short((x + to_x) / 2), _short(y), _short(to_y)
            parts.append(f"C{middle} {here} {middle} {there} {_short(to_x)} {there}")
        x, y, is_between = to_x, to_y, not is_between
    return "".join(parts)


def _short(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
