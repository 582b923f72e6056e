"""Who would get what, and why, on the wire (N4)."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import Field

from gevinst_notifications.domain.duties.arrivals import Arrival
from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.rules import Rung
from gevinst_notifications.domain.duties.silences import Cause
from gevinst_notifications.domain.explanations import Unheard
from gevinst_notifications.domain.hearing import Hearing
from gevinst_notifications.domain.preferences import Period
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.schemas.wired import wired
from gevinst_notifications.usecases.explaining import Coming, DryRun, Explained
from gevinst_shared.web.shapes import LINES, Day, Id, In, Maybe, Moment, Out, Whole


class FactIn(In):
    """A fact as a feed would announce it."""

    type: str = Field(
        max_length=100,
        pattern=r"^gevinst\.(portfolio|benefits)\.[a-z]+(-[a-z]+)*\.v1$",
        examples=["gevinst.benefits.gate-proposed.v1"],
    )
    subject: str = Field(
        "records/none",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        examples=["gates/0198b6a4-7c1e-7000-8000-2"],
    )
    data: dict[str, Any] = Field(
        max_length=50,
        examples=[
            {
                "project_id": "0198b6a4-7c1e-7000-8000-000000000002",
                "gate_id": "0198b6a4-7c1e-7000-8000-000000000003",
                "gate_name": "BP3",
                "outcome": "go",
            }
        ],
    )


class HearingOut(Out):
    """What one person would get."""

    person_id: Id
    reasons: list[Reason] = Field(max_length=50)
    in_inbox: bool
    mail_at: Maybe[Moment] = Field(None, description="When a mail of its own would leave.")
    digest: Maybe[Period] = Field(None, description="It would be in the next digest of this period.")
    silences: dict[str, str] = Field(
        max_length=20, examples=[{"mail": "turned-off"}], description="By channel why it is not there."
    )

    @classmethod
    def each(cls, hearings: Iterable[Hearing]) -> list[Self]:
        return [
            wired(
                cls,
                person_id=person_id,
                reasons=list(one.reasons),
                in_inbox=one.is_in_inbox,
                mail_at=one.mail_at,
                digest=one.digest,
                silences={channel: str(cause) for channel, cause in one.silences.items()},
            )
            for person_id, one in sorted(
                ((person_id, one) for one in hearings for person_id in one.people), key=lambda each: each[0]
            )
        ]


class ComingOut(Out):
    """A reminder, or a step up the line, that would be told."""

    duty_id: Id
    kind: DutyKind
    name: str = Field(max_length=10_000, pattern=LINES, examples=["Letters per month"])
    due_on: Day
    at: Moment
    step: str = Field(max_length=60, examples=["owner-14c"])
    to: Rung
    told: list[HearingOut] = Field(max_length=10_000, description="Empty: nobody is there to be told.")
    vacant: list[Rung] = Field(max_length=10, description="Rungs below that nobody holds.")

    @classmethod
    def each(cls, coming: Iterable[Coming]) -> list[Self]:
        return [
            wired(
                cls,
                duty_id=one.notice.duty.id,
                kind=one.notice.duty.task.kind,
                name=one.notice.duty.task.name,
                due_on=one.notice.duty.due_on,
                at=one.at,
                step=one.notice.step.code,
                to=one.notice.step.rung,
                told=HearingOut.each(one.hearings),
                vacant=list(one.notice.reached.vacant),
            )
            for one in coming
        ]


class DryRunOut(Out):
    """What a fact would do."""

    kind: Maybe[NoticeKind] = Field(None, description="Absent: nobody is told of such a fact at once.")
    told: list[HearingOut] = Field(max_length=10_000)
    coming: list[ComingOut] = Field(max_length=10_000)

    @classmethod
    def of(cls, found: DryRun) -> Self:
        return wired(
            cls,
            kind=found.kind,
            told=HearingOut.each(found.hearings),
            coming=ComingOut.each(found.coming),
        )


class ComingPageOut(Out):
    """What would be told, by duty, a page at a time."""

    items: list[ComingOut] = Field(max_length=10_000)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class TakenStepOut(Out):
    """A step that was dealt with."""

    step: str = Field(max_length=60, examples=["owner-14c"])
    to: Rung
    due_version: Whole = Field(ge=1, le=1_000_000_000)
    outcome: str = Field(
        max_length=20,
        examples=["told"],
        description="`told`; `overtaken` by a later step, as after an outage; `nobody` was there.",
    )
    planned_at: Moment
    settled_at: Moment
    event_id: Maybe[Id] = Field(None, description="The notice that went out.")
    arrival: Maybe[Arrival] = Field(
        None,
        description="Of a step that told somebody, by what is known now: `arrived`; `waiting`, its mail is "
        "under way; `failed`, no mail arrived and nobody read it, so that the next in line hears sooner.",
    )
    recipient_ids: list[Id] = Field(max_length=10_000)
    vacant: list[Rung] = Field(max_length=10)


class DutyExplanationOut(Out):
    """What was told of a duty and what is to come, or why nothing is said."""

    duty_id: Id
    steps: list[TakenStepOut] = Field(max_length=100)
    coming: list[ComingOut] = Field(max_length=1000)
    silent_because: Maybe[Cause] = None
    silent_until: Maybe[Moment] = Field(None, description="Absent: until something changes.")

    @classmethod
    def of(cls, found: Explained, steps: Iterable[Any]) -> Self:
        names = ("step", "due_version", "outcome", "planned_at", "settled_at", "event_id")
        more = ("arrival", "recipient_ids", "vacant")
        return wired(
            cls,
            duty_id=found.duty.id,
            steps=[
                wired(TakenStepOut, to=row["rung"], **{name: row[name] for name in (*names, *more)})
                for row in steps
            ],
            coming=ComingOut.each(found.coming),
            silent_because=None if found.silent is None else found.silent.cause,
            silent_until=None if found.silent is None else found.silent.until,
        )


class EventExplanationOut(Out):
    """Who was told of a fact, and who was concerned and was not."""

    event_id: Id
    type: str = Field(max_length=100, examples=["gevinst.benefits.gate-decided.v1"])
    kind: Maybe[NoticeKind] = Field(None, description="Absent: nobody is told of such a fact at once.")
    items: list[HearingOut] = Field(
        max_length=10_000, description="Everybody whom it concerned; who is not here held none of the roles."
    )
    silent_because: Maybe[Unheard] = Field(
        None,
        description="Why nobody was told: `not-told-of`, nobody is told of such facts at once, and what they "
        "ask of people is told as duties; `nobody-concerned`, nobody held a role that hears of it there, "
        "except whoever did it; `not-understood`, the fact lacks what its message needs.",
    )
    roles: list[str] = Field(
        max_length=50, examples=[["project-owner"]], description="Roles whose holders hear of such a fact."
    )
