"""Business cases of assumptions and formulas for the tests."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame
from gevinst_benefits.domain.case.case_document import model_from
from gevinst_benefits.domain.case.case_model import MAIN, ZERO, CaseModel
from gevinst_benefits.domain.case.case_resolving import Resolved, business_case, resolve
from tests.benefits.cases import LINE_UNIT, PROJECT, frame
from tests.support.tree import ROOT

EXAMPLE = ROOT / "examples" / "digital-post" / "business-case.json"
Json = dict[str, Any]


def digital_post(units: Mapping[str, Any]) -> Json:
    """The example's body, with these units in place of its words."""
    body: Json = json.loads(EXAMPLE.read_text("utf-8"))
    for holder in (*body["lines"], body["risk_pool"]):
        holder["unit_id"] = str(units[holder["unit_id"]])
    return body


def assumed(name: str, value: str, unit: str = "1", **members: Any) -> Json:
    return {"name": name, "value": value, "unit": unit} | members


def ranged(name: str, value: str, low: str, high: str, unit: str = "1") -> Json:
    spread = {"low": low, "high": high, "distribution": "pert"}
    return assumed(name, value, unit, spread=spread)


def line(number: int, side: str, amounts: str | Json, **members: Any) -> Json:
    """A line of the main alternative; a text is a yearly amount for as long as the case lasts."""
    pattern = {"pattern": "recurring", "amount_per_year": amounts} if isinstance(amounts, str) else amounts
    return {
        "id": str(UUID(int=number)),
        "name": f"{side} {number}",
        "side": side,
        "kind": "operation",
        "unit_id": str(LINE_UNIT),
        "alternative": MAIN,
        "ledger": "money",
        "first_year": 2026,
        "price_year": 2026,
        "amounts": pattern,
        "start_delays": [],
        "is_disbenefit": False,
        "is_public_money": True,
    } | members


def once(formula: str) -> Json:
    return {"pattern": "one-off", "amount": formula}


def document(*lines: Json, assumptions: tuple[Json, ...] = (), **members: Any) -> Json:
    alternatives = [{"code": ZERO, "name": "As today"}, {"code": MAIN, "name": "Main"}]
    return {
        "assumptions": list(assumptions),
        "lines": list(lines),
        "alternatives": alternatives,
        "recommended": MAIN,
        "financing": [],
    } | members


def model(*lines: Json, assumptions: tuple[Json, ...] = (), **members: Any) -> CaseModel:
    return model_from(document(*lines, assumptions=assumptions, **members))


def resolved(*lines: Json, within: CaseFrame | None = None, **members: Any) -> Resolved:
    return resolve(model(*lines, **members), within or frame(horizon_years=3))


def version(number: int, *lines: Json, within: CaseFrame | None = None, **members: Any) -> BusinessCase:
    return business_case(PROJECT, number, resolved(*lines, within=within, **members))


def figures(*numbers: int | str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)
