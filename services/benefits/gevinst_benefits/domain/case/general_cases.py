"""C3: a case that was published for others, taken over, given local figures, and followed in its editions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption, Loading, Spread
from gevinst_benefits.domain.case.business_case import CaseFrame, PriceIndex
from gevinst_benefits.domain.case.case_document import Json, model_document, model_from
from gevinst_benefits.domain.case.case_factors import Factor, refuse_odd_loadings
from gevinst_benefits.domain.case.case_model import CaseModel, ModelLine, Origin
from gevinst_benefits.domain.formulas.parsing import Formula
from gevinst_benefits.domain.formulas.units import Measure
from gevinst_benefits.domain.gates.frozen_basis import freeze
from gevinst_shared.values.refusal import Refusal

FORMAT = "gevinst-general-case/1"
_NOBODY = UUID(int=0)


class DocumentAltered(Refusal):
    code = "general-case-altered"
    title = "The document is not as it was published"
    detail = "The document's content does not give its hash. Ask whoever gave it to you for it again."


class EditionKnown(Refusal):
    code = "general-case-edition-known"
    title = "The edition is here already"
    detail = "Edition {edition} of this general case is here already; the newest here is {newest}."


class OwnGeneralCase(Refusal):
    code = "own-general-case"
    title = "The general case is your own"
    detail = "Your organisation is its publisher. Publish a version of the project's case instead."


class DriverNotKnown(Refusal):
    code = "driver-not-known"
    title = "The case has no such assumption"
    detail = "{name} is not an assumption of this case. It has: {known}."


class LineNotInOriginal(Refusal):
    code = "line-not-in-original"
    title = "The line is in neither case"
    detail = "{line} is a line of neither this case nor the newest edition of its original."


class CaseWithdrawn(Refusal):
    code = "general-case-withdrawn"
    title = "The general case has been withdrawn"
    detail = "{name} is not to be taken over any more: {reason}"


class WithdrawalCode(StrEnum):
    """Why another body's case that came by the exchange is not to be taken over any more."""

    THERE = "withdrawn-by-publisher"
    NOT_SHARED = "shared-no-longer"


class CaseWithdrawnThere(Refusal):
    code = "general-case-withdrawn-there"
    title = "The general case has been withdrawn by its publisher"
    detail = "{name} is not to be taken over any more: its publisher has withdrawn it."


class CaseNotShared(Refusal):
    code = "general-case-shared-no-longer"
    title = "The general case is shared no longer"
    detail = "{name} is not to be taken over any more: its publisher shares it with you no longer."


class NoLineLeft(Refusal):
    code = "no-line-left"
    title = "No line would be left"
    detail = "The newest edition has none of this case's lines. Take at least one of its lines over as well."


class NotTakenOver(Refusal):
    code = "case-not-taken-over"
    title = "The case was not taken over"
    detail = "This version has no general case behind it. Take one over first."


class UpdateMovedOn(Refusal):
    code = "update-moved-on"
    title = "The update is another one by now"
    detail = (
        "Edition {newest} is offered, and you answered for other content. Look at the update again first."
    )


class VersionSuperseded(Refusal):
    code = "version-superseded"
    title = "There is a newer version"
    detail = "Version {number} is not the newest any more. Start from version {newest}."


@dataclass(frozen=True, slots=True)
class Driver:
    """A local figure in place of the original's; what is left away stays as it was there."""

    name: str
    value: Formula
    measure: Measure | None = None
    spread: Spread | None = None
    price_year: int | None = None
    source: str | None = None
    owner: str | None = None
    note: str | None = None
    loadings: tuple[Loading, ...] | None = None


@dataclass(frozen=True, slots=True)
class GeneralCase:
    """One edition, read from its document."""

    origin: Origin
    name: str
    base_year: int
    horizon_years: int
    price_year: int
    currency: str
    model: CaseModel


class Follows(StrEnum):
    """How one part of a local case stands to its original."""

    SAME = "same"
    LOCALISED = "localised"
    CHANGED_IN_ORIGINAL = "changed-in-original"
    CHANGED_IN_BOTH = "changed-in-both"
    ADDED_IN_ORIGINAL = "added-in-original"
    REMOVED_IN_ORIGINAL = "removed-in-original"
    OWN = "own"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class AssumptionState:
    """An assumption here, in the edition that was taken over, and in the newest."""

    name: str
    state: Follows
    here: Assumption | None
    taken: Assumption | None
    newest: Assumption | None


