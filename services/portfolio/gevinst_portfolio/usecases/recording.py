"""Writing a decision down: under its agenda item, at the end of every chain that it continues (P8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.meetings import (
    MeetingState,
    OtherMeeting,
    refuse_off_agenda,
    refuse_state,
)
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_decisions import Ruled
from gevinst_portfolio.store import decisions, meetings
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact, wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class Basis:
    """Who decided, why, in which case, and in which meeting under which item of its agenda."""

    case_number: str
    deciders: Sequence[str]
    reasons: str
    meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A project before the decision (its row) and after it."""

    row: asyncpg.Record
    effect: Effect
    status: str
    start: Any
    end: Any
    freed_minor: int | None = None


async def meeting_of(
    work: Work,
    basis: Basis,
    portfolio_id: UUID,
    kind: DecisionKind,
    *,
    scenario_id: UUID | None = None,
    project_id: UUID | None = None,
) -> UUID | None:
    """The meeting that decides; refuses an item that is not on its agenda for this."""
    if basis.agenda_item_id is not None:
        item = await meetings.lock_item(work.connection, basis.agenda_item_id)
        if item.portfolio_id != portfolio_id or basis.meeting_id not in {None, item.meeting_id}:
            raise OtherMeeting(pointer="/body/agenda_item_id")
        refuse_off_agenda(item, kind, scenario_id=scenario_id, project_id=project_id)
        return item.meeting_id
    if basis.meeting_id is None:
        return None
    meeting = await meetings.lock_meeting(work.connection, basis.meeting_id)
    if meeting["portfolio_id"] != portfolio_id:
        raise OtherMeeting(pointer="/body/meeting_id")
    refuse_state(MeetingState(meeting["state"]), MeetingState.CALLED, MeetingState.HELD)
    return basis.meeting_id


async def keep_decision(
    work: Work,
    portfolio: Portfolio,
    basis: Basis,
    fact: Fact,
    values: Mapping[str, Any],
    done: Sequence[Decided],
) -> Stored:
    """Append the decision; `values` has id, kind, meeting_id, and what only this kind has.

    The caller holds the portfolio, so that nobody else ends its chain meanwhile.
    """
    decision_id = values["id"]
    kept = {
        "scenario_id": None,
        "until": None,
        "condition": None,
        "left_out": [],
        **values,
        "portfolio_id": portfolio.id,
        "follows_id": await decisions.find_last(work.connection, portfolio.id),
        "agenda_item_id": basis.agenda_item_id,
        "case_number": basis.case_number,
        "deciders": list(basis.deciders),
        "reasons": basis.reasons,
        "decided_by": work.actor.subject,
        "decided_on": work.today,
        "projects": [_described(one, portfolio) for one in done],
        "created_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("decisions", decision_id), reason=basis.reasons)
    before = await decisions.find_last_of(work.connection, [one.row["id"] for one in done])
    stored = await decisions.add_decision(work.connection, kept, record)
    rows = [_link(work, decision_id, one, before.get(one.row["id"])) for one in done]
    await decisions.add_decided(work.connection, rows)
    return stored


def _link(work: Work, decision_id: UUID, one: Decided, before: asyncpg.Record | None) -> Mapping[str, Any]:
    return {
        "organisation_id": work.organisation,
        "project_id": one.row["id"],
        "decision_id": decision_id,
        "follows_id": None if before is None else before["decision_id"],
        "effect": one.effect,
        "status_before": one.row["status"],
        "status_after": one.status,
    }


def _described(one: Decided, portfolio: Portfolio) -> dict[str, Any]:
    """`DecidedProjectOut` as JSON."""

    def money(minor: int | None) -> object:
        if minor is None:
            return None
        return wire(Money.from_minor(minor, portfolio.currency, portfolio.price_year))

    row = one.row
    found = {
        "project_id": str(row["id"]),
        "project_name": row["name"],
        "effect": one.effect.value,
        "status_before": row["status"],
        "status": str(one.status),
        "start_before": _day(row["start"]),
        "start": _day(one.start),
        "end_before": _day(row["end"]),
        "end": _day(one.end),
        "cost": money(row["cost_minor"]),
        "benefit": money(row["benefit_minor"]),
        "freed": money(one.freed_minor),
    }
    return {name: value for name, value in found.items() if value is not None}


def _day(day: Any) -> str | None:  # noqa: ANN401 - a column of asyncpg
    return None if day is None else str(day.isoformat())


def outcome(row: asyncpg.Record, after: Ruled) -> Decided:
    """The project before and after a ruling."""
    freed = None if after.freed.is_empty else after.freed.total_minor
    return Decided(row, after.effect, after.status, after.start, after.end, freed)
