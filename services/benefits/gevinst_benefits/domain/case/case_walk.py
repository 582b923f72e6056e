"""G4: the way from one version of a case to another, one change at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_model import CaseModel, ModelLine, RiskPool
from gevinst_benefits.domain.case.case_results import in_hundredths
from gevinst_benefits.domain.case.case_weights import (
    counted_share,
    line_amounts,
    line_weights,
    pool_constant,
    present_value,
)
from gevinst_benefits.domain.case.discounting import DIGITS, discount_factors
from gevinst_shared.values.refusal import Refusal


@dataclass(slots=True)
class _Held:
    """A line as it is at this point of the way, and what it is worth alone."""

    line: ModelLine
    amounts: tuple[Decimal, ...]
    present: Decimal


class Walk:
    """The net present value while a case is changed step by step.

    `effect()` tells what the steps since the last call did, in hundredths: each stop is the running value
    rounded, so that the effects of a whole way add up to the whole, and each is at most 0.01 from its exact
    value. A line that cannot be computed halfway (its divisor is zero until the next change) stays as it was
    until it can.
    """

    def __init__(self, model: CaseModel, frame: CaseFrame, values: Mapping[str, Decimal]) -> None:
        self.frame = frame
        self.values = values
        self._factors = discount_factors(frame.regime, frame.horizon_years)
        self._recommended, self._pool = model.recommended, model.risk_pool
        self._held: dict[UUID, _Held] = {}
        for line in model.lines:
            self._held[line.id] = self._priced(line, line_amounts(line, values))
        self._running = self._total()
        self._shown = in_hundredths(self._running)

    def effect(self, *, at: Decimal | None = None) -> Decimal:
        """What changed since the last call; `at` is the exact end of the way, already rounded."""
        now = in_hundredths(self._running) if at is None else at
        shown, self._shown = self._shown, now
        return now - shown

    def reframe(self, frame: CaseFrame, values: Mapping[str, Decimal]) -> None:
        """Go on in another frame, with the assumptions' values in its prices."""
        self.frame, self.values = frame, values
        self._factors = discount_factors(frame.regime, frame.horizon_years)
        for held in self._held.values():
            amounts = self._amounts(held.line) or held.amounts
            self._held[held.line.id] = self._priced(held.line, amounts)
        self._running = self._total()

    def suppose(self, values: Mapping[str, Decimal]) -> list[ModelLine]:
        """Take other values of the assumptions; the lines that read one that changed, not yet recomputed."""
        changed = {name for name in {*values, *self.values} if values.get(name) != self.values.get(name)}
        self.values = values
        return [held.line for held in self._held.values() if held.line.names & changed]

    def put(self, line: ModelLine) -> None:
        """Take the line in, or in place of the one with its id, at the values of now."""
        amounts = self._amounts(line)
        if amounts is None:
            return
        self.drop(line.id)
        self._held[line.id] = self._priced(line, amounts)
        with localcontext(prec=DIGITS):
            self._running += self._counted(self._held[line.id])

    def drop(self, line_id: UUID) -> None:
        held = self._held.pop(line_id, None)
        if held is not None:
            with localcontext(prec=DIGITS):
                self._running -= self._counted(held)

    def steer(self, *, recommended: str, pool: RiskPool | None) -> None:
        """Recommend another alternative, or set another risk pool aside."""
        self._recommended, self._pool = recommended, pool
        self._running = self._total()

    def _amounts(self, line: ModelLine) -> tuple[Decimal, ...] | None:
        try:
            return line_amounts(line, self.values)
        except (Refusal, KeyError):
            return None

    def _priced(self, line: ModelLine, amounts: tuple[Decimal, ...]) -> _Held:
        return _Held(line, amounts, present_value(line_weights(line, self.frame, self._factors), amounts))

    def _counted(self, held: _Held) -> Decimal:
        with localcontext(prec=DIGITS):
            return counted_share(held.line, self._recommended, self._pool) * held.present

    def _total(self) -> Decimal:
        with localcontext(prec=DIGITS):
            constant = pool_constant(self._pool, self.frame, self._factors, self._recommended)
            return constant + sum((self._counted(held) for held in self._held.values()), Decimal(0))
