"""P2: which work is prioritised centrally, and which is reported lightly."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.closings import ProjectKind
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import CannotOverrule, Need, Registration, registration
from gevinst_portfolio.domain.waves import Wave, wave_needs
from gevinst_portfolio.events.projects import ProjectChanged, ProjectReregistered
from gevinst_portfolio.store import announcements, portfolios, project_acts
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.profiles import needs_from, waves_from
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.money import Money


def registration_of(
    portfolio: Portfolio, columns: Mapping[str, Any], needs: Sequence[Need], waves: Sequence[Wave] = ()
) -> Registration:
    """What the threshold makes of a project with these columns, unless somebody has overruled it."""
    if columns.get("registration_overruled") is not None:
        return Registration(columns["registration_overruled"])
    sizes = [columns["cost_minor"]]
    if columns["kind"] == ProjectKind.CLOSING:
        # P11: closing an activity is as large as what it saves.
        sizes.append(columns["benefit_minor"])
    largest = max((size for size in sizes if size is not None), default=None)
    return registration(
        portfolio.threshold,
        cost=None if largest is None else Money.from_minor(largest, portfolio.currency, portfolio.price_year),
        start=columns["start"],
        end=columns["end"],
        needs=(*needs, *wave_needs(waves)),
    )


async def announce_crossing(
    work: Work, before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str | None = None
) -> None:
    """P2: say so when a project is registered otherwise than before."""
    if before["registration"] == after["registration"]:
        return
    fact = ProjectReregistered(
        project_id=before["id"],
        portfolio_id=before["portfolio_id"],
        project_name=after["name"],
        registration=after["registration"],
        previous_registration=before["registration"],
    )
    record = recorded(work, fact, subject=subject_of("projects", before["id"]), reason=reason)
    was, now = ({"registration": str(row["registration"])} for row in (before, after))
    await announcements.announce(work.connection, [{**record, "before": was, "after": now}])


async def overrule_threshold(
    work: Work, project_id: UUID, *, registered: Registration | None, reason: str, expected: int
) -> Stored | None:
    """Register the project as somebody says, or (None) as the threshold says; None when it changed meanwhile.

    `CannotOverrule` unless the portfolio allows it.
    """
    row = await project_acts.lock_project(work.connection, project_id)
    work.require(ARRANGE, await place_of(work.connection, portfolio_id=row["portfolio_id"]))
    refuse_merged(row["merged_into_id"])
    portfolio = await portfolios.get_portfolio(work.connection, row["portfolio_id"])
    if registered is not None and not portfolio.threshold_may_be_overruled:
        raise CannotOverrule
    columns = {**dict(row), "registration_overruled": registered}
    columns["registration_reason"] = None if registered is None else reason
    columns["registration"] = registration_of(
        portfolio, columns, needs_from(row["needs"]), waves_from(row["waves"])
    )
    fact = ProjectChanged.of(columns, project_id=project_id)
    record = recorded(work, fact, subject=subject_of("projects", project_id), reason=reason)
    stored = await project_acts.OVERRULED.change(work.connection, columns, record, expected=expected)
    if stored is not None:
        await announce_crossing(work, dict(row), columns, reason=reason)
    return stored
