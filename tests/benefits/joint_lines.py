"""Lines of a joint portfolio, made up."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.joint_portfolio import Figures, Key, Known, Shown
from gevinst_benefits.domain.joint_potential import Unit
from gevinst_shared.values.joint_body import Held, JointBody, JointLine

NOK, DKK = Unit("NOK", 2026), Unit("DKK", 2025)
Line = JointLine[Figures]
_numbers = count(1)


def money(confirmed: Any, unconfirmed: Any = 0, **more: Any) -> dict[str, Decimal]:
    named = {"confirmed": confirmed, "unconfirmed": unconfirmed, **more}
    return {name: Decimal(one) for name, one in named.items()}


def line(
    name: str | None,
    stated: Mapping[Unit, Mapping[str, Decimal]] | None = None,
    *,
    projects: int = 1,
    missing: int = 0,
    undecided: int = 0,
) -> Line:
    """A partner's line; our own without a name."""
    figures = Figures(projects=projects, undecided=undecided)
    figures.miss(Shown.POTENTIAL, missing)
    for unit, known in (stated or {}).items():
        figures.sums[Shown.POTENTIAL][Key("money", *unit)] = Known(dict(known), projects - missing, 1)
    return JointLine(body(name), figures)


def body(name: str | None, *held: Held) -> JointBody:
    number = next(_numbers)
    partner_id = None if name is None else UUID(int=number)
    return JointBody(f"0192:{900_000_000 + number}", name, partner_id, held=held)
