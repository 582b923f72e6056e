"""What the optimiser is measured on: made-up portfolios and multidimensional knapsacks, as problem files.

The portfolios are those of `tests.support.plan_cases`. The knapsacks are drawn in the manner of Chu and
Beasley (1998); files of the OR-Library (`mknapcb*.txt`, with best known values in `mkcbres.txt`) and other
`gevinst-plan/1` files are read from a folder when one is given.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.plan_cases import plan_document

Document = dict[str, Any]

# Projects, periods, roles and units of the portfolios; and how time grows with each of the three.
SIZES = ((30, 12, 3, 2), (100, 12, 3, 2), (100, 20, 6, 4), (300, 20, 6, 4), (1000, 20, 6, 4))
GROWTH = ((50, 12, 3, 2), (200, 12, 3, 2), (400, 12, 3, 2), (100, 6, 3, 2), (100, 24, 3, 2), (100, 12, 8, 6))
KNAPSACKS = ((100, 5), (100, 10), (100, 30), (250, 10), (500, 30))
TIGHTNESS = 0.5
# How many of a file of knapsacks are taken: one of each tightness.
PER_FILE = (0, 10, 20)


@dataclass(frozen=True, slots=True)
class Case:
    """One problem; `best_known` is a published value, without a proof."""

    name: str
    document: Document
    best_known: float | None = None


def cases(folder: Path | None, *, is_quick: bool) -> list[Case]:
    """All cases, those of the folder first."""
    if is_quick:
        return [_portfolio(30, 12, 3, 2), _knapsack(50, 5)]
    drawn = [_portfolio(*size) for size in (*SIZES, *GROWTH)] + [_knapsack(*size) for size in KNAPSACKS]
    return [*([] if folder is None else _in_folder(folder)), *drawn]


def knapsack_document(name: str, values: list[int], weights: list[list[int]], room: list[int]) -> Document:
    """Items as projects of one period; `weights[i][j]` of item j against `room[i]`."""
    rows = range(len(room))
    return {
        "schema": "gevinst-plan/1",
        "name": name,
        "periods": 1,
        "resources": [{"id": f"row-{i}", "capacity": [room[i]]} for i in rows],
        "budgets": [],
        "projects": [
            {
                "id": f"item-{j}",
                "duration": 1,
                "demand": {f"row-{i}": [weights[i][j]] for i in rows},
                "value_by_start": [value],
            }
            for j, value in enumerate(values)
        ],
    }


def _portfolio(projects: int, periods: int, roles: int, units: int) -> Case:
    document = plan_document(1, projects=projects, periods=periods, roles=roles, units=units)
    return Case(f"{projects} x {periods} x {roles + units}", document)


def _knapsack(items: int, rows: int) -> Case:
    rng = random.Random(f"{items} x {rows}")
    weights = [[rng.randint(1, 1000) for _ in range(items)] for _ in range(rows)]
    values = [round(sum(row[j] for row in weights) / rows + 500 * rng.random()) for j in range(items)]
    room = [round(TIGHTNESS * sum(row)) for row in weights]
    name = f"knapsack {items} x {rows}"
    return Case(name, knapsack_document(name, values, weights, room))


def _in_folder(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(document, dict) and "value_by_start" in str(document.get("projects", ""))[:100_000]:
            yield Case(path.stem, document)
    for path in sorted(folder.rglob("mknapcb*.txt")):
        yield from _or_library(path)


def _or_library(path: Path) -> Iterator[Case]:
    """One knapsack of each tightness of a file; the format is described at the OR-Library."""
    numbers = iter(int(float(word)) for word in path.read_text(encoding="ascii").split())
    for number in range(next(numbers)):
        items, rows, _ = (next(numbers) for _ in range(3))
        values = [next(numbers) for _ in range(items)]
        weights = [[next(numbers) for _ in range(items)] for _ in range(rows)]
        room = [next(numbers) for _ in range(rows)]
        if number in PER_FILE:
            name = f"{rows}.{items}-{number:02d}"
            best = _best_known(path.parent / "mkcbres.txt").get(name)
            yield Case(name, knapsack_document(name, values, weights, room), best)


def _best_known(path: Path) -> dict[str, float]:
    """The first table of the file of results: name and value, the first thirty lines without a name."""
    best: dict[str, float] = {}
    if not path.exists():
        return best
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split()
        is_value = bool(words) and words[-1].replace(".", "").isdigit()
        if is_value and len(words) == 1 and len(best) < 30:
            best.setdefault(f"5.100-{len(best):02d}", float(words[0]))
        elif is_value and len(words) == 2:
            best.setdefault(words[0], float(words[1]))
    return best
