"""Projects that must be finished before others start (P3)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class DependencyCycle(Refusal):
    code = "dependency-cycle"
    title = "The projects would wait for each other"
    detail = "No project in this circle could ever start: {circle}. Take one of the dependencies away."


class OutsidePortfolio(Refusal):
    code = "outside-portfolio"
    title = "Belongs to another portfolio"
    detail = "`{member}` names a record of another portfolio. Choose one of the project's own portfolio."


def find_cycle(
    project_id: UUID, depends_on: Sequence[UUID], waiting: Mapping[UUID, Sequence[UUID]]
) -> tuple[UUID, ...]:
    """The circle that `project_id` would be in if it depended on `depends_on`, itself first and last.

    `waiting[p]` are the projects that `p` depends on now. Empty when there is no circle.
    """
    steps: dict[UUID, UUID] = {}
    unseen = [(project_id, before) for before in depends_on]
    while unseen:
        after, before = unseen.pop()
        if before == project_id:
            return _walked(project_id, after, steps)
        if before not in steps:
            steps[before] = after
            unseen += [(before, further) for further in waiting.get(before, ())]
    return ()


def _walked(project_id: UUID, last: UUID, steps: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    circle = [project_id]
    while last != project_id:
        circle.append(last)
        last = steps[last]
    return (project_id, *reversed(circle))
