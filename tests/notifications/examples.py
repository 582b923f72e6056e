"""One event of every kind, as the two feeds write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from gevinst_notifications.domain.messages import KINDS
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_shared.feed.envelope import Event

POUNDS = {"amount": "1250000000.00", "currency": "GBP", "price_year": 2023}
KRONER = {"amount": "12500000.50", "currency": "NOK", "price_year": 2026}
PROJECT = {"project_name": "Trygg heimeteneste på Ærø", "portfolio_name": "Digitalisering 2027"}

DATA: Mapping[NoticeKind, Mapping[str, object]] = {
    NoticeKind.DECISION_MADE: {
        "portfolio_name": "Digitalisering 2027",
        "scenario_name": "Stram ramme",
        "decided_on": "2026-11-20",
        "approved_count": 12,
        "left_out_count": 1200,
        "total_cost": POUNDS,
    },
    NoticeKind.PROJECT_APPROVED: {**PROJECT, "starts_on": "2027-05-01"},
    NoticeKind.PROJECT_STOPPED: {**PROJECT, "stopped_on": "2026-11-20", "reason": "Nytten kommer for sent."},
    NoticeKind.PROJECT_RESCHEDULED: {
        **PROJECT,
        "previous_start": "2027-01-04",
        "new_start": "2027-08-16",
    },
    NoticeKind.PROJECT_DECIDED: {
        **PROJECT,
        "decision": "pause",
        "decided_on": "2026-11-20",
        "until": "2027-08-16",
        "condition": "Den nye loven har trådt i kraft.",
        "reason": "Folkene trengs et annet sted.",
    },
    NoticeKind.MEETING_CALLED: {
        "portfolio_name": "Digitalisering 2027",
        "meeting_name": "Mars",
        "held_on": "2027-03-01",
        "place": "Rådhuset, rom 3",
    },
    NoticeKind.SCENARIO_PUBLISHED: {
        "portfolio_name": "Digitalisering 2027",
        "scenario_name": "Stram ramme",
        "selected_count": 31,
        "left_out_count": 9,
        "total_cost": KRONER,
    },
    NoticeKind.GATE_PROPOSED: {
        **PROJECT,
        "gate_name": "BP2",
        "outcome": "go-with-conditions",
        "decide_by": "2026-12-01",
        "reason": "Risikoen er lav.",
    },
    NoticeKind.GATE_DECIDED: {
        **PROJECT,
        "gate_name": "BP3",
        "outcome": "stop",
        "decided_on": "2026-11-20",
        "reason": "Kostnaden har økt med 40 %.",
    },
    NoticeKind.CAPACITY_FREED: {
        **PROJECT,
        "freed_money": KRONER,
        "freed_person_months": "42.5",
        "freed_change_load": "3",
    },
    NoticeKind.ROLE_VACANT: {
        "role": "benefit-owner",
        "place_name": "Senter for helse",
        "vacant_since": "2026-11-01",
    },
    NoticeKind.IMPORT_FINISHED: {
        "source_name": "gmpp-2023.csv",
        "created_count": 244,
        "updated_count": 0,
        "problem_count": 57,
    },
    NoticeKind.IDEA_ANSWERED: {
        "name": "Ett skjema for alle",
        "submitter": "kari",
        "outcome": "parked",
        "answer": "Vi tar det opp igjen når økonomisystemet er på plass.",
        "portfolio_name": "Digitalisering 2027",
    },
    NoticeKind.REPLAN_OFFERED: PROJECT,
    NoticeKind.ENDPOINT_DISABLED: {
        "endpoint_name": "Styringsrommet",
        "channel": "teams",
        "host": "prod-12.westeurope.logic.azure.com",
        "because": "failing",
    },
}


def event(kind: NoticeKind, **changes: object) -> Event:
    """An event of `kind`; a change to None takes the member away."""
    types = {of: type_ for type_, of in KINDS.items()}
    members = {**DATA[kind], **changes}
    return Event(
        id=UUID(int=7),
        organisation="0192:958935420",
        type=types[kind],
        subject="/projects/0198",
        time=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        data={name: value for name, value in members.items() if value is not None},
    )
