"""The layout of a benefit tree on the wire: boxes and lines in abstract units, for frontends that draw."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.benefit_tree.tree import MOST_EDGES, MOST_NODES, NodeKind
from gevinst_benefits.domain.tree_picture.layout import Layout
from gevinst_shared.web.shapes import Out

Units = Annotated[float, Field(ge=-10_000_000, le=10_000_000, examples=[120.0])]
NodeKey = Annotated[str, Field(max_length=60, examples=["T1"])]
MOST_POINTS = 2000


class LayoutColumnOut(Out):
    """A column of nodes of one kind; a kind whose nodes lead to each other has several."""

    kind: NodeKind
    x: Units
    width: Units


class BoxOut(Out):
    """A node: its left upper corner, its size, and its name in lines of text."""

    key: NodeKey
    x: Units
    y: Units
    width: Units
    height: Units
    lines: list[Annotated[str, Field(max_length=200)]] = Field(max_length=200)


class PointOut(Out):
    """A corner of a line."""

    x: Units
    y: Units


class WayOut(Out):
    """An edge: level from the second point to the third, from the fourth to the fifth, and so on."""

    cause: NodeKey
    effect: NodeKey
    points: list[PointOut] = Field(
        max_length=MOST_POINTS, description="From cause to effect; none from a node to itself."
    )


class LayoutOut(Out):
    """Left to right, `y` downwards, in units of a pixel at ordinary size."""

    width: Units
    height: Units
    crossings: int = Field(ge=0, le=2_000_000_000, description="How many pairs of lines cross.")
    columns: list[LayoutColumnOut] = Field(max_length=MOST_NODES)
    boxes: list[BoxOut] = Field(max_length=MOST_NODES)
    ways: list[WayOut] = Field(max_length=MOST_EDGES)

    @classmethod
    def of(cls, layout: Layout) -> "LayoutOut":
        return cls(
            width=layout.width,
            height=layout.height,
            crossings=layout.crossings,
            columns=[LayoutColumnOut(kind=c.kind, x=c.x, width=c.width) for c in layout.columns],
            boxes=[
                BoxOut(
                    key=box.key, x=box.x, y=box.y, width=box.width, height=box.height, lines=list(box.lines)
                )
                for box in layout.boxes
            ],
            ways=[
                WayOut(cause=way.cause, effect=way.effect, points=[PointOut(x=x, y=y) for x, y in way.points])
                for way in layout.ways
            ],
        )
