"""What follows from the rules before anything is solved: who is forced in and which starts remain."""

from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project, possible_starts


@dataclass(frozen=True, slots=True)
class Windows:
    """`starts[id]` are the remaining starts in order, empty when the project is certainly out.

    `must` holds the projects that every plan contains. No plan is lost by the narrowing.
    """

    starts: dict[str, tuple[int, ...]]
    must: frozenset[str]

    @property
    def is_contradictory(self) -> bool:
        return any(not self.starts[name] for name in self.must)


def narrow_windows(problem: Problem) -> Windows:
    """The windows after the precedence, group and capacity rules have been followed to the end."""
    starts = {p.id: tuple(possible_starts(problem, p)) for p in problem.projects}
    must = {p.id for p in problem.projects if p.is_forced}
    while True:
        before = ({name: len(window) for name, window in starts.items()}, len(must))
        _follow_groups(problem, starts, must)
        _follow_precedence(problem, starts, must)
        _follow_capacity(problem, starts, must)
        if before == ({name: len(window) for name, window in starts.items()}, len(must)):
            return Windows(starts, frozenset(must))


def _follow_groups(problem: Problem, starts: dict[str, tuple[int, ...]], must: set[str]) -> None:
    for group in problem.all_or_none:
        if must.intersection(group):
            must.update(group)
        if any(not starts[name] for name in group):
            starts.update(dict.fromkeys(group, ()))
    for group in problem.exclusive:
        forced = must.intersection(group)
        if forced:
            # Two forced ones empty each other: the contradiction then shows.
            out = set(group) if len(forced) > 1 else set(group) - forced
            starts.update(dict.fromkeys(out, ()))


def _follow_precedence(problem: Problem, starts: dict[str, tuple[int, ...]], must: set[str]) -> None:
    durations = {project.id: project.duration for project in problem.projects}
    for rule in problem.precedence:
        if rule.after in must:
            must.add(rule.before)
        first, second = starts[rule.before], starts[rule.after]
        ready = first[0] + durations[rule.before] + rule.lag if first else problem.end + 1
        starts[rule.after] = tuple(s for s in second if s >= ready)
        if rule.after in must and starts[rule.after]:
            last = starts[rule.after][-1] - durations[rule.before] - rule.lag
            starts[rule.before] = tuple(s for s in first if s <= last)


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
