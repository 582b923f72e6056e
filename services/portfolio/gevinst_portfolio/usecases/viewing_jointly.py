"""The joint portfolio of an organisation and its partners, as far as each has shared it (X4)."""

from gevinst_portfolio.domain.joint_portfolio import Figures
from gevinst_portfolio.store import joint_portfolio
from gevinst_portfolio.store.joint_portfolio import Wanted
from gevinst_shared.db.work import Work
from gevinst_shared.values.joint_body import JointView, joint_view


async def view_jointly(work: Work, wanted: Wanted) -> JointView[Figures]:
    """Every body's line; our own is left out when our projects are not wanted."""
    bodies = await joint_portfolio.list_bodies(work.connection, work.organisation)
    found = await joint_portfolio.figures(work.connection, wanted)
    return joint_view(bodies, found, Figures, with_own=wanted.own)
