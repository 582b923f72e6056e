"""The benefit tree: technology → change → benefit → goal, laid out by the domain's own layers (B3, B4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gevinst_benefits.domain.benefit_tree.checks import counts_against
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.tree_picture.layout import PADDING, Box, Layout, Way
from gevinst_benefits.domain.tree_picture.lines import curve, thickness, with_run_in
from gevinst_shared.charts.chart import Branch, Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import SMALL, TEXT_SIZE, Json, View, mixed, vega
from gevinst_shared.charts.themes import Scheme
from gevinst_shared.charts.words import Words

NAME = "benefit-tree"
_HEAD = 34.0
# Of a percent: as many as a share has.
_PLACES = 4
_CORNERS = {NodeKind.BENEFIT: 10, NodeKind.END_BENEFIT: 10, NodeKind.GOAL: 16}


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, in a sentence, and with which nodes, by key."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tree with its layout and what does not hold in it; `heading` is the code of its title."""

    tree: BenefitTree
    layout: Layout
    problems: Sequence[Problem] = ()
    heading: str = "title"


def chart(name: str, drawn: Drawn, view: View) -> Chart:
    """The chart; it is as wide as its columns, whatever the view's width."""
    words, tree = view.words, drawn.tree
    title = words.say(f"{NAME}.{drawn.heading}", name=name)
    if not tree.nodes:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty"))
    message, notes = _message(tree, words), _notes(drawn, words)
    size = drawn.layout.width, drawn.layout.height + _HEAD
    wide = View(words, view.theme, view.is_dark, max(int(size[0]) + 32, 360))
    specification = vega(wide, title, [message, *notes], size=size)
    specification |= {"data": _data(drawn, view), "marks": _marks(view.scheme)}
    return Chart(
        name=NAME,
        language=words.language,
        title=title,
        description=message,
        grammar=Grammar.VEGA,
        specification=specification,
        tables=(_table(title, tree, words),),
        notes=[*notes, *(one.text for one in drawn.problems)],
        outline=_outline(tree, words),
    )


def _message(tree: BenefitTree, words: Words) -> str:
    counts = Counter(node.kind for node in tree.nodes)
    kinds = ", ".join(
        words.say(f"{NAME}.counted", kind=words.say(f"{NAME}.{kind}").lower(), count=counts[kind])
        for kind in NodeKind
        if counts[kind]
    )
    unknown = sum(1 for edge in tree.edges if edge.share is None)
    return words.say(f"{NAME}.message", kinds=kinds, edges=len(tree.edges), unknown=unknown)


def _notes(drawn: Drawn, words: Words) -> list[str]:
    count = len(drawn.problems)
    return [words.say(f"{NAME}.findings", count=count)] if count else []


def _data(drawn: Drawn, view: View) -> list[Json]:
    tree, scheme, words = drawn.tree, view.scheme, view.words
    wrong = _wrong(drawn.problems)
    nodes = [
        _node(node, box, scheme) | {"said": _said(node, wrong.get(node.key, ()), words)}
        for node, box in zip(tree.nodes, drawn.layout.boxes, strict=True)
    ]
    badges = [_badge(box) for box in drawn.layout.boxes if box.key in wrong]
    drawable = [(e, way) for e, way in zip(tree.edges, drawn.layout.ways, strict=True) if way.points]
    edges = [_edge(tree, edge, way, view) for edge, way in drawable]
    columns = [
        {"x": one.x, "text": words.say(f"{NAME}.{one.kind}")}
        for place, one in enumerate(drawn.layout.columns)
        if place == 0 or drawn.layout.columns[place - 1].kind is not one.kind
    ]
    return [
        {"name": "columns", "values": columns},
        {"name": "edges", "values": edges},
        {"name": "nodes", "values": nodes},
        {"name": "problems", "values": badges},
    ]