@dataclass(frozen=True, slots=True)
class LineState:
    line_id: UUID
    name: str
    state: Follows


@dataclass(frozen=True, slots=True)
class OriginDifference:
    taken: GeneralCase
    newest: GeneralCase
    assumptions: tuple[AssumptionState, ...]
    lines: tuple[LineState, ...]


def general_document(
    *, general_case_id: UUID, publisher: str, edition: int, name: str, frame: CaseFrame, model: CaseModel
) -> Json:
    """What is published: the case without who pays for it, with the hash of all the rest.

    Its ids are the publisher's; whoever takes the case over says which units of theirs its units are.
    """
    published = replace(model, financing=(), origin=None)
    document = {
        "format": FORMAT,
        "general_case_id": str(general_case_id),
        "publisher": publisher,
        "edition": edition,
        "name": name,
        "base_year": frame.base_year,
        "horizon_years": frame.horizon_years,
        "price_year": frame.price_year,
        "currency": frame.currency,
        **model_document(published),
    }
    return {**document, "sha256": document_hash(document)}


def document_hash(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the document's canonical form, its own hash left out."""
    return freeze({name: value for name, value in document.items() if name != "sha256"}).sha256


def general_case_from(document: Mapping[str, Any], general_case_id: UUID) -> GeneralCase:
    """The case in a document, which the register here knows by this id; or `DocumentAltered`."""
    if document_hash(document) != document["sha256"]:
        raise DocumentAltered
    origin = Origin(
        general_case_id,
        document["publisher"],
        UUID(document["general_case_id"]),
        document["edition"],
        document["sha256"],
    )
    return GeneralCase(
        origin,
        document["name"],
        document["base_year"],
        document["horizon_years"],
        document["price_year"],
        document["currency"],
        replace(model_from(document), origin=None),
    )


def level_index(general: GeneralCase) -> PriceIndex:
    """An index in which no price has changed, of all the price years that the case names.

    It lets a case be checked whose prices only an index of the reader's own brings together (C1).
    """
    years = {line.price_year for line in general.model.lines} | {general.price_year}
    years |= {one.price_year for one in general.model.assumptions if one.price_year is not None}
    return PriceIndex(general.name, general.origin.publisher, dict.fromkeys(years, Decimal(1)))


def localised(
    general: GeneralCase,
    *,
    base_year: int,
    unit_id: UUID,
    units: Mapping[UUID, UUID],
    drivers: Sequence[Driver],
) -> CaseModel:
    """The case for one's own organisation: its units, its years, its counts in place of the drivers.

    `units` says which unit here is which of the publisher's; all others become `unit_id`. Lines move with the
    base year. Raises `DriverNotKnown`.
    """
    shift = base_year - general.base_year
    model = general.model
    pool = model.risk_pool
    if pool is not None:
        year = None if pool.year is None else pool.year + shift
        pool = replace(pool, unit_id=units.get(pool.unit_id, unit_id), year=year)
    lines = tuple(
        replace(line, unit_id=units.get(line.unit_id, unit_id), first_year=line.first_year + shift)
        for line in model.lines
    )
    localised_model = replace(model, lines=lines, risk_pool=pool, origin=general.origin)
    return with_drivers(localised_model, drivers)


def with_drivers(model: CaseModel, drivers: Sequence[Driver]) -> CaseModel:
    """The model with other figures for some assumptions.

    Raises `DriverNotKnown` and what an assumption's loadings raise.
    """
    known = dict(model.assumptions_by_name)
    codes = [factor.code for factor in model.factors]
    for place, driver in enumerate(drivers):
        if driver.name not in known:
            names = ", ".join(sorted(known)) or "–"
            raise DriverNotKnown(name=driver.name, known=names, pointer=f"/body/drivers/{place}/name")
        known[driver.name] = _driven(known[driver.name], driver)
        if driver.loadings:
            refuse_odd_loadings(known[driver.name], codes, f"/body/drivers/{place}/loadings")
    return replace(model, assumptions=tuple(known.values()))


def origin_difference(
    here: CaseModel, base_year: int, taken: GeneralCase, newest: GeneralCase
) -> OriginDifference:
    """How each assumption and line stands to the edition that was taken over and to the newest one.

    Units are one's own and years are counted from the base year, so neither is a difference.
    """
    mine, then, now = (one.assumptions_by_name for one in (here, taken.model, newest.model))
    assumptions = [
        AssumptionState(name, state, mine.get(name), then.get(name), now.get(name))
        for name in dict.fromkeys([*mine, *now, *then])
        if (state := _state(mine.get(name), then.get(name), now.get(name))) is not None
    ]
    own, old, new = (
        {line.id: _like(line, base) for line in model.lines}
        for model, base in (
            (here, base_year),
            (taken.model, taken.base_year),
            (newest.model, newest.base_year),
        )
    )
    lines = [
        LineState(line_id, shown.name, state)
        for line_id in dict.fromkeys([*own, *new, *old])
        if (state := _state(own.get(line_id), old.get(line_id), new.get(line_id))) is not None
        and (shown := own.get(line_id) or new.get(line_id) or old.get(line_id)) is not None
    ]
    return OriginDifference(taken, newest, tuple(assumptions), tuple(lines))


def updated(
    here: CaseModel,
    base_year: int,
    newest: GeneralCase,
    *,
    names: Sequence[str],
    line_ids: Collection[UUID],
    unit_id: UUID,
) -> CaseModel:
    """The case with some assumptions and lines as the newest edition has them, and linked to that edition.

    What is not named stays, and counts as one's own choice from then on. A line keeps its unit here; one that
    is new falls on `unit_id`. What the newest edition dropped is dropped. Raises `DriverNotKnown`,
    `LineNotInOriginal` and `NoLineLeft`.
    """
    mine, now = dict(here.assumptions_by_name), newest.model.assumptions_by_name
    for place, name in enumerate(names):
        if name not in mine and name not in now:
            known = ", ".join(sorted({*mine, *now}))
            raise DriverNotKnown(name=name, known=known, pointer=f"/body/assumptions/{place}")
        if name in now:
            mine[name] = now[name]
        else:
            del mine[name]
    lines = {line.id: line for line in here.lines}
    offered = {line.id: line for line in newest.model.lines}
    for place, line_id in enumerate(line_ids):
        if line_id not in lines and line_id not in offered:
            raise LineNotInOriginal(line=line_id, pointer=f"/body/line_ids/{place}")
        old, new = lines.pop(line_id, None), offered.get(line_id)
        if new is not None:
            unit = unit_id if old is None else old.unit_id
            first_year = new.first_year - newest.base_year + base_year
            lines[line_id] = replace(new, unit_id=unit, first_year=first_year)
    if not lines:
        raise NoLineLeft(pointer="/body/line_ids")
    return replace(
        here,
        assumptions=tuple(mine.values()),
        lines=tuple(lines.values()),
        origin=newest.origin,
        factors=_with_missing(here, newest.model, mine.values()),
    )


def _with_missing(
    here: CaseModel, newest: CaseModel, assumptions: Iterable[Assumption]
) -> tuple[Factor, ...]:
    """Our factors, and those of the newest edition that assumptions taken from there hang on."""
    named = {hangs.factor for one in assumptions for hangs in one.loadings}
    missing = named - {factor.code for factor in here.factors}
    return (*here.factors, *(factor for factor in newest.factors if factor.code in missing))


def _driven(original: Assumption, driver: Driver) -> Assumption:
    return replace(
        original,
        value=driver.value,
        measure=driver.measure or original.measure,
        # A range belongs to its value: the original's says nothing of the local one.
        spread=driver.spread,
        price_year=driver.price_year or original.price_year,
        source=driver.source or original.source,
        owner=driver.owner or original.owner,
        note=driver.note or original.note,
        loadings=_loadings(original, driver),
    )


def _loadings(original: Assumption, driver: Driver) -> tuple[Loading, ...]:
    """What the original hangs on stays, as long as there is a range that a factor can move it in."""
    if driver.loadings is not None:
        return driver.loadings
    return original.loadings if driver.spread is not None else ()


def _state(here: object | None, taken: object | None, newest: object | None) -> Follows | None:
    """Nothing when none of the two sides has it any more."""
    if here is None:
        return None if newest is None else Follows.ADDED_IN_ORIGINAL if taken is None else Follows.LEFT_OUT
    if newest is None:
        return Follows.OWN if taken is None else Follows.REMOVED_IN_ORIGINAL
    if here == newest:
        return Follows.SAME
    if newest == taken:
        return Follows.LOCALISED
    return Follows.CHANGED_IN_ORIGINAL if here == taken else Follows.CHANGED_IN_BOTH


def _like(line: ModelLine, base_year: int) -> ModelLine:
    return replace(line, unit_id=_NOBODY, first_year=line.first_year - base_year)
