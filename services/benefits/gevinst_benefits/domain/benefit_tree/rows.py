"""A tree as a table to fill in, a node a row, and back, with what is wrong by its cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.drafts import NodeDraft, TreeDraft
from gevinst_benefits.domain.benefit_tree.tree import BENEFITS, MOST_EDGES, MOST_NODES, Edge, NodeKind
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_shared.sheets.reading import CellValue, Table

COLUMNS = (
    "key",
    "kind",
    "name",
    "description",
    "is_disbenefit",
    "receiving_unit",
    "benefit_id",
    "goal_id",
    "leads_to",
)
_NEEDED = ("key", "kind")
LONGEST_NAME, LONGEST_DESCRIPTION = 200, 1000
MOST_FAULTS = 500
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_STEP = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,39})(?:\s*=\s*([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*(%?))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FLAGS = {"": False, "false": False, "0": False, "true": True, "1": True}


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell, such as C7; `code` names its sentence, `value` is what stands there."""

    cell: str
    code: str
    value: str


@dataclass(slots=True)
class TreeReading:
    """What a file says: a tree to be put in place, or the faults for which it cannot be."""

    draft: TreeDraft
    faults: list[CellFault] = field(default_factory=list)


def tree_rows(draft: TreeDraft, units: Mapping[UUID, str]) -> list[list[str]]:
    """The tree as rows under `COLUMNS`; units by name where the name tells them apart."""
    steps: dict[str, list[str]] = {}
    for edge in draft.edges:
        share = "" if edge.share is None else f"={decimal_text(edge.share)}"
        steps.setdefault(edge.cause, []).append(edge.effect + share)
    names = list(units.values())
    return [
        [
            node.key,
            node.kind.value,
            node.name or "",
            node.description or "",
            "TRUE" if node.is_disbenefit else "",
            _unit_text(node.receiving_unit_id, units, names),
            str(node.benefit_id or ""),
            str(node.goal_id or ""),
            "; ".join(steps.get(node.key, [])),
        ]
        for node in draft.nodes
    ]


def read_tree(table: Table, units: Mapping[UUID, str]) -> TreeReading:
    """The tree of a table whose first row names its columns, in any order; others are left aside."""
    head = [_text(cell).casefold() for cell in table.rows[0]] if table.rows else []
    missing = [name for name in _NEEDED if name not in head]
    reading = TreeReading(TreeDraft([], []))
    if missing:
        reading.faults.append(CellFault("A1", "cell-columns", ", ".join(missing)))
        return reading
    reader = _Reader({name: head.index(name) for name in COLUMNS if name in head}, units)
    nodes = []
    for number, row in enumerate(table.rows[1:], start=2):
        if any(_text(cell) for cell in row):
            nodes.append(reader.node(number, row))
    reader.refuse_many(len(nodes))
    edges = list(reader.edges())
    return TreeReading(TreeDraft(nodes, edges), reader.faults[:MOST_FAULTS])