def _wrong(problems: Sequence[Problem]) -> Mapping[str, list[str]]:
    """The sentences that name a node, by its key."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        for key in dict.fromkeys(problem.keys):
            found.setdefault(key, []).append(problem.text)
    return found


def _said(node: Node, sentences: Sequence[str], words: Words) -> str:
    """What a reader who points at the node is told."""
    kind = words.say(f"{NAME}.{node.kind}")
    return " ".join([f"{kind}: {_named(node, words)}.", *sentences])


def _named(node: Node, words: Words) -> str:
    return words.say(f"{NAME}.disbenefit", name=node.name) if node.is_disbenefit else node.name


def _badge(box: Box) -> Json:
    """Where a warning stands: on the corner of its box."""
    return {"key": box.key, "x": box.x + box.width - 9, "y": box.y + _HEAD}


def _node(node: Node, box: Box, scheme: Scheme) -> Json:
    fill, stroke = _look(node, scheme)
    return {
        "key": node.key,
        "kind": node.kind.value,
        "name": node.name,
        "is_disbenefit": node.is_disbenefit,
        "x": box.x,
        "y": box.y + _HEAD,
        "width": box.width,
        "height": box.height,
        "lines": list(box.lines),
        "fill": fill,
        "stroke": stroke,
        "corner": _CORNERS.get(node.kind, 2),
        "dash": [5, 3] if node.is_disbenefit else [],
    }


def _look(node: Node, scheme: Scheme) -> tuple[str, str]:
    """From pale to strong from left to right, so that grey tells the kinds apart too."""
    if node.is_disbenefit:
        return mixed(scheme.bad, scheme.surface, 0.13), scheme.bad
    match node.kind:
        case NodeKind.TECHNOLOGY:
            return scheme.surface, scheme.muted
        case NodeKind.CHANGE:
            return mixed(scheme.colour(1), scheme.surface, 0.12), scheme.colour(1)
        case NodeKind.BENEFIT:
            return mixed(scheme.good, scheme.surface, 0.16), scheme.good
        case NodeKind.END_BENEFIT:
            return mixed(scheme.good, scheme.surface, 0.28), scheme.good
        case NodeKind.GOAL:
            return mixed(scheme.colour(0), scheme.surface, 0.3), scheme.colour(0)


def _edge(tree: BenefitTree, edge: Edge, way: Way, view: View) -> Json:
    points = [(x, y + _HEAD) for x, y in with_run_in(edge, way.points)]
    (before, _), (x, y) = points[-2:]
    is_back = before > x
    is_against = tree.nodes[tree.place_of[edge.cause]].is_disbenefit
    said = {} if edge.share is None else {"share": float(edge.share), "text": _share(tree, edge, view.words)}
    scheme = view.scheme
    return {
        "cause": edge.cause,
        "effect": edge.effect,
        **said,
        # The line ends where its head begins.
        "path": curve([*points[:-1], (x + (7 if is_back else -7), y)]),
        "x": x + (4 if is_back else -4),
        "y": y,
        "textX": x + (14 if is_back else -12),
        "align": "left" if is_back else "right",
        "angle": -90 if is_back else 90,
        "width": thickness(edge),
        "colour": scheme.bad if is_against or is_back else scheme.muted,
        "dash": [6, 4] if is_back else [2, 3] if is_against else [],
    }


def _share(tree: BenefitTree, edge: Edge, words: Words) -> str:
    assert edge.share is not None
    is_against = counts_against(tree, edge) and edge.share
    return words.percent(-edge.share if is_against else edge.share, places=_PLACES)


def _marks(scheme: Scheme) -> list[Json]:
    return [
        _mark("text", "columns", x="x", y=14, text="text", fontWeight=600, fontSize=SMALL, fill=scheme.muted),
        _mark("path", "edges", path="path", stroke="colour", strokeWidth="width", strokeDash="dash"),
        _mark("symbol", "edges", x="x", y="y", angle="angle", fill="colour", shape="triangle-up", size=55),
        _mark(
            "rect",
            "nodes",
            **{name: name for name in ("x", "y", "width", "height", "fill", "stroke")},
            cornerRadius="corner",
            strokeDash="dash",
            strokeWidth=1.4,
        ),
        {
            "type": "text",
            "from": {"data": "nodes"},
            "encode": {
                "enter": {
                    "x": {"field": "x", "offset": PADDING},
                    "y": {"signal": "datum.y + datum.height / 2"},
                    "text": {"field": "lines"},
                    "lineHeight": {"value": 17},
                    "baseline": {"value": "line-top"},
                    "dy": {"signal": "-17 * length(datum.lines) / 2"},
                    "fontSize": {"value": TEXT_SIZE},
                    "fill": {"value": scheme.text},
                }
            },
        },
        # Twice: a share must be legible over the lines of others.
        *(_shares(scheme, is_halo=is_halo) for is_halo in (True, False)),
        *_badges(scheme),
        _titles(),
    ]


def _badges(scheme: Scheme) -> list[Json]:
    """Something does not hold here; what, stands in the node's title and in the notes."""
    triangle: Json = {
        "x": {"field": "x"},
        "y": {"field": "y"},
        "shape": {"value": "M-0.9,0.75L0,-0.95L0.9,0.75Z"},
        "size": {"value": 290},
        "fill": {"value": scheme.surface},
        "stroke": {"value": scheme.bad},
        "strokeWidth": {"value": 1.4},
    }
    return [
        {"type": "symbol", "from": {"data": "problems"}, "encode": {"enter": triangle}},
        {
            "type": "text",
            "from": {"data": "problems"},
            "encode": {
                "enter": {
                    "x": {"field": "x"},
                    "y": {"field": "y"},
                    "dy": {"value": 5},
                    "text": {"value": "!"},
                    "align": {"value": "center"},
                    "fontSize": {"value": 10},
                    "fontWeight": {"value": 700},
                    "fill": {"value": scheme.bad},
                }
            },
        },
    ]


