"""One event of every kind, as the two feeds write them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from gevinst_notifications.domain.messages import type_of
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
    NoticeKind.GATE_WITHDRAWN: {**PROJECT, "gate": "BP2", "reason": "Vi venter på anbudene."},
    NoticeKind.GATE_REVIEWED: {
        **PROJECT,
        "gate": "BP2",
        "advice": "disagree",
        "reason": "Nytten er ikke bekreftet.",
    },
    NoticeKind.CONDITION_LAPSED: {
        **PROJECT,
        "gate": "BP2",
        "text": "Databehandleravtalen er på plass.",
        "deadline": "2026-11-19",
    },
    NoticeKind.BENEFIT_OFF_CURVE: {
        **PROJECT,
        "benefit_name": "Færre brev",
        "indicator_name": "Brev per måned",
        "colour": "none",
        "cause": "not-measured",
    },
    NoticeKind.LIGHT_OVERRULED: {
        **PROJECT,
        "benefit_name": "Færre brev",
        "indicator_name": "Brev per måned",
        "colour": "green",
        "until": "2027-03-31",
        "reason": "To kontorer mangler i uttrekket.",
    },
    NoticeKind.PREREQUISITE_FAILED: {
        **PROJECT,
        "benefit_name": "Færre brev",
        "name": "Alle innbyggere har digital postkasse.",
    },
    NoticeKind.RISK_TURNED_HIGH: {
        **PROJECT,
        "benefit_name": "Færre brev",
        "name": "Leverandøren slutter.",
    },
    NoticeKind.INSTALLATIONS_NOT_CARRYING: {
        **PROJECT,
        "name": "Færre nattbesøk",
        "not_carrying": 40,
        "count": 1200,
    },
    NoticeKind.BENEFIT_CONFIRMED: {**PROJECT, "name": "Færre brev"},
    NoticeKind.BENEFIT_HANDED_OVER: {**PROJECT, "name": "Færre brev", "reason": "Enhetene er slått sammen."},
    NoticeKind.BENEFIT_MOVED_IN_TIME: {
        **PROJECT,
        "name": "Færre brev",
        "starts_before": "2027-01-01",
        "starts_after": "2027-08-01",
    },
    NoticeKind.BENEFIT_REALISED: {**PROJECT, "name": "Færre brev"},
    NoticeKind.BENEFIT_CLOSED: {**PROJECT, "name": "Færre brev"},
    NoticeKind.BENEFIT_VERIFIED: {
        **PROJECT,
        "name": "Færre brev",
        "year": 2026,
        "money": KRONER,
        "amount": "1200.5",
        "unit_of_measure": "timer",
    },
    NoticeKind.BENEFIT_OWNER_VACANT: {
        "role": "benefit-owner",
        "unit_name": "Senter for helse",
        "since": "2026-11-01",
        "benefit_count": 3,
    },
    NoticeKind.BUDGET_ENTRY_BOOKED: {
        "benefit_name": "Færre brev",
        "account": "1120-porto",
        "year": 2027,
        "amount": {"amount": "-250000.00", "currency": "NOK", "price_year": 2026},
    },
    NoticeKind.BUDGET_ENTRY_REVERSED: {
        "benefit_name": "Færre brev",
        "account": "1120-porto",
        "year": 2027,
        "amount": KRONER,
    },
    NoticeKind.BUDGET_PHASING_AGREED: {"benefit_name": "Færre brev"},
    NoticeKind.AGREEMENT_RECORDED: {
        **PROJECT,
        "name": "Færre brev",
        "body_name": "Skatteetaten",
        "agreement_state": "disputed",
        "happened_on": "2026-11-20",
    },
    NoticeKind.AGREEMENT_PROPOSED: {"body_name": "Skatteetaten", "benefit_name": "Færre brev"},
    NoticeKind.HANDOVER_ACCEPTED: PROJECT,
    NoticeKind.HANDOVER_REFUSED: {**PROJECT, "reason": "Opplæringen er ikke gjort."},
    NoticeKind.EFFECT_REVIEW_HELD: {
        **PROJECT,
        "outcome": "more-work-needed",
        "reason": "To enheter er ikke med ennå.",
    },
    NoticeKind.MEASURE_PROPOSED: {**PROJECT, "text": "Flytt opplæringen til august."},
    NoticeKind.MEASURE_DECIDED: {
        **PROJECT,
        "text": "Flytt opplæringen til august.",
        "state": "decided",
        "deadline": "2027-08-01",
    },
    NoticeKind.GENERAL_CASE_CHANGED: {"name": "Digital post", "edition": 4},
    NoticeKind.DUTY_REMINDED: {
        **PROJECT,
        "duty": "measurement-due",
        "duty_name": "Brev per måned",
        "due_on": "2026-12-01",
        "escalates_on": "2026-12-10",
        "escalates_to": "controller",
    },
    NoticeKind.DUTY_ESCALATED: {
        **PROJECT,
        "duty": "condition-lapsing",
        "duty_name": "Databehandleravtalen er på plass.",
        "due_on": "2026-11-19",
        "owner_name": "Åse Ødegård",
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
    NoticeKind.POOL_AWARDED: {
        **PROJECT,
        "pool_name": "Investeringspuljen",
        "kind": "loan",
        "amount": KRONER,
        "conditions": "Betales tilbake av gevinsten innen 2030.",
    },
    NoticeKind.ENDPOINT_DISABLED: {
        "endpoint_name": "Styringsrommet",
        "channel": "teams",
        "host": "prod-12.westeurope.logic.azure.com",
        "because": "failing",
    },
}


def event(kind: NoticeKind, /, **changes: object) -> Event:
    """An event of `kind`; a change to None takes the member away."""
    members = {**DATA[kind], **changes}
    return Event(
        id=UUID(int=7),
        organisation="0192:958935420",
        type=type_of(kind),
        subject="/projects/0198",
        time=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        data={name: value for name, value in members.items() if value is not None},
    )
