"""A business case was evaluated: what the project is worth by it is kept beside the register (C5)."""

from uuid import UUID

from gevinst_portfolio.domain.case_values import CaseValue
from gevinst_portfolio.store import case_values
from gevinst_shared.db.work import Work


async def follow_case(work: Work, event_id: UUID, value: CaseValue) -> None:
    """Keep the value, once. A case of a project that is not ours is ignored."""
    if await case_values.knows_project(work.connection, value.project_id):
        await case_values.add_value(work.connection, work.organisation, event_id, value)