def _titles() -> Json:
    """Over everything: whoever points at a node is told what it is, and what does not hold about it."""
    place = {name: {"field": name} for name in ("x", "y", "width", "height")}
    told = {"description": {"field": "said"}, "tooltip": {"field": "said"}}
    clear = {"fill": {"value": "transparent"}}
    return {
        "type": "rect",
        "aria": True,
        "from": {"data": "nodes"},
        "encode": {"enter": place | told | clear},
    }


def _shares(scheme: Scheme, *, is_halo: bool) -> Json:
    colour = {"stroke": scheme.surface, "strokeWidth": 3} if is_halo else {"fill": scheme.text}
    return _mark("text", "edges", x="textX", y="y", dy=-3, align="align", text="text", fontSize=10, **colour)


def _mark(kind: str, data: str, **channels: str | float) -> Json:
    """A mark whose channels are fields of its data, or values where no such field can be meant."""
    fields = {"x", "y", "text", "path", "colour", "width", "height", "dash", "angle", "corner"}
    fields |= {"fill", "stroke", "textX", "align"}
    encoded = {
        name: {"field": value} if isinstance(value, str) and value in fields else {"value": value}
        for name, value in channels.items()
    }
    return {"type": kind, "from": {"data": data}, "encode": {"enter": encoded}}


def _table(title: str, tree: BenefitTree, words: Words) -> Table:
    names = {node.key: node.name for node in tree.nodes}
    rows = tuple(
        (
            names[edge.cause],
            names[edge.effect],
            words.say("missing") if edge.share is None else _share(tree, edge, words),
        )
        for edge in tree.edges
    )
    columns = tuple(words.say(f"{NAME}.{column}") for column in ("cause", "effect", "share"))
    return Table(title, columns, rows, numeric=frozenset({2}))


def _outline(tree: BenefitTree, words: Words) -> tuple[Branch, ...]:
    """Kind by kind, each node with what it leads to."""
    by_kind: Mapping[NodeKind, list[Branch]] = {kind: [] for kind in NodeKind}
    for node, effects in zip(tree.nodes, tree.effects, strict=True):
        leads = tuple(Branch(words.say(f"{NAME}.leads", name=tree.nodes[at].name)) for at in effects)
        by_kind[node.kind].append(Branch(_named(node, words), leads))
    return tuple(
        Branch(words.say(f"{NAME}.{kind}"), tuple(found)) for kind, found in by_kind.items() if found
    )
