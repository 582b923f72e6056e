"""The joint portfolio of an organisation and its partners, as far as each has shared it (X4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gevinst_portfolio.domain.joint_portfolio import Figures, Shown, together
from gevinst_portfolio.store import joint_portfolio
from gevinst_portfolio.store.joint_portfolio import Wanted
from gevinst_shared.db.work import Work
from gevinst_shared.values.joint_body import JointBody, in_order


@dataclass(frozen=True, slots=True)
class Line:
    """A body, and what its projects come to; None while it is held."""

    body: JointBody
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class JointView:
    """All bodies' lines. No total may be given while a line is held."""

    lines: Sequence[Line]

    @property
    def bodies(self) -> list[JointBody]:
        return [line.body for line in self.lines]

    @property
    def own(self) -> Figures | None:
        return next((line.figures for line in self.lines if line.body.is_own), None)

    @property
    def total(self) -> Figures | None:
        known = [line.figures for line in self.lines if line.figures is not None]
        return together(known) if len(known) == len(self.lines) else None

    @property
    def sharing(self) -> int:
        """How many partners share something that is asked for, or may be."""
        return sum(_has_any(line) for line in self.lines if not line.body.is_own)


async def view_jointly(work: Work, wanted: Wanted) -> JointView:
    """Every body's line: our own is left out when our projects are not wanted."""
    bodies = await joint_portfolio.list_bodies(work.connection, work.organisation)
    found = await joint_portfolio.figures(work.connection, wanted)
    taking_part = [body for body in bodies if wanted.own or not body.is_own]
    return JointView(
        [Line(body, None if body.held else found.get(body.partner_id, Figures())) for body in taking_part]
    )


def lines_from(
    view: JointView, *, after: Sequence[str] | None, missing: Shown | None, limit: int
) -> tuple[list[Line], bool]:
    """The next lines behind `after`, only of bodies that have told `missing` of none of their projects if
    that is asked; and whether there are more."""
    by_place = {line.body.place: line for line in view.lines}
    placed = [by_place[body.place] for body in in_order(view.bodies, after=after)]
    if missing is not None:
        placed = [line for line in placed if line.figures is not None and missing in line.figures.silent]
    return placed[:limit], len(placed) > limit


def _has_any(line: Line) -> bool:
    return line.figures is None or bool(line.figures.projects or line.figures.undecided)
