"""A case's model as a document: how it is written, stored, frozen at a gate and handed to other bodies."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption, Distribution, Loading, Spread
from gevinst_benefits.domain.case.case_factors import Factor
from gevinst_benefits.domain.case.case_model import (
    Alternative,
    CaseModel,
    FinancingKind,
    FinancingSource,
    ModelLine,
    Origin,
    Pattern,
    Ramp,
    RampShape,
    RiskPool,
    Side,
    StartDelay,
)
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.formulas.parsing import Formula, parse_formula
from gevinst_benefits.domain.formulas.units import parse_measure
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_shared.values.refusal import Refusal

Json = dict[str, Any]
# All formulas of a case that are more than a number: enough for any case, and read in a fraction of a second.
MOST_CHARACTERS = 40_000
_PLAIN = re.compile(r"-?[0-9.]*")


class FormulasTooLong(Refusal):
    code = "formulas-too-long"
    title = "The formulas are too long together"
    detail = "The case has {length} characters of formulas; at most {most} are read. Name what stands twice."


def model_document(model: CaseModel) -> Json:
    """The model in JSON's own types; what is not there is left out."""
    return _present(
        assumptions=[assumption_document(one) for one in model.assumptions],
        lines=[line_document(line) for line in model.lines],
        alternatives=[_present(code=one.code, name=one.name, note=one.note) for one in model.alternatives],
        recommended=model.recommended,
        financing=[_source_document(source) for source in model.financing],
        risk_pool=None if model.risk_pool is None else _pool_document(model.risk_pool),
        origin=None if model.origin is None else _origin_document(model.origin),
        factors=[_present(code=one.code, name=one.name, note=one.note) for one in model.factors] or None,
    )


def model_from(document: Mapping[str, Any]) -> CaseModel:
    """The model that a document of this shape says; its formulas and units are read.

    Raises `FormulasTooLong` and what formulas and units raise when they are read, with pointers.
    """
    _refuse_long(document)
    pool, origin = document.get("risk_pool"), document.get("origin")
    return CaseModel(
        lines=tuple(
            line_from(line, pointer=f"/body/lines/{place}") for place, line in enumerate(document["lines"])
        ),
        assumptions=tuple(
            assumption_from(one, pointer=f"/body/assumptions/{place}")
            for place, one in enumerate(document["assumptions"])
        ),
        alternatives=tuple(
            Alternative(one["code"], one["name"], one.get("note")) for one in document["alternatives"]
        ),
        recommended=document["recommended"],
        financing=tuple(_source_from(source) for source in document["financing"]),
        risk_pool=None if pool is None else _pool_from(pool),
        origin=None if origin is None else origin_from(origin),
        factors=tuple(
            Factor(one["code"], one["name"], one.get("note")) for one in document.get("factors", ())
        ),
    )


def assumption_document(one: Assumption) -> Json:
    spread = None
    if one.spread is not None:
        spread = {
            "low": decimal_text(one.spread.low),
            "high": decimal_text(one.spread.high),
            "distribution": one.spread.distribution.value,
        }
    return _present(
        name=one.name,
        value=one.value.text,
        unit=one.measure.text,
        spread=spread,
        price_year=one.price_year,
        source=one.source,
        owner=one.owner,
        note=one.note,
        loadings=loadings_document(one.loadings) or None,
    )


def assumption_from(document: Mapping[str, Any], *, pointer: str) -> Assumption:
    spread = document.get("spread")
    return Assumption(
        name=document["name"],
        value=parse_formula(document["value"], pointer=f"{pointer}/value"),
        measure=parse_measure(document["unit"], pointer=f"{pointer}/unit"),
        spread=None
        if spread is None
        else Spread(Decimal(spread["low"]), Decimal(spread["high"]), Distribution(spread["distribution"])),
        price_year=document.get("price_year"),
        source=document.get("source"),
        owner=document.get("owner"),
        note=document.get("note"),
        loadings=loadings_from(document.get("loadings", ())),
    )


def loadings_document(loadings: Iterable[Loading]) -> list[Json]:
    return [{"factor": one.factor, "loading": decimal_text(one.loading)} for one in loadings]


def loadings_from(document: Iterable[Mapping[str, Any]]) -> tuple[Loading, ...]:
    return tuple(Loading(one["factor"], Decimal(one["loading"])) for one in document)


def line_document(line: ModelLine) -> Json:
    return _present(
        id=str(line.id),
        name=line.name,
        side=line.side.value,
        kind=line.kind,
        unit_id=str(line.unit_id),
        alternative=line.alternative,
        ledger=line.ledger.value,
        unit_of_measure=None if line.measure is None else line.measure.text,
        first_year=line.first_year,
        price_year=line.price_year,
        amounts=_amounts_document(line),
        start_delays=[
            {"years": one.years, "probability": decimal_text(one.probability)} for one in line.delays
        ],
        is_disbenefit=line.is_disbenefit,
        is_public_money=line.is_public_money,
        use=line.use,
        note=line.note,
    )


