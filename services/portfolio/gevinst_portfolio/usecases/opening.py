"""Opening a portfolio's decisions to everybody, keeping projects from them, correcting in public."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.openness import NoteKind, WithdrawnAlready, refuse_baseless
from gevinst_portfolio.domain.permissions import ADMINISTER, ARRANGE
from gevinst_portfolio.events.openness import ConfidentialitySet, OpennessSet, PublicNoteAdded
from gevinst_portfolio.store import decisions, openness, portfolios, projects
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


async def set_openness(work: Work, portfolio_id: UUID, said: Mapping[str, Any]) -> Stored:
    """Say whether everybody may read what is decided in the portfolio, from which day on."""
    work.require(ADMINISTER, Place())
    await portfolios.hold(work.connection, portfolio_id)
    fact = OpennessSet(portfolio_id=portfolio_id, is_open=said["is_open"])
    record = recorded(work, fact, subject=subject_of("portfolios", portfolio_id))
    return await _put(work, openness.OPENNESS, {"id": portfolio_id, **said}, record)


async def set_confidentiality(
    work: Work, project_id: UUID, *, is_confidential: bool, basis: str | None
) -> Stored:
    """Keep a project from the public, or no longer; it is gone from there with this transaction."""
    project = await projects.get_row(work.connection, project_id)
    work.require(ARRANGE, Place(portfolios=frozenset({project["portfolio_id"]})))
    refuse_baseless(is_confidential=is_confidential, basis=basis)
    await portfolios.hold(work.connection, project["portfolio_id"])
    fact = ConfidentialitySet(project_id=project_id, is_confidential=is_confidential)
    record = recorded(work, fact, subject=subject_of("projects", project_id), reason=basis)
    values = {"id": project_id, "is_confidential": is_confidential, "basis": basis}
    return await _put(work, openness.CONFIDENTIALITY, values, record)


async def add_note(work: Work, decision_id: UUID, kind: NoteKind, text: str) -> tuple[UUID, Stored]:
    """Correct or withdraw in public what was published; the decision itself never changes (P8)."""
    stored = await decisions.get_document(work.connection, decision_id)
    portfolio_id = UUID(json.loads(stored.document)["portfolio_id"])
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    await portfolios.hold(work.connection, portfolio_id)
    if await openness.is_withdrawn(work.connection, decision_id):
        raise WithdrawnAlready
    note_id = new_id()
    fact = PublicNoteAdded(public_note_id=note_id, decision_id=decision_id, kind=kind.value)
    record = recorded(work, fact, subject=subject_of("decisions", decision_id))
    values = {
        "id": note_id,
        "decision_id": decision_id,
        "kind": kind.value,
        "text": text,
        "noted_by": work.actor.subject,
        "created_at": work.now,
    }
    return note_id, await openness.NOTES.add(work.connection, values, record)


async def _put(work: Work, records: Records, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """The record as it is from now on, made when there is none; its portfolio or project is held."""
    try:
        stored = await records.change(work.connection, values, record)
    except Unknown:
        return await records.add(work.connection, {**values, "created_at": work.now}, record)
    assert stored is not None  # at any revision
    return stored
