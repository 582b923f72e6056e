"""Where names stand beside marks: none over another, none over a mark, none outside the plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from gevinst_shared.charts.labels import text_width

_SIZE, _HEIGHT, _GAP = 12.0, 14.0, 4.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A circle in pixels from the plot's upper left corner, and what it is called."""

    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """The left end of a name, at the middle of its height."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Rectangle") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def label_places(marks: Sequence[Mark], *, width: float, height: float) -> list[Place | None]:
    """A place for each name beside its mark, in the order given: right, left, above or below.

    None where there is no room. The same marks give the same places.
    """
    taken = [_around(mark) for mark in marks]
    whole = Rectangle(0, 0, width, height)
    places: list[Place | None] = []
    for mark in marks:
        found = next((one for one in _wished(mark) if _fits(one, whole, taken)), None)
        places.append(None if found is None else Place(found.left, (found.top + found.bottom) / 2))
        if found is not None:
            taken.append(found)
    return places


def _wished(mark: Mark) -> tuple[Rectangle, ...]:
    wide, beside = text_width(mark.name, _SIZE), mark.radius + _GAP
    lefts_and_middles = (
        (mark.x + beside, mark.y),
        (mark.x - beside - wide, mark.y),
        (mark.x - wide / 2, mark.y - beside - _HEIGHT / 2),
        (mark.x - wide / 2, mark.y + beside + _HEIGHT / 2),
    )
    return tuple(
        Rectangle(left, middle - _HEIGHT / 2, left + wide, middle + _HEIGHT / 2)
        for left, middle in lefts_and_middles
    )


def _around(mark: Mark) -> Rectangle:
    # A little less than the square around it: a name may stand at the corner of a circle.
    reach = mark.radius * 0.85
    return Rectangle(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach)


def _fits(one: Rectangle, whole: Rectangle, taken: Sequence[Rectangle]) -> bool:
    is_inside = (
        whole.left <= one.left
        and one.right <= whole.right
        and whole.top <= one.top
        and one.bottom <= whole.bottom
    )
    return is_inside and not any(one.meets(other) for other in taken)
