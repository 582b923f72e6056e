"""When people are reminded of what, and the days on which the organisation works."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Response

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.permissions import SET_RULES, VIEW_RULES
from gevinst_notifications.domain.working_days import public_holidays
from gevinst_notifications.schemas.reminder_rules import (
    ReminderRuleIn,
    ReminderRuleOut,
    ReminderRulesOut,
    WorkingDaysIn,
    WorkingDaysOut,
)
from gevinst_notifications.schemas.wired import wired
from gevinst_notifications.store import duty_rules
from gevinst_notifications.usecases import arranging_rules
from gevinst_notifications.usecases.arranging_rules import OwnDay
from gevinst_shared.db.work import Work
from gevinst_shared.values.organisation import country
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Reminder rules"])
Year = Annotated[int, Path(ge=1990, le=2200, description="A calendar year.")]


@router.get("/reminder-rules", summary="When people are reminded", response_model=ReminderRulesOut)
async def list_reminder_rules(work: Annotated[Work, reads(VIEW_RULES)]) -> Response:
    """The ladder of every kind of duty: the organisation's own, else the one that we ship."""
    kept = [ReminderRuleOut.of(one) for one in await duty_rules.list_rules(work.connection)]
    return Response(ReminderRulesOut(items=kept).model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/reminder-rules/{duty_kind}", summary="One ladder", response_model=ReminderRuleOut)
async def get_reminder_rule(duty_kind: DutyKind, work: Annotated[Work, reads(VIEW_RULES)]) -> Response:
    """The ladder of one kind of duty; `ETag` is `"0"` where nobody has ever set it."""
    kept = await duty_rules.get_rule(work.connection, duty_kind)
    document = ReminderRuleOut.of(kept).document()
    return Response(document, headers={"ETag": etag(kept.revision)}, media_type=JSON)


@router.put("/reminder-rules/{duty_kind}", summary="Set a ladder", response_model=ReminderRuleOut)
async def set_reminder_rule(
    duty_kind: DutyKind,
    body: ReminderRuleIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(SET_RULES)],
) -> Response:
    """Give a kind of duty a ladder of your own. It holds from now on for what is open, too; what lies
    behind is not told again."""
    steps = [step.step() for step in body.steps]
    kept = await arranging_rules.set_rule(work, duty_kind, steps, within=body.within, expected=expected)
    if kept is None:
        raise ChangedMeanwhile
    return work.changed(ReminderRuleOut.of(kept).document(), kept.revision)


@router.delete("/reminder-rules/{duty_kind}", summary="Go back to ours", response_model=ReminderRuleOut)
async def reset_reminder_rule(
    duty_kind: DutyKind, expected: ExpectedRevision, work: Annotated[Writing, writes(SET_RULES)]
) -> Response:
    """Take the ladder that we ship, from now on."""
    kept = await arranging_rules.reset_rule(work, duty_kind, expected=expected)
    if kept is None:
        raise ChangedMeanwhile
    return work.changed(ReminderRuleOut.of(kept).document(), kept.revision)


@router.get("/working-days/{calendar_year}", summary="Days of a year", response_model=WorkingDaysOut)
async def get_working_days(calendar_year: Year, work: Annotated[Work, reads(VIEW_RULES)]) -> Response:
    """The public holidays of the organisation's country, and its own days."""
    revision = await duty_rules.days_revision(work.connection, calendar_year)
    return Response(await _days(work, calendar_year), headers={"ETag": etag(revision)}, media_type=JSON)


@router.put("/working-days/{calendar_year}", summary="Set your own days", response_model=WorkingDaysOut)
async def set_working_days(
    calendar_year: Year,
    body: WorkingDaysIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(SET_RULES)],
) -> Response:
    """Say on which days of the year you work although the country does not, or do not although it does.
    Reminders that have not gone out move with them."""
    days = [OwnDay(one.day, one.is_open, one.name) for one in body.days]
    if not await arranging_rules.set_days(work, calendar_year, days, expected=expected):
        raise ChangedMeanwhile
    return work.changed(await _days(work, calendar_year), expected + 1)


async def _days(work: Work, year: int) -> str:
    where = country(work.organisation)
    return wired(
        WorkingDaysOut,
        year=year,
        country=where,
        holidays=sorted(public_holidays(where, year)),
        days=json.loads(await duty_rules.list_days(work.connection, year)),
    ).model_dump_json(exclude_none=True)
