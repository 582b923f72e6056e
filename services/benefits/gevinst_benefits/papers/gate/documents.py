"""Reading a gate paper's facts out of the gate's documents: the proposal, the frozen basis and the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gevinst_benefits.domain.gates.phase_models import ChecklistItem
from gevinst_benefits.papers.gate.case_documents import case_change, case_facts
from gevinst_benefits.papers.gate.facts import (
    BeforeFacts,
    BenefitFacts,
    ConditionFacts,
    DecisionFacts,
    GateFacts,
    ItemFacts,
    RequirementFacts,
    RulingFacts,
    StandingFacts,
)
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.organisation import day_there

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GateDocuments:
    """A gate as answered (`GateOut`), its frozen basis, and the version of the case (`BusinessCaseOut`) with
    its simulation (`SimulationOut`)."""

    gate: Json
    basis: Json
    case: Json | None
    simulation: Json | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the documents name and do not hold: names by id and subject, the checklist's texts by language.

    `gates` and `phases` are names by code in the reader's language; a code without name is shown as it is.
    """

    project: str
    people: Mapping[str, str]
    units: Mapping[str, str]
    gates: Mapping[str, str]
    phases: Mapping[str, str]
    items: Sequence[ChecklistItem]


def gate_facts(
    documents: GateDocuments, before: GateDocuments | None, around: Surroundings, words: Words
) -> GateFacts:
    """Everything that the paper says, from what was frozen when the gate was proposed."""
    gate = documents.gate
    proposed_at = datetime.fromisoformat(gate["proposed_at"])
    return GateFacts(
        gate_id=gate["id"],
        organisation=gate["organisation"],
        project=around.project,
        gate_code=gate["gate"],
        gate=_gate_name(gate, around),
        phase=around.phases.get(gate["phase"], gate["phase"]),
        round=gate["round"],
        proposer=around.people.get(gate["proposed_by"], gate["proposed_by"]),
        proposed_at=proposed_at,
        proposed_on=day_there(gate["organisation"], proposed_at),
        decide_by=date.fromisoformat(gate["decide_by"]) if "decide_by" in gate else None,
        recommended=_ruling(gate["recommended"], around, words),
        decision=_decision(gate, around, words),
        before=None if before is None else _before(documents, before, around, words),
        case=None if documents.case is None else case_facts(documents.case, documents.simulation),
        benefits=_benefits(documents.basis, around, words),
        checklist=_checklist(documents.basis, around.items, words.language),
        standing=tuple(
            StandingFacts(_condition(one, around, words), one["state"])
            for one in documents.basis.get("conditions", ())
        ),
        basis_sha256=gate["basis_sha256"],
        requirements=tuple(
            _requirement(one, words.language) for one in documents.basis.get("requirements", ())
        ),
        investment=_investment(documents.basis),
    )


def _gate_name(gate: Json, around: Surroundings) -> str:
    name = around.gates.get(gate["gate"], gate["gate_name"])
    return name if name.startswith(gate["gate"]) else f"{gate['gate']} {name}"


def _ruling(ruling: Json, around: Surroundings, words: Words) -> RulingFacts:
    phase = ruling.get("step_back_to")
    conditions = tuple(_condition(one, around, words) for one in ruling["conditions"])
    return RulingFacts(
        ruling["outcome"],
        ruling["reason"],
        conditions,
        None if phase is None else around.phases.get(phase, phase),
    )


def _condition(one: Json, around: Surroundings, words: Words) -> ConditionFacts:
    owner = around.people.get(one["owner_id"], words.say("unknown-person"))
    return ConditionFacts(one["text"], owner, date.fromisoformat(one["deadline"]))


def _decision(gate: Json, around: Surroundings, words: Words) -> DecisionFacts | None:
    decision = gate.get("decision")
    if decision is None:
        return None
    return DecisionFacts(
        ruling=_ruling(decision, around, words),
        decided_by=around.people.get(decision["decided_by"], decision["decided_by"]),
        decided_on=day_there(gate["organisation"], datetime.fromisoformat(decision["decided_at"])),
        case_number=decision.get("case_number"),
    )


def _before(
    documents: GateDocuments, before: GateDocuments, around: Surroundings, words: Words
) -> BeforeFacts | None:
    decision = _decision(before.gate, around, words)
    if decision is None:
        return None
    difference = documents.gate.get("difference", {})
    return BeforeFacts(
        gate=_gate_name(before.gate, around),
        outcome=decision.ruling.outcome,
        decided_on=decision.decided_on,
        case=None if before.case is None else case_facts(before.case),
        change=case_change(difference),
        not_comparable=difference.get("not_comparable"),
        benefits=_benefits(before.basis, around, words),
    )


def _benefits(basis: Json, around: Surroundings, words: Words) -> dict[str, BenefitFacts]:
    return {one["id"]: _benefit(one, around, words) for one in basis.get("benefits", ())}


def _benefit(benefit: Json, around: Surroundings, words: Words) -> BenefitFacts:
    owner, estimate = benefit["owner"], benefit.get("estimate", {})
    cash = estimate.get("money_per_year")
    amount = estimate.get("amount_per_year") if cash is None else cash["amount"]
    unit = around.units.get(owner["unit_id"], words.say("unknown-unit"))
    return BenefitFacts(
        name=benefit["name"],
        owner=words.say("owner-in-unit", role=words.term("role", owner["role"]), unit=unit),
        mode=benefit["mode"],
        state=benefit["state"],
        ledger=estimate.get("ledger", "quality"),
        amount=None if amount is None else Decimal(amount),
        unit_of_measure=estimate.get("unit_of_measure", "") if cash is None else cash["currency"],
        price_year=None if cash is None else cash["price_year"],
        indicator_count=len(benefit.get("indicators", ())),
    )


def _requirement(one: Json, language: str) -> RequirementFacts:
    names, below = one["names"], one.get("below")
    return RequirementFacts(
        name=names.get(language, names["en"]),
        amount=Decimal(one["amount"]),
        below=None if below is None else Decimal(below),
        is_inclusive=one["is_inclusive"],
        currency=one["currency"],
        source=one["source"],
        valid_from=date.fromisoformat(one["valid_from"]),
        verdict=one["verdict"],
        exemption=one.get("exemption"),
    )


def _investment(basis: Json) -> Decimal | None:
    amount = basis.get("business_case", {}).get("investment")
    return None if amount is None else Decimal(amount)


def _checklist(basis: Json, items: Sequence[ChecklistItem], language: str) -> tuple[ItemFacts, ...]:
    """The items that the model asks, then answers to items that it does not know."""
    answers = {answer["id"]: answer for answer in basis.get("checklist", ())}
    asked = [
        _item(item.texts[language], answers.pop(item.code, None), is_mandatory=item.is_mandatory)
        for item in items
    ]
    return (*asked, *(_item(code, answer, is_mandatory=False) for code, answer in answers.items()))


def _item(text: str, answer: Json | None, *, is_mandatory: bool) -> ItemFacts:
    if answer is None:
        return ItemFacts(text, is_mandatory, None, "")
    return ItemFacts(text, is_mandatory, answer["value"], answer.get("reason", ""))
