"""The paper of a gate, out of what was frozen when it was proposed (G4)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates.gates import OutOfOrder, gate_checklist
from gevinst_benefits.domain.gates.phase_models import ChecklistItem, PhaseModel
from gevinst_benefits.papers.gate.documents import GateDocuments, Surroundings, gate_facts
from gevinst_benefits.papers.gate.paper import gate_paper
from gevinst_benefits.store import business_cases, gates
from gevinst_benefits.store.case_documents import simulation_json
from gevinst_benefits.store.names import people_names, unit_names
from gevinst_benefits.store.phase_models import find_model
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.store.themes import find_theme
from gevinst_benefits.usecases.drawing import cash_flow_of
from gevinst_benefits.usecases.evaluating import drawn
from gevinst_shared.db.work import Work
from gevinst_shared.papers.illustrations import illustration, view_for_print
from gevinst_shared.papers.model import Block, Paper
from gevinst_shared.papers.wording import Words


async def paper_of_gate(work: Work, gate_id: UUID, language: str) -> Paper:
    """The paper in a language, or `Unknown` when there is no such gate."""
    documents = await _with_simulation(work, await _documents(work, gate_id))
    before_id = documents.gate.get("difference", {}).get("gate_id")
    before = None if before_id is None else await _documents(work, UUID(before_id))
    around = await _surroundings(work, documents, before, language)
    words = Words(language, "gevinst_benefits")
    facts = gate_facts(documents, before, around, words)
    return gate_paper(
        replace(facts, cash_flow=await _cash_flow(work, documents, around.project, words)), words
    )


async def _cash_flow(work: Work, documents: GateDocuments, project: str, words: Words) -> Block | None:
    """The frozen case's cash flow; its figures stand in the paper's own table."""
    if documents.case is None:
        return None
    view = view_for_print(words, await find_theme(work.connection, work.organisation))
    return illustration(cash_flow_of(documents.case, project, view), view, words, instead=())


async def _documents(work: Work, gate_id: UUID) -> GateDocuments:
    gate = json.loads((await gates.get_document(work.connection, gate_id)).document)
    basis = json.loads((await gates.get_basis(work.connection, gate_id)).canonical)
    case_id = gate.get("business_case_id")
    if case_id is None:
        return GateDocuments(gate, basis, None)
    case = json.loads((await business_cases.get_document(work.connection, UUID(case_id))).document)
    return GateDocuments(gate, basis, case)


async def _with_simulation(work: Work, documents: GateDocuments) -> GateDocuments:
    if documents.case is None:
        return documents
    case_id = UUID(documents.case["id"])
    found = await drawn(work, case_id)
    if found is None:
        return documents
    case, simulated = found
    return replace(documents, simulation=simulation_json(case_id, case.frame, simulated))


async def _surroundings(
    work: Work, documents: GateDocuments, before: GateDocuments | None, language: str
) -> Surroundings:
    found = [documents] if before is None else [documents, before]
    project_id = UUID(documents.gate["project_id"])
    model = await _model(work, documents)
    people = {one for some in found for one in _people(some.gate)}
    people |= {UUID(one["owner_id"]) for one in documents.basis.get("conditions", ())}
    subjects = {one for some in found for one in _subjects(some.gate)}
    units = {
        UUID(benefit["owner"]["unit_id"]) for some in found for benefit in some.basis.get("benefits", ())
    }
    return Surroundings(
        project=(await get_project(work.connection, project_id)).name,
        people=await people_names(work.connection, people, subjects),
        units=await unit_names(work.connection, units),
        gates={} if model is None else model.gate_names(language),
        phases={} if model is None else {phase.code: phase.names[language] for phase in model.phases},
        items=await _items(work, UUID(documents.gate["id"]), model),
    )


def _people(gate: Mapping[str, Any]) -> set[UUID]:
    """The owners of conditions, recommended and decided."""
    rulings = [gate["recommended"], gate.get("decision", {})]
    return {UUID(one["owner_id"]) for ruling in rulings for one in ruling.get("conditions", ())}


def _subjects(gate: Mapping[str, Any]) -> set[str]:
    decision = gate.get("decision")
    return {gate["proposed_by"]} if decision is None else {gate["proposed_by"], decision["decided_by"]}


async def _model(work: Work, documents: GateDocuments) -> PhaseModel | None:
    """The phase model whose gate it is, in the version that was frozen with it."""
    frozen = documents.basis.get("phase_model")
    if frozen is not None:
        return (await find_model(work.connection, frozen["code"], frozen["version"])).model
    kept = await find_progress(work.connection, UUID(documents.gate["project_id"]))
    return None if kept is None else kept.model


async def _items(work: Work, gate_id: UUID, model: PhaseModel | None) -> tuple[ChecklistItem, ...]:
    """What the gate asked when it was proposed, in the model's words; nothing when it is not known there."""
    if model is None:
        return ()
    proposal = (await gates.get_proposal(work.connection, gate_id)).proposal
    try:
        return gate_checklist(proposal.progress, model, proposal.gate)
    except OutOfOrder:
        return ()
