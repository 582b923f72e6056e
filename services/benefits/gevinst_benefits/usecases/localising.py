"""Publishing general cases, taking them over, and following their editions (C3)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.business_case import CaseFrame, PriceIndex
from gevinst_benefits.domain.case.case_resolving import resolve
from gevinst_benefits.domain.case.discounting import regime_on
from gevinst_benefits.domain.case.general_cases import (
    CaseNotShared,
    CaseWithdrawn,
    CaseWithdrawnThere,
    Driver,
    EditionKnown,
    NotTakenOver,
    OriginDifference,
    OwnGeneralCase,
    UpdateMovedOn,
    VersionSuperseded,
    WithdrawalCode,
    general_case_from,
    general_document,
    level_index,
    localised,
    origin_difference,
    updated,
)
from gevinst_benefits.domain.permissions import PUBLISH_CASE
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.business_cases import (
    GeneralCaseChanged,
    GeneralCasePublished,
    GeneralCaseWithdrawn,
)
from gevinst_benefits.store import business_cases, general_cases
from gevinst_benefits.store.business_cases import Version
from gevinst_benefits.store.general_cases import Registered
from gevinst_benefits.store.projects import get_project, known_units
from gevinst_benefits.usecases.evaluating import add_version, require_writer
from gevinst_benefits.usecases.indexing import index_for_case
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import country
from gevinst_shared.values.refusal import Unknown

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Takeover:
    """How a general case becomes one's own."""

    general_case_id: UUID
    unit_id: UUID
    units: Mapping[UUID, UUID]
    edition: int | None = None
    base_year: int | None = None
    horizon_years: int | None = None
    price_year: int | None = None
    index: PriceIndex | None = None
    kept_index: str | None = None
    drivers: tuple[Driver, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Updates:
    """What is taken of the newest edition, which has this `sha256`: it is the one that was looked at."""

    sha256: str
    assumptions: Sequence[str] = ()
    line_ids: Sequence[UUID] = ()


async def publish(
    work: Work, case_id: UUID, *, name: str, summary: str | None, note: str | None
) -> tuple[UUID, Stored]:
    """Publish a version as the project's general case, or as that one's next edition."""
    version = await business_cases.get_version(work.connection, case_id)
    project_id = version.case.project_id
    work.require(PUBLISH_CASE, (await get_project(work.connection, project_id)).place())
    known = await general_cases.find_of_project(work.connection, project_id)
    general_case_id = new_id() if known is None else known.id
    document = general_document(
        general_case_id=general_case_id,
        publisher=work.organisation,
        edition=1 if known is None else known.edition + 1,
        name=name,
        frame=version.case.frame,
        model=version.resolved.model,
    )
    values = {"project_id": project_id, "summary": summary}
    edition = {"business_case_id": case_id, "note": note}
    return general_case_id, await _register(work, known, general_case_id, document, values, edition)


async def bring_in(work: Work, document: Json) -> tuple[UUID, Stored]:
    """Put another body's general case, or a newer edition of it, into the register here."""
    work.require(PUBLISH_CASE, Place())
    return await register_brought(work, document)


async def register_brought(
    work: Work, document: Json, *, withdrawn: WithdrawalCode | None = None
) -> tuple[UUID, Stored]:
    """The same, whoever brought it in; a document that nobody has checked may raise anything here.

    The register's id for it is ours: its publisher's is known together with its publisher only.
    """
    general = await asyncio.to_thread(general_case_from, document, new_id())
    if general.origin.publisher == work.organisation:
        raise OwnGeneralCase
    frame = CaseFrame(
        general.base_year,
        general.horizon_years,
        general.price_year,
        general.currency,
        regime_on(country(work.organisation), work.today),
        # The document has no index: whoever takes the case over brings its prices together.
        level_index(general),
    )
    await asyncio.to_thread(resolve, general.model, frame)
    origin = general.origin
    known = await general_cases.find_published(work.connection, origin.publisher, origin.published_as)
    if known is not None and origin.edition <= known.edition:
        raise EditionKnown(edition=origin.edition, newest=known.edition)
    values: dict[str, Any] = {"project_id": None, "summary": None}
    if withdrawn is not None:
        values |= {"withdrawn_at": work.now, "withdrawal_code": withdrawn.value}
    edition = {"business_case_id": None, "note": None}
    general_case_id = origin.general_case_id if known is None else known.id
    return general_case_id, await _register(work, known, general_case_id, document, values, edition)


async def withdraw(work: Work, general_case_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Let nobody take it over any more: by who may publish it, and of another body's here, in the register.

    None when somebody changed it meanwhile.
    """
    known = await general_cases.find_registered(work.connection, general_case_id)
    if known is None:
        raise Unknown
    own = None if known.project_id is None else await get_project(work.connection, known.project_id)
    work.require(PUBLISH_CASE, Place() if own is None else own.place())
    _refuse_withdrawn(known)
    fact = GeneralCaseWithdrawn(
        general_case_id=general_case_id,
        publisher=known.publisher,
        edition=known.edition,
        name=known.name,
        reason=reason,
        project_ids=await general_cases.followers(work.connection, general_case_id),
    )
    record = recorded(work, fact, subject=subject_of("general-cases", general_case_id), reason=reason)
    return await general_cases.withdraw(
        work.connection, general_case_id, {"reason": reason}, record, at=work.now, expected=expected
    )


async def take_over(work: Work, project_id: UUID, wanted: Takeover) -> tuple[UUID, Stored]:
    """Write the project's next version from a general case, with local units, years and counts."""
    await require_writer(work, project_id)
    units = {wanted.unit_id, *wanted.units.values()}
    refuse_unknown_units(units, await known_units(work.connection, units))
    await _hold_open(work, wanted.general_case_id)
    general = await general_cases.get_edition(work.connection, wanted.general_case_id, wanted.edition)
    frame = CaseFrame(
        base_year=wanted.base_year or general.base_year,
        horizon_years=wanted.horizon_years or general.horizon_years,
        price_year=wanted.price_year or general.price_year,
        currency=general.currency,
        regime=regime_on(country(work.organisation), work.today),
        index=await index_for_case(work, wanted.index, wanted.kept_index),
    )
    model = localised(
        general,
        base_year=frame.base_year,
        unit_id=wanted.unit_id,
        units=wanted.units,
        drivers=wanted.drivers,
    )
    return await add_version(work, project_id, frame, model, note=wanted.note)


async def compare_with_origin(work: Work, case_id: UUID) -> tuple[OriginDifference, dict[str, str]]:
    """How the version stands to the edition that it was taken over from and to the newest; and why the
    original is not to be taken over any more, if so, by member."""
    version = await business_cases.get_version(work.connection, case_id)
    found = await _origin_difference(work, version)
    general_case_id = found.newest.origin.general_case_id
    return found, await general_cases.find_withdrawal(work.connection, general_case_id)


async def take_updates(
    work: Work, case_id: UUID, wanted: Updates, *, note: str | None
) -> tuple[UUID, Stored]:
    """Write the next version with what is named taken from the newest edition of the original.

    Nothing is taken of one that was withdrawn meanwhile, or of an edition that nobody has looked at.
    """
    version = await business_cases.get_version(work.connection, case_id)
    project_id = version.case.project_id
    await require_writer(work, project_id)
    if version.resolved.model.origin is not None:
        await _hold_open(work, version.resolved.model.origin.general_case_id)
    await business_cases.next_number(work.connection, project_id)  # nobody else writes until we have
    latest = await business_cases.find_latest(work.connection, project_id)
    if latest is None or latest.id != case_id:
        newest = version.case.number if latest is None else latest.case.number
        raise VersionSuperseded(number=version.case.number, newest=newest)
    found = await _origin_difference(work, version)
    if found.newest.origin.sha256 != wanted.sha256:
        raise UpdateMovedOn(newest=found.newest.origin.edition, pointer="/body/sha256")
    model = updated(
        version.resolved.model,
        version.case.frame.base_year,
        found.newest,
        names=wanted.assumptions,
        line_ids=wanted.line_ids,
        unit_id=version.resolved.model.lines[0].unit_id,
    )
    return await add_version(work, project_id, version.case.frame, model, note=note)


async def _hold_open(work: Work, general_case_id: UUID) -> None:
    """Refuse what is not to be taken over any more; nobody withdraws it until the transaction ends."""
    registered = await general_cases.find_registered(work.connection, general_case_id)
    if registered is None:
        raise Unknown
    _refuse_withdrawn(registered)


def _refuse_withdrawn(registered: Registered) -> None:
    if registered.withdrawal is not None:
        raise CaseWithdrawn(name=registered.name, reason=registered.withdrawal)
    if registered.withdrawal_code == WithdrawalCode.THERE:
        raise CaseWithdrawnThere(name=registered.name)
    if registered.withdrawal_code == WithdrawalCode.NOT_SHARED:
        raise CaseNotShared(name=registered.name)


async def _origin_difference(work: Work, version: Version) -> OriginDifference:
    model = version.resolved.model
    if model.origin is None:
        raise NotTakenOver
    general_case_id, edition = model.origin.general_case_id, model.origin.edition
    taken = await general_cases.get_edition(work.connection, general_case_id, edition)
    newest = await general_cases.get_edition(work.connection, general_case_id)
    return origin_difference(model, version.case.frame.base_year, taken, newest)


async def _register(
    work: Work,
    known: Registered | None,
    general_case_id: UUID,
    document: Json,
    values: Json,
    edition: Json,
) -> Stored:
    number = document["edition"]
    told = {
        "general_case_id": general_case_id,
        "publisher": document["publisher"],
        "edition": number,
        "name": document["name"],
    }
    row = {
        "id": general_case_id,
        "publisher": document["publisher"],
        "published_as": UUID(document["general_case_id"]),
        "name": document["name"],
        "edition": number,
        "created_by": work.actor.subject,
        "created_at": work.now,
        "changed_at": work.now,
        # A new edition puts a case that was withdrawn back.
        "withdrawn_at": None,
        "withdrawal_reason": None,
        "withdrawal_code": None,
        **values,
    }
    added = {
        "id": new_id(),
        "general_case_id": general_case_id,
        "number": number,
        "document": document,
        "sha256": document["sha256"],
        "published_by": work.actor.subject,
        "published_at": work.now,
        **edition,
    }
    code = row["withdrawal_code"]
    projects = () if known is None else await general_cases.followers(work.connection, general_case_id)
    fact: Fact = GeneralCasePublished(**told)
    if code is not None:
        fact = GeneralCaseWithdrawn(**told, project_ids=projects, reason=None, code=code)
    elif known is not None:
        fact = GeneralCaseChanged(**told, project_ids=projects)
    record = recorded(work, fact, subject=subject_of("general-cases", general_case_id), reason=code)
    keep = general_cases.add_general_case if known is None else general_cases.add_edition
    return await keep(work.connection, row, added, record)
