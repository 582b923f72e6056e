"""A layout as an accessible SVG: a title, a description in numbers, a text for each node, legible in grey.

No script, no style sheet, no address: it stands under a policy that allows none of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from gevinst_benefits.domain.benefit_tree.checks import TreeFinding, counts_against
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.tree_picture.labels import text_width
from gevinst_benefits.domain.tree_picture.layout import (
    LINE_HEIGHT,
    PADDING,
    TEXT_SIZE,
    Box,
    Column,
    Layout,
    Point,
    Way,
)

MARGIN, HEAD = 24.0, 58.0
# Faces of the widths that the layout counts with.
_FONT = "Arial, 'Liberation Sans', Helvetica, 'Helvetica Neue', sans-serif"
_INK, _LINE, _BACK_LINE, _AGAINST = "#1b2733", "#5b6b7a", "#9a3412", "#8a1c1c"
_TITLE_LOOK = f'font-size="15" font-weight="600" fill="{_INK}"'
_SMALL = 11.0
_RUN_IN = 40.0


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says beside the names of nodes, in the reader's language.

    `kinds` head the columns. `described` takes {nodes}, {edges}, {kinds} and {findings}; `counted` takes
    {count} and {kind}.
    """

    language: str
    title: str
    kinds: Mapping[NodeKind, str]
    described: str
    counted: str
    disbenefit: str
    percent: str


@dataclass(frozen=True, slots=True)
class _Look:
    """A kind's box: from light to dark from left to right, so that grey tells the kinds apart too."""

    fill: str
    stroke: str
    corner: float


_LOOKS = {
    NodeKind.TECHNOLOGY: _Look("#ffffff", "#52616f", 2),
    NodeKind.CHANGE: _Look("#fdf3dc", "#8a6d1f", 2),
    NodeKind.BENEFIT: _Look("#dcefe3", "#2c6e4a", 10),
    NodeKind.END_BENEFIT: _Look("#bfe0cd", "#1f5638", 10),
    NodeKind.GOAL: _Look("#c3d3ea", "#234a80", 16),
}


def tree_svg(
    tree: BenefitTree,
    layout: Layout,
    words: Words,
    findings: Sequence[TreeFinding],
    said: Mapping[int, str],
) -> str:
    """The picture; `said[i]` is the sentence of `findings[i]`."""
    width, height = layout.width + 2 * MARGIN, layout.height + HEAD + MARGIN
    size = f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
    face = f'font-family="{_FONT}" font-size="{_n(TEXT_SIZE)}"'
    named = f'role="img" aria-labelledby="title desc" xml:lang="{words.language}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {named} {size} {face}>',
        f'<title id="title">{escape(words.title)}</title>',
        f'<desc id="desc">{escape(_description(tree, words, findings, said))}</desc>',
        f"<defs>{_arrow('arrow', _LINE)}{_arrow('back', _BACK_LINE)}{_arrow('against', _AGAINST)}</defs>",
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
        f'<text x="{_n(MARGIN)}" y="22" {_TITLE_LOOK}>{escape(words.title)}</text>',
        f'<g transform="translate({_n(MARGIN)} {_n(HEAD)})">',
        *_heads(layout.columns, words),
        *_ways(tree, layout.ways),
        *_boxes(tree, layout.boxes, words, findings, said),
        *_shares(tree, layout.ways, words),
        "</g></svg>\n",
    ]
    return "\n".join(parts)


def _description(
    tree: BenefitTree, words: Words, findings: Sequence[TreeFinding], said: Mapping[int, str]
) -> str:
    """What the picture shows, in numbers, and what does not hold."""
    counts = {kind: sum(node.kind is kind for node in tree.nodes) for kind in NodeKind}
    kinds = ", ".join(
        words.counted.format(kind=words.kinds[kind], count=count) for kind, count in counts.items() if count
    )
    sentence = words.described.format(
        nodes=len(tree.nodes), edges=len(tree.edges), kinds=kinds or "–", findings=len(findings)
    )
    return " ".join([sentence, *(said[number] for number in range(min(len(findings), 20)))])


def _arrow(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 8 4 0 7.5z" fill="{colour}"/></marker>'
    )


def _heads(columns: Sequence[Column], words: Words) -> Iterator[str]:
    """The kind over its first column, and a line over all columns of it."""
    starts = [n for n, column in enumerate(columns) if n == 0 or columns[n - 1].kind is not column.kind]
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        x, last = columns[start].x, columns[end - 1]
        right = last.x + last.width
        stroke = _LOOKS[columns[start].kind].stroke
        yield (
            f'<path d="M{_n(x)} -10H{_n(right)}" stroke="{stroke}" stroke-width="2"/>'
            f'<text x="{_n(x)}" y="-16" font-size="{_n(_SMALL + 1)}" font-weight="600" fill="{stroke}">'
            f"{escape(words.kinds[columns[start].kind])}</text>"
        )


