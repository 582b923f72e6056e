"""What follows from the rules before anything is solved: who is forced in and which starts remain."""

from collections.abc import Iterable
from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.problem import (
    Number,
    Precedence,
    Problem,
    Project,
    members_by_name,
    possible_starts,
)


@dataclass(frozen=True, slots=True)
class Windows:
    """`starts[id]` are the remaining starts in order, empty when the project is certainly out.

    `must` holds the projects that every plan contains, `must_concepts` the `concept_of` of which every plan
    contains one. No plan is lost by the narrowing.
    """

    starts: dict[str, tuple[int, ...]]
    must: frozenset[str]
    must_concepts: frozenset[str]
    is_contradictory: bool


def narrow_windows(problem: Problem) -> Windows:
    """The windows after the precedence, group, concept and capacity rules have been followed to the end."""
    known = _Known(problem)
    while True:
        before = known.size
        known.follow_concepts()
        known.follow_groups()
        known.follow_precedence()
        _follow_capacity(problem, known.starts, known.must)
        if before == known.size:
            return known.windows()


class _Known:
    """What is known so far, by name: a project's own, or the one that concepts share."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._members = members_by_name(problem)
        self._concepts = {p.concept_of for p in problem.projects if p.concept_of is not None}
        self.starts = {p.id: tuple(possible_starts(problem, p)) for p in problem.projects}
        self.must = {p.forced_name for p in problem.projects if p.forced_name is not None}

    @property
    def size(self) -> tuple[int, int]:
        """Changes with everything that is learnt."""
        return sum(map(len, self.starts.values())), len(self.must)

    def windows(self) -> Windows:
        return Windows(
            starts=self.starts,
            must=frozenset(self.must - self._concepts),
            must_concepts=frozenset(self.must & self._concepts),
            is_contradictory=any(self._is_out(name) for name in self.must),
        )

    def follow_concepts(self) -> None:
        for name in self._concepts:
            concepts = [project.id for project in self._members[name]]
            forced = self.must.intersection(concepts)
            if forced:
                self.must.add(name)
                # Two forced ones empty each other: the contradiction then shows.
                self._leave_out(concepts if len(forced) > 1 else set(concepts) - forced)
            possible = [concept for concept in concepts if self.starts[concept]]
            if name in self.must and len(possible) == 1:
                self.must.update(possible)

    def follow_groups(self) -> None:
        for group in self._problem.all_or_none:
            if self.must.intersection(group):
                self.must.update(group)
            if any(self._is_out(name) for name in group):
                self._leave_out(group)
        for group in self._problem.exclusive:
            forced = self.must.intersection(group)
            if forced:
                self._leave_out(group if len(forced) > 1 else set(group) - forced)

    def follow_precedence(self) -> None:
        for rule in self._problem.precedence:
            if rule.after in self.must:
                self.must.add(rule.before)
            self._wait(rule)
            if rule.after in self.must and not self._is_out(rule.after):
                self._hurry(rule)

    def _is_out(self, name: str) -> bool:
        return not any(self.starts[project.id] for project in self._members[name])

    def _leave_out(self, names: Iterable[str]) -> None:
        for name in names:
            self.starts.update({project.id: () for project in self._members[name]})

    def _wait(self, rule: Precedence) -> None:
        """No start of the second before the first can be over."""
        ends = [self.starts[p.id][0] + p.duration for p in self._members[rule.before] if self.starts[p.id]]
        ready = min(ends) + rule.lag if ends else self._problem.end + 1
        for project in self._members[rule.after]:
            self.starts[project.id] = tuple(s for s in self.starts[project.id] if s >= ready)

    def _hurry(self, rule: Precedence) -> None:
        """No start of the first that is over too late for the second, which is certainly in."""
        last = max(self.starts[p.id][-1] for p in self._members[rule.after] if self.starts[p.id]) - rule.lag
        for project in self._members[rule.before]:
            window = self.starts[project.id]
            self.starts[project.id] = tuple(s for s in window if s + project.duration <= last)


def _follow_capacity(problem: Problem, starts: dict[str, tuple[int, ...]], must: set[str]) -> None:
    """Drop the starts that alone exceed what the projects with a single forced start leave."""
    for resource in problem.resources:
        needs = [(p, p.demand[resource.id]) for p in problem.projects if resource.id in p.demand]
        if any(amount < 0 for _, profile in needs for amount in profile):
            continue  # someone may free people, so nothing is certain
        left = list(resource.capacity)
        settled = {p.id for p, _ in needs if p.id in must and len(starts[p.id]) == 1}
        for project, profile in needs:
            if project.id in settled:
                _take(left, profile, starts[project.id][0])
        if min(left, default=0) < 0:
            starts.update(dict.fromkeys(settled, ()))
            return
        for project, profile in needs:
            if project.id not in settled:
                starts[project.id] = _fitting(starts[project.id], project, profile, left)


def _take(left: list[Number], profile: tuple[Number, ...], start: int) -> None:
    for k, amount in enumerate(profile):
        if start + k < len(left):
            left[start + k] -= amount


def _fitting(
    window: tuple[int, ...], project: Project, profile: tuple[Number, ...], left: list[Number]
) -> tuple[int, ...]:
    return tuple(
        s for s in window if all(s + k >= len(left) or need <= left[s + k] for k, need in enumerate(profile))
    )
