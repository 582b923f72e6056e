"""A tree as text for other programs: Mermaid, and the DOT language of GraphViz."""

from collections.abc import Iterator

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.decimals import decimal_text

_SHAPES = {
    NodeKind.TECHNOLOGY: ("[", "]"),
    NodeKind.CHANGE: ("[", "]"),
    NodeKind.BENEFIT: ("(", ")"),
    NodeKind.END_BENEFIT: ("([", "])"),
    NodeKind.GOAL: ("{{", "}}"),
}
_DOT_SHAPES = {
    NodeKind.TECHNOLOGY: "box",
    NodeKind.CHANGE: "box",
    NodeKind.BENEFIT: "ellipse",
    NodeKind.END_BENEFIT: "ellipse",
    NodeKind.GOAL: "hexagon",
}
# What Mermaid would read as its own, as the entities that it decodes.
_MERMAID = {'"': "#quot;", "#": "#35;", "&": "#amp;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}


def as_mermaid(tree: BenefitTree) -> str:
    """A flowchart from left to right; nodes are n0, n1, … in their order."""
    return "\n".join(["flowchart LR", *_mermaid_lines(tree), ""])


def as_dot(tree: BenefitTree) -> str:
    """A directed graph from left to right, named by the nodes' keys, kinds of one rank together."""
    return "\n".join(["digraph benefits {", "  rankdir=LR;", *_dot_lines(tree), "}", ""])


def _mermaid_lines(tree: BenefitTree) -> Iterator[str]:
    for place, node in enumerate(tree.nodes):
        left, right = _SHAPES[node.kind]
        label = "".join(_MERMAID.get(character, character) for character in node.name)
        yield f'  n{place}{left}"{label}"{right}'
    for edge in tree.edges:
        ends = (tree.place_of[edge.cause], tree.place_of[edge.effect])
        label = "" if edge.share is None else f'|"{decimal_text(edge.share)}"|'
        yield f"  n{ends[0]} -->{label} n{ends[1]}"


def _dot_lines(tree: BenefitTree) -> Iterator[str]:
    for node in tree.nodes:
        style = ", style=dashed" if node.is_disbenefit else ""
        yield f"  {_quoted(node.key)} [label={_quoted(node.name)}, shape={_DOT_SHAPES[node.kind]}{style}];"
    for kind in NodeKind:
        keys = [_quoted(node.key) for node in tree.nodes if node.kind is kind]
        if len(keys) > 1 and not _is_chained(tree, kind):
            yield f"  {{ rank=same; {'; '.join(keys)}; }}"
    for edge in tree.edges:
        label = "" if edge.share is None else f" [label={_quoted(decimal_text(edge.share))}]"
        yield f"  {_quoted(edge.cause)} -> {_quoted(edge.effect)}{label};"


def _is_chained(tree: BenefitTree, kind: NodeKind) -> bool:
    """Whether nodes of the kind lead to each other, and so stand in several columns."""

    def is_within(edge: Edge) -> bool:
        ends: tuple[Node, Node] = (
            tree.nodes[tree.place_of[edge.cause]],
            tree.nodes[tree.place_of[edge.effect]],
        )
        return all(node.kind is kind for node in ends)

    return any(map(is_within, tree.edges))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