def _ways(tree: BenefitTree, ways: Sequence[Way]) -> Iterator[str]:
    for edge, way in zip(tree.edges, ways, strict=True):
        if not way.points:
            continue
        cause = tree.nodes[tree.place_of[edge.cause]]
        colour, mark, dashes = _LINE, "arrow", ""
        if way.points[0][0] > way.points[-1][0]:
            colour, mark, dashes = _BACK_LINE, "back", ' stroke-dasharray="6 4"'
        elif cause.is_disbenefit:
            colour, mark, dashes = _AGAINST, "against", ' stroke-dasharray="2 3"'
        yield (
            f'<path d="{_curve(_with_run_in(edge, way.points))}" fill="none" stroke="{colour}" '
            f'stroke-width="{_n(_thickness(edge))}"{dashes} marker-end="url(#{mark})"/>'
        )


def _thickness(edge: Edge) -> float:
    """The more a cause brings, the thicker; unknown is thin, and so is little."""
    return 1.2 if edge.share is None else 1.2 + 2.3 * float(edge.share)


def _with_run_in(edge: Edge, points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A line with a share arrives level, so that the share has room above it."""
    *way, (x, y) = points
    if edge.share is None:
        return points
    step = -_RUN_IN if way[-1][0] < x else _RUN_IN
    return (*way, (x + step, y), (x, y))


def _curve(points: Sequence[Point]) -> str:
    """Level past the columns, and a curve that begins and ends level between them."""
    (x, y), *rest = points
    parts = [f"M{_n(x)} {_n(y)}"]
    is_between = True
    for to_x, to_y in rest:
        if not is_between or abs(to_y - y) < 0.05:
            parts.append(f"L{_n(to_x)} {_n(to_y)}")
        else:
            middle = (x + to_x) / 2
            parts.append(f"C{_n(middle)} {_n(y)} {_n(middle)} {_n(to_y)} {_n(to_x)} {_n(to_y)}")
        x, y, is_between = to_x, to_y, not is_between
    return "".join(parts)


def _boxes(
    tree: BenefitTree,
    boxes: Sequence[Box],
    words: Words,
    findings: Sequence[TreeFinding],
    said: Mapping[int, str],
) -> Iterator[str]:
    wrong: dict[str, list[str]] = {}
    for number, finding in enumerate(findings):
        for key in finding.keys:
            wrong.setdefault(key, []).append(said[number])
    for node, box in zip(tree.nodes, boxes, strict=True):
        sentences = wrong.get(node.key, [])
        yield f"<g>{_node_title(node, words, sentences)}{_frame(node, box)}{_label(box)}"
        if sentences:
            yield _badge(box)
        yield "</g>"


def _node_title(node: Node, words: Words, sentences: Sequence[str]) -> str:
    kind = words.kinds[node.kind]
    against = f" ({words.disbenefit})" if node.is_disbenefit else ""
    return f"<title>{escape(' '.join([f'{kind}{against}: {node.name}.', *sentences]))}</title>"


def _frame(node: Node, box: Box) -> str:
    look = _LOOKS[node.kind]
    fill, stroke, dashes = look.fill, look.stroke, ""
    if node.is_disbenefit:
        fill, stroke, dashes = "#fbe4e1", _AGAINST, ' stroke-dasharray="5 3"'
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" '
        f'rx="{_n(look.corner)}" fill="{fill}" stroke="{stroke}" stroke-width="1.4"{dashes}/>'
    )


def _label(box: Box) -> str:
    x, first = box.x + PADDING, box.y + (box.height - len(box.lines) * LINE_HEIGHT) / 2 + LINE_HEIGHT * 0.75
    lines = "".join(
        f"<tspan x={quoteattr(_n(x))} y={quoteattr(_n(first + number * LINE_HEIGHT))}>{escape(line)}</tspan>"
        for number, line in enumerate(box.lines)
    )
    return f'<text fill="{_INK}">{lines}</text>'


def _badge(box: Box) -> str:
    """Something does not hold here; what, stands in the node's title and in the description."""
    x, y = box.x + box.width - 7, box.y - 7
    return (
        f'<path d="M{_n(x)} {_n(y)}l8 14h-16z" fill="#ffffff" stroke="{_BACK_LINE}" stroke-width="1.4"/>'
        f'<text x="{_n(x)}" y="{_n(y + 12)}" font-size="10" font-weight="700" text-anchor="middle" '
        f'fill="{_BACK_LINE}">!</text>'
    )


def _shares(tree: BenefitTree, ways: Sequence[Way], words: Words) -> Iterator[str]:
    """Shares stand where their edge arrives, over the line."""
    for edge, way in zip(tree.edges, ways, strict=True):
        if edge.share is None or not way.points:
            continue
        (before_x, _), (x, y) = way.points[-2:]
        sign = "−" if counts_against(tree, edge) and edge.share else ""
        text = words.percent.format(percent=sign + _percent(edge.share))
        is_leftward = before_x > x
        at = x + 12 if is_leftward else x - 12 - text_width(text, _SMALL)
        yield (
            f'<text x="{_n(at)}" y="{_n(y - 4)}" font-size="{_n(_SMALL)}" fill="{_INK}" stroke="#ffffff" '
            f'stroke-width="3" paint-order="stroke" stroke-linejoin="round">{escape(text)}</text>'
        )


def _percent(share: Decimal) -> str:
    return f"{share * 100:.4f}".rstrip("0").rstrip(".")


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
