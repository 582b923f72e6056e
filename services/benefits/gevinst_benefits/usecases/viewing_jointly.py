"""The joint portfolio of an organisation and its partners, as far as each has shared it (X4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gevinst_benefits.domain.joint_cases import CaseKey, JointCase, joint_cases
from gevinst_benefits.domain.joint_portfolio import Figures
from gevinst_benefits.store import joint_portfolio, joint_projects
from gevinst_benefits.store.joint_portfolio import Wanted
from gevinst_shared.db.work import Work
from gevinst_shared.values.joint_body import JointBody, JointView, joint_view


@dataclass(frozen=True, slots=True)
class CasePage:
    """General cases in order, what came of each (None while somebody is held) and what our register says of
    it; and the place to go on from."""

    cases: Sequence[tuple[CaseKey, JointCase | None, Mapping[str, Any] | None]]
    bodies: Sequence[JointBody]
    following: tuple[str, str] | None


async def view_jointly(work: Work, wanted: Wanted) -> JointView[Figures]:
    """Every body's line; our own is left out when our projects are not wanted."""
    bodies = await joint_portfolio.list_bodies(work.connection, work.organisation)
    found = await joint_portfolio.figures(work.connection, wanted)
    return joint_view(bodies, found, Figures, with_own=wanted.own)


async def view_cases(work: Work, *, own: bool, after: Sequence[str] | None, limit: int) -> CasePage:
    """The next general cases that anybody has localised, behind the place `after`."""
    bodies = await joint_portfolio.list_bodies(work.connection, work.organisation)
    found = joint_cases(await joint_projects.list_localised(work.connection, own=own))
    is_held = any(body.held for body in bodies)
    keys = sorted((one for one in found if after is None or one.place > tuple(after)), key=_place)
    shown = keys[:limit]
    register = await joint_projects.registered(work.connection, shown)
    return CasePage(
        [(one, None if is_held else found[one], register.get(one)) for one in shown],
        bodies,
        shown[-1].place if len(keys) > limit else None,
    )


def _place(key: CaseKey) -> tuple[str, str]:
    return key.place
