"""Made-up portfolio problems: tiny ones for brute force, and larger ones in the file format."""

import json
import random
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Category,
    Number,
    Precedence,
    Problem,
    Project,
    Resource,
    possible_starts,
)


def tiny_problem(seed: int, *, decimals: bool = False) -> Problem:
    """Two to five projects over three or four periods, with a random choice of every kind of rule."""
    rng = random.Random(seed)
    periods = rng.randint(3, 4)
    count = rng.randint(2, 5)

    def amount(most: int) -> Number:
        return Fraction(rng.randint(0, most * 100), 100) if decimals else rng.randint(0, most)

    names = [f"p{i}" for i in range(count)]
    projects = tuple(_tiny_project(rng, name, periods, amount) for name in names)
    ordered = [Precedence(*pair, lag=rng.choice((0, 0, 1))) for pair in pairwise(names)]
    return Problem(
        name=f"tiny {seed}",
        periods=periods,
        projects=projects,
        resources=(Resource("people", "people", "role", tuple(amount(7) for _ in range(periods))),),
        budgets=(
            Budget(
                "money",
                "money",
                tuple(amount(8) for _ in range(periods)),
                amount(3),
                rng.choice(list(Carry)),
                amount(3),
                rng.choice((1, 2)),
            ),
        ),
        categories=(
            Category(
                "new",
                "new",
                rng.choice((None, Fraction(1, 5))),
                rng.choice((None, None, Fraction(2, 3))),
                rng.choice((None, None, 9)),
            ),
        ),
        precedence=tuple(rule for rule in ordered if rng.random() < 0.25),
        exclusive=(tuple(rng.sample(names, 2)),) if rng.random() < 0.3 else (),
        all_or_none=(tuple(rng.sample(names, 2)),) if rng.random() < 0.3 else (),
        max_starts=(rng.randint(1, 2),) * periods if rng.random() < 0.3 else (),
        must_finish=rng.random() < 0.8,
    )


def _tiny_project(rng: random.Random, name: str, periods: int, amount: Any) -> Project:
    duration = rng.randint(1, 2)
    last = periods - duration
    return Project(
        id=name,
        name=name,
        duration=duration,
        category=rng.choice((None, "new")),
        earliest=rng.randint(0, 1),
        latest_start=rng.choice((None, None, max(1, last - 1))),
        deadline=rng.choice((None, None, periods)),
        is_mandatory=rng.random() < 0.2,
        fixed_start=rng.choice((None,) * 8 + (1,)) if last >= 1 else None,
        cost={"money": tuple(amount(4) for _ in range(duration))},
        demand={"people": tuple(amount(4) for _ in range(duration))},
        value_by_start=tuple(amount(20) for _ in range(periods)),
    )


def best_by_brute_force(problem: Problem) -> Number | None:
    """The value of the best plan among all there are, `None` when none keeps the rules."""
    choices = [[None, *possible_starts(problem, project)] for project in problem.projects]
    best: Number | None = None
    for starts in product(*choices):
        plan = {p.id: s for p, s in zip(problem.projects, starts, strict=True) if s is not None}
        verdict = check_plan(problem, plan)
        if verdict.is_feasible and (best is None or verdict.value > best):
            best = verdict.value
    return best


def plan_document(seed: int, *, projects: int, periods: int, roles: int, units: int) -> dict[str, Any]:
    """A `gevinst-plan/1` document in which money and people carry about a third of what is proposed.

    Amounts of money are in whole thousands; capacity in whole persons, change load in whole points.
    """
    rng = random.Random(seed)
    shared = [f"role-{i}" for i in range(1, roles + 1)]
    receiving = [f"unit-{i}" for i in range(1, units + 1)]
    items = [_document_project(rng, i, periods, shared, receiving) for i in range(1, projects + 1)]
    ids = [item["id"] for item in items]
    rng.shuffle(ids)
    pairs = [(ids[2 * i], ids[2 * i + 1]) for i in range(projects // 10)]
    return {
        "schema": "gevinst-plan/1",
        "name": f"made-up-{projects}x{periods}x{roles + units}-seed-{seed}",
        "periods": periods,
        "resources": [_capacity(items, name, periods, "role", rng) for name in shared]
        + [_capacity(items, name, periods, "unit", rng) for name in receiving],
        "budgets": [
            {**_inflow(items, "investment", periods), "carry": "pool"},
            {**_inflow(items, "running", periods), "carry": "capped", "carry_cap": 200, "year_length": 4},
        ],
        "categories": [
            {"id": "duty", "name": "Legal duties"},
            {"id": "digital", "name": "Digital services", "min_share": 0.1},
            {"id": "buildings", "name": "Buildings", "max_share": 0.5},
        ],
        "projects": items,
        "precedence": [{"before": a, "after": b, "lag": rng.choice((0, 0, 1))} for a, b in pairs],
        "exclusive": [ids[-3:]],
        "all_or_none": [ids[-5:-3]],
    }


def _document_project(
    rng: random.Random, number: int, periods: int, roles: list[str], units: list[str]
) -> dict[str, Any]:
    duration = rng.randint(2, 5)
    size = rng.lognormvariate(4.0, 0.6)
    worth = size * rng.lognormvariate(1.0, 0.5)

    def spread(total: float) -> list[int]:
        return [max(1, round(total / duration * rng.uniform(0.6, 1.4))) for _ in range(duration)]

    return {
        "id": f"project-{number}",
        "name": f"Project {number}",
        "category": rng.choice(("duty", "digital", "digital", "buildings")),
        "duration": duration,
        "earliest": rng.choice((0, 0, 0, 1, 2)),
        "cost": {"investment": spread(size), "running": spread(size * 0.5)},
        "demand": {name: spread(size / 10) for name in rng.sample(roles, min(2, len(roles)))}
        | {name: [rng.randint(1, 3)] * duration for name in rng.sample(units, 1)},
        "value_by_start": [round(worth * 0.97**s * 10) for s in range(periods - duration + 1)],
    }


def _capacity(
    items: list[dict[str, Any]], name: str, periods: int, kind: str, rng: random.Random
) -> dict[str, Any]:
    needed = sum(sum(item["demand"].get(name, ())) for item in items)
    level = max(4.0, 0.35 * needed / periods)
    capacity = [round(level * rng.uniform(0.9, 1.2)) + 3 for _ in range(periods)]
    return {"id": name, "name": name.replace("-", " ").capitalize(), "kind": kind, "capacity": capacity}


def _inflow(items: list[dict[str, Any]], name: str, periods: int) -> dict[str, Any]:
    yearly = round(0.4 * sum(sum(item["cost"][name]) for item in items) * 4 / periods)
    inflow = [yearly if t % 4 == 0 else 0 for t in range(periods)]
    return {"id": name, "name": f"{name.capitalize()} budget", "inflow": inflow, "initial": 0}


def write_examples(folder: Path) -> None:
    """The two files of `examples/plans`."""
    for file, document in example_documents().items():
        (folder / file).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def example_documents() -> dict[str, dict[str, Any]]:
    """What stands in `examples/plans`, by file name."""
    return {
        "small-municipality.json": plan_document(7, projects=14, periods=8, roles=2, units=2),
        "municipality.json": plan_document(11, projects=40, periods=12, roles=3, units=2),
    }