class _Reader:
    """Reads row by row and remembers faults, and the edges until all keys are known."""

    def __init__(self, columns: Mapping[str, int], units: Mapping[UUID, str]) -> None:
        self.faults: list[CellFault] = []
        self._columns = columns
        self._units = units
        self._steps: list[tuple[int, str, str]] = []
        self._keys: set[str] = set()

    def node(self, number: int, row: Sequence[CellValue]) -> NodeDraft:
        said = {name: _text(row[place]) for name, place in self._columns.items()}
        key, kind = self._key(number, said["key"]), self._kind(number, said["kind"])
        self._steps.append((number, key, said.get("leads_to", "")))
        node = NodeDraft(
            key=key,
            kind=kind,
            name=self._prose(number, "name", said, LONGEST_NAME),
            description=self._prose(number, "description", said, LONGEST_DESCRIPTION),
            is_disbenefit=self._flag(number, said.get("is_disbenefit", "")),
            receiving_unit_id=self._unit(number, said.get("receiving_unit", "")),
            benefit_id=self._id(number, "benefit_id", said),
            goal_id=self._id(number, "goal_id", said),
        )
        self._refuse_odd(number, node)
        return node

    def edges(self) -> Iterator[Edge]:
        count = 0
        for number, cause, text in self._steps:
            named: set[str] = set()
            for piece in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
                edge = self._edge(number, cause, piece)
                if edge is not None and edge.effect in named:
                    self._fault(number, "leads_to", "cell-edge-twice", edge.effect)
                elif edge is not None:
                    named.add(edge.effect)
                    count += 1
                    yield edge
        if count > MOST_EDGES:
            self.faults.append(CellFault("A1", "cell-most", str(MOST_EDGES)))

    def refuse_many(self, count: int) -> None:
        if count > MOST_NODES:
            self.faults.append(CellFault("A1", "cell-most", str(MOST_NODES)))

    def _edge(self, number: int, cause: str, piece: str) -> Edge | None:
        found = _STEP.fullmatch(piece)
        if found is None:
            self._fault(number, "leads_to", "cell-edge", piece)
            return None
        if found[1] not in self._keys:
            self._fault(number, "leads_to", "cell-nowhere", found[1])
            return None
        share = None if found[2] is None else Decimal(found[2].replace(",", "."))
        if share is not None and found[3]:
            share /= 100
        if share is not None and (share > 1 or share != round(share, 6)):
            self._fault(number, "leads_to", "cell-share", f"{found[2]}{found[3]}")
            return None
        return Edge(cause, found[1], share)

    def _key(self, number: int, text: str) -> str:
        if not _KEY.fullmatch(text):
            self._fault(number, "key", "cell-key", text)
        elif text in self._keys:
            self._fault(number, "key", "cell-key-twice", text)
        self._keys.add(text)
        return text

    def _kind(self, number: int, text: str) -> NodeKind:
        try:
            return NodeKind(text.casefold())
        except ValueError:
            self._fault(number, "kind", "cell-kind", text)
            return NodeKind.TECHNOLOGY

    def _prose(self, number: int, column: str, said: Mapping[str, str], longest: int) -> str | None:
        text = unicodedata.normalize("NFC", said.get(column, ""))
        is_one_line = column != "name" or not re.search(r"[\t\r\n]", text)
        if len(text) > longest or _CONTROL.search(text) or not is_one_line:
            self._fault(number, column, f"cell-{column}", text)
        return text or None

    def _flag(self, number: int, text: str) -> bool:
        if text.casefold() not in _FLAGS:
            self._fault(number, "is_disbenefit", "cell-flag", text)
        return _FLAGS.get(text.casefold(), False)

    def _id(self, number: int, column: str, said: Mapping[str, str]) -> UUID | None:
        text = said.get(column, "")
        try:
            return UUID(text) if text else None
        except ValueError:
            self._fault(number, column, "cell-id", text)
            return None

    def _unit(self, number: int, text: str) -> UUID | None:
        if not text:
            return None
        found = [one for one, name in self._units.items() if text in (name, str(one))]
        if len(found) != 1:
            self._fault(number, "receiving_unit", "cell-unit", text)
            return None
        return found[0]

    def _refuse_odd(self, number: int, node: NodeDraft) -> None:
        is_benefit, is_goal = node.kind in BENEFITS, node.kind is NodeKind.GOAL
        odd = {
            "is_disbenefit": node.is_disbenefit and not is_benefit,
            "benefit_id": node.benefit_id is not None and not is_benefit,
            "goal_id": node.goal_id is not None and not is_goal,
            "receiving_unit": node.receiving_unit_id is not None and node.kind is not NodeKind.CHANGE,
        }
        for column, is_odd in odd.items():
            if is_odd:
                self._fault(number, column, "cell-odd", column)
        if not (node.name or node.benefit_id or node.goal_id):
            self._fault(number, "name", "cell-name", "")

    def _fault(self, number: int, column: str, code: str, value: str) -> None:
        place = self._columns.get(column, self._columns["key"])
        shown = _CONTROL.sub("\ufffd", value)[:100]
        self.faults.append(CellFault(f"{_letters(place)}{number}", code, shown))


def _letters(place: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _text(cell: CellValue) -> str:
    """What stands in a cell, as it would be typed; an apostrophe that only sets text off is none of it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case _:
            text = str(cell).strip()
            return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _unit_text(unit_id: UUID | None, units: Mapping[UUID, str], names: Sequence[str]) -> str:
    if unit_id is None:
        return ""
    name = units.get(unit_id, "")
    return name if names.count(name) == 1 else str(unit_id)
