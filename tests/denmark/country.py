"""The 98 municipalities of Denmark, and figures for each that are made up from its code.

Names, organisation numbers and codes are real (`tests/data/municipalities`). There is no public figure of
them in there to plan with, so what each counts and pays is worked out from its code: different for each,
always the same, and nothing that anybody could take for the municipality's own.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.support.tree import ROOT

FILE = ROOT / "tests" / "data" / "municipalities" / "dk_municipalities.csv"
# It is governed by a ministry, and no municipality.
CHRISTIANSO = 411
# Passes the check, and is above all numbers that were ever given out.
CENTRE = ("0184:99000007", "Municipalities Together")
YEARS = (2026, 2027, 2028, 2029)
PRICE_YEAR = 2026
SET_UP = Decimal(100_000)
DIGITAL_SHARE = Decimal("0.6")


@dataclass(frozen=True, slots=True)
class Municipality:
    organisation: str
    name: str
    code: int

    @property
    def letters(self) -> int:
        """A year: a hundred for each unit of its code."""
        return 100 * self.code

    @property
    def postage(self) -> Decimal:
        """Of a letter, in kroner: from 10.00 to 13.00, by its code."""
        return Decimal(10) + Decimal("0.50") * (self.code % 7)

    @property
    def owner_confirms(self) -> bool:
        """Whether somebody there stands for the benefit (B2)."""
        return self.code % 2 == 0


def municipalities() -> list[Municipality]:
    """All 98 by code, those with the largest codes last."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [(int(row["kommunekode"]), row["navn"], row["cvr"]) for row in csv.DictReader(file)]
    return [
        Municipality(f"0184:{cvr}", name, code) for code, name, cvr in sorted(rows) if code != CHRISTIANSO
    ]


def saving(letters: int, postage: Decimal) -> Decimal:
    """Kroner a year that digital letters save in postage."""
    return letters * DIGITAL_SHARE * postage


def national_case(unit_id: str, *, postage: str) -> dict[str, Any]:
    """The national case as a body for `POST /projects/{id}/business-cases`: of an imagined municipality."""
    zero, main = "zero", "digital-post"
    line = {"unit_id": unit_id, "alternative": main, "price_year": PRICE_YEAR}
    return {
        "base_year": YEARS[0],
        "horizon_years": len(YEARS),
        "price_year": PRICE_YEAR,
        "currency": "DKK",
        "regime": "dk-2021",
        "assumptions": [
            {"name": "letters", "value": "40000", "unit": "letters/year"},
            {"name": "postage", "value": postage, "unit": "DKK/letter", "price_year": PRICE_YEAR},
            {"name": "digital_share", "value": "60", "unit": "percent"},
            {"name": "set_up", "value": str(SET_UP), "unit": "DKK", "price_year": PRICE_YEAR},
        ],
        "alternatives": [
            {"code": zero, "name": "Letters go on by post"},
            {"code": main, "name": "Digital post"},
        ],
        "recommended": main,
        "lines": [
            {
                **line,
                "name": "Set-up",
                "side": "cost",
                "kind": "investment",
                "first_year": YEARS[0],
                "amounts": {"pattern": "one-off", "amount": "set_up"},
            },
            {
                **line,
                "name": "Less postage",
                "side": "benefit",
                "kind": "avoided-cost",
                "first_year": YEARS[1],
                "amounts": {"pattern": "recurring", "amount_per_year": "letters * digital_share * postage"},
            },
        ],
    }
