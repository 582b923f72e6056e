"""The joint portfolio of an organisation and its partners, as far as each has shared it (X4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gevinst_benefits.domain.charts import joint_potential as potential_chart
from gevinst_benefits.domain.joint_cases import CaseKey, JointCase, joint_cases
from gevinst_benefits.domain.joint_portfolio import Figures
from gevinst_benefits.domain.joint_potential import UnitAsked, joint_potential
from gevinst_benefits.store import joint_portfolio, joint_projects
from gevinst_benefits.store.joint_portfolio import Wanted
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.specification import View
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


async def draw_potential(work: Work, wanted: Wanted, unit: UnitAsked, view: View) -> Chart:
    """The lines of all bodies as a chart; `unit` is what was asked for."""
    found = joint_potential(await view_jointly(work, wanted), unit)
    return potential_chart.chart(await _case_name(work, wanted), found, view)


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


async def _case_name(work: Work, wanted: Wanted) -> str | None:
    """What our register calls the case that was asked for; its id where it is not known, or nobody said whose
    it is: others may have one of the same id."""
    if wanted.case is None:
        return None
    key = CaseKey(wanted.case, wanted.publisher)
    register = await joint_projects.registered(work.connection, [key])
    return str(register[key]["name"]) if key in register else str(wanted.case)


def _place(key: CaseKey) -> tuple[str, str]:
    return key.place
