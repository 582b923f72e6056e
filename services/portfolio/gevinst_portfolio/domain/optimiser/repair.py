"""A plan that no longer fits, with what breaks dropped, the rest kept and the freed room filled again."""

from dataclasses import dataclass
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import Rule, Verdict, check_plan
from gevinst_portfolio.domain.optimiser.greedy import (
    before_first,
    best_start,
    densities,
    is_must,
    whole_groups,
)
from gevinst_portfolio.domain.optimiser.problem import Plan, Problem, Project
from gevinst_portfolio.domain.optimiser.room import Room
from gevinst_portfolio.domain.optimiser.windows import Windows, narrow_windows

_SHARES = (Rule.MIN_SHARE, Rule.MAX_SHARE, Rule.MAX_SPEND)


def repaired_plan(problem: Problem, last_plan: Plan) -> dict[str, int] | None:
    """A plan near `last_plan` that keeps every rule, or `None` when repairing ends in one that breaks some.

    A plan that keeps every rule comes back as it is, and an empty one is filled. Else forced projects come
    first, then those of the last plan that can stay where they are, by value density, then those that have to
    move, each to its best start that fits; then the others fill what is left. Projects that the problem no
    longer has are forgotten.
    Where a category's share is broken, those worth least for their cost leave, and where that is not enough,
    projects of a category below its share are taken before others.
    """
    if last_plan and check_plan(problem, last_plan).is_feasible:
        return dict(last_plan)
    windows = narrow_windows(problem)
    repair = _Repair(problem, windows, last_plan, densities(problem))
    plan = repair.filled(frozenset())
    lacking = {v.ids[0] for v in check_plan(problem, plan).violations if v.rule is Rule.MIN_SHARE}
    tried = [repair.mended(plan)]
    if lacking:
        tried.append(repair.mended(repair.filled(frozenset(lacking))))
    found = [plan for plan in tried if plan is not None]
    return max(found, key=lambda plan: check_plan(problem, plan).value, default=None)


@dataclass(frozen=True, slots=True)
class _Repair:
    problem: Problem
    windows: Windows
    last_plan: Plan
    density: dict[str, float]

    def filled(self, lacking: frozenset[str]) -> dict[str, int]:
        """A plan that keeps all rules but perhaps those of shares, with these categories before others."""
        order = before_first(
            self.problem, sorted(self.problem.projects, key=lambda p: self._rank(p, lacking))
        )
        room = Room(self.problem)
        for project in order:
            is_there = self._stay(room, project)
            if not is_there and is_must(project, self.windows):
                self._move(room, project)
        # What a torn group leaves is there for others.
        room = self._room_of(whole_groups(self.problem, room.plan), order)
        for was_in in (True, False):
            for project in order:
                if project.id not in room.plan and (project.id in self.last_plan) is was_in:
                    self._move(room, project)
        return whole_groups(self.problem, room.plan)

    def mended(self, plan: dict[str, int]) -> dict[str, int] | None:
        """The plan with the broken shares mended and filled again; `None` when it cannot be mended so."""
        if check_plan(self.problem, plan).is_feasible:
            return plan
        while (verdict := check_plan(self.problem, plan)).violations:
            out = self._least_worth(plan, verdict)
            if out is None:
                return None
            plan = whole_groups(self.problem, {name: s for name, s in plan.items() if name != out})
        order = self._order(frozenset())
        room = self._room_of(plan, order)
        for project in order:
            if project.id not in room.plan and not room.partners(project):
                self._move(room, project)
        return room.plan if check_plan(self.problem, room.plan).is_feasible else plan

    def _order(self, lacking: frozenset[str]) -> list[Project]:
        ranked = sorted(self.problem.projects, key=lambda p: self._rank(p, lacking))
        return before_first(self.problem, ranked)

    def _rank(self, project: Project, lacking: frozenset[str]) -> tuple[bool, int, bool, bool, bool, float]:
        """Forced projects first, and of those the ones with the fewest starts."""
        is_free = not is_must(project, self.windows)
        starts = 0 if is_free else len(self.windows.starts[project.id])
        frees = any(amount < 0 for profile in project.cost.values() for amount in profile)
        is_new, is_enough = project.id not in self.last_plan, project.category not in lacking
        return is_free, starts, is_enough, is_new, not frees, -self.density[project.id]

    def _room_of(self, plan: Plan, order: list[Project]) -> Room:
        room = Room(self.problem)
        for project in order:
            if project.id in plan:
                room.add(project, plan[project.id])
        return room

    def _stay(self, room: Room, project: Project) -> bool:
        last = self.last_plan.get(project.id)
        if last not in self.windows.starts[project.id] or room.obstacles(project, last):
            return False
        room.add(project, last)
        return True

    def _move(self, room: Room, project: Project) -> None:
        start = best_start(room, project, self.windows)
        if start is not None:
            room.add(project, start)

    def _least_worth(self, plan: Plan, verdict: Verdict) -> str | None:
        """Whose leaving lessens a broken share at the least value for its cost; `None` when nobody's does."""
        broken = {v.ids[0]: v.rule for v in verdict.violations if v.rule in _SHARES}
        if any(violation.rule not in _SHARES for violation in verdict.violations):
            return None
        is_low = {name for name, rule in broken.items() if rule is Rule.MIN_SHARE}
        is_high = set(broken) - is_low
        inside = [p for p in self.problem.projects if p.id in plan and not is_must(p, self.windows)]
        out = [p for p in inside if p.category in is_high or (is_low and p.category not in is_low)]
        costly = [p for p in out if p.whole_cost > 0]
        worth = {p.id: p.value_by_start[plan[p.id]] / Fraction(p.whole_cost) for p in costly}
        return min(worth, key=lambda name: worth[name], default=None)