def line_from(document: Mapping[str, Any], *, pointer: str) -> ModelLine:
    amounts, measure = document["amounts"], document.get("unit_of_measure")
    return ModelLine(
        id=UUID(document["id"]),
        name=document["name"],
        side=Side(document["side"]),
        kind=document["kind"],
        unit_id=UUID(document["unit_id"]),
        alternative=document["alternative"],
        pattern=Pattern(amounts["pattern"]),
        formulas=_formulas(amounts, f"{pointer}/amounts"),
        first_year=document["first_year"],
        price_year=document["price_year"],
        ledger=Ledger(document["ledger"]),
        measure=None if measure is None else parse_measure(measure, pointer=f"{pointer}/unit_of_measure"),
        ramp=_ramp_from(amounts.get("ramp")),
        years=amounts.get("years"),
        delays=tuple(
            StartDelay(one["years"], Decimal(one["probability"])) for one in document["start_delays"]
        ),
        is_disbenefit=document["is_disbenefit"],
        is_public_money=document["is_public_money"],
        use=document.get("use"),
        note=document.get("note"),
    )


def _amounts_document(line: ModelLine) -> Json:
    texts = [formula.text for formula in line.formulas]
    match line.pattern:
        case Pattern.ONE_OFF:
            return {"pattern": line.pattern.value, "amount": texts[0]}
        case Pattern.YEARLY:
            return {"pattern": line.pattern.value, "amounts": texts}
        case Pattern.RECURRING:
            ramp = None if line.ramp is None else _ramp_document(line.ramp)
            return _present(pattern=line.pattern.value, amount_per_year=texts[0], ramp=ramp, years=line.years)


def _formulas(amounts: Mapping[str, Any], pointer: str) -> tuple[Formula, ...]:
    if "amounts" in amounts:
        return tuple(
            parse_formula(text, pointer=f"{pointer}/amounts/{place}")
            for place, text in enumerate(amounts["amounts"])
        )
    member = "amount" if "amount" in amounts else "amount_per_year"
    return (parse_formula(amounts[member], pointer=f"{pointer}/{member}"),)


def _ramp_document(ramp: Ramp) -> Json:
    if ramp.shape is RampShape.TABLE:
        return {"shape": ramp.shape.value, "shares": [decimal_text(share) for share in ramp.table]}
    return {"shape": ramp.shape.value, "years": ramp.years}


def _ramp_from(document: Mapping[str, Any] | None) -> Ramp | None:
    if document is None:
        return None
    shares = tuple(Decimal(share) for share in document.get("shares", ()))
    return Ramp(RampShape(document["shape"]), document.get("years", len(shares)), shares)


def _source_document(source: FinancingSource) -> Json:
    return {
        "name": source.name,
        "kind": source.kind.value,
        "first_year": source.first_year,
        "price_year": source.price_year,
        "amounts": [f"{amount:.2f}" for amount in source.amounts],
    }


def _source_from(document: Mapping[str, Any]) -> FinancingSource:
    return FinancingSource(
        document["name"],
        FinancingKind(document["kind"]),
        document["first_year"],
        document["price_year"],
        tuple(Decimal(amount) for amount in document["amounts"]),
    )


def _pool_document(pool: RiskPool) -> Json:
    return _present(
        unit_id=str(pool.unit_id),
        share=decimal_text(pool.share) if pool.share or not pool.amount else None,
        amount=f"{pool.amount:.2f}" if pool.amount else None,
        year=pool.year,
    )


def _pool_from(document: Mapping[str, Any]) -> RiskPool:
    return RiskPool(
        UUID(document["unit_id"]),
        Decimal(document.get("share", 0)),
        Decimal(document.get("amount", 0)),
        document.get("year"),
    )


def _origin_document(origin: Origin) -> Json:
    return {
        "general_case_id": str(origin.general_case_id),
        "publisher": origin.publisher,
        "published_as": str(origin.published_as),
        "edition": origin.edition,
        "sha256": origin.sha256,
    }


def origin_from(document: Mapping[str, Any]) -> Origin:
    return Origin(
        UUID(document["general_case_id"]),
        document["publisher"],
        UUID(document["published_as"]),
        document["edition"],
        document["sha256"],
    )


def _present(**members: Any) -> Json:
    return {name: value for name, value in members.items() if value is not None}


def _refuse_long(document: Mapping[str, Any]) -> None:
    length = sum(len(text) for text in _texts(document) if not _PLAIN.fullmatch(text))
    if length > MOST_CHARACTERS:
        raise FormulasTooLong(length=length, most=MOST_CHARACTERS)


def _texts(document: Mapping[str, Any]) -> Iterable[str]:
    for one in document["assumptions"]:
        yield one["value"]
    for line in document["lines"]:
        amounts = line["amounts"]
        yield from amounts.get("amounts", ())
        yield amounts.get("amount", "")
        yield amounts.get("amount_per_year", "")
