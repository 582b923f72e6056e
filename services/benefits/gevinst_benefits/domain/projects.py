"""What the benefits service knows of a project, and what it refuses before a project can be planned."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_shared.values.actor import Place
from gevinst_shared.values.refusal import Refusal


class UnitNotKnown(Refusal):
    code = "unit-not-known"
    title = "The unit is not known"
    detail = "There is no unit {unit} in your organisation. A new unit can take a moment to arrive here."


class PersonNotKnown(Refusal):
    code = "person-not-known"
    title = "The person is not known"
    detail = "There is no person {person} in your organisation. A new one can take a moment to arrive here."


@dataclass(frozen=True, slots=True)
class Project:
    """A project and everything that it is part of. `unit_path` runs from the top unit to its own.

    `status` is the portfolio service's word for it; `deliveries` are those that benefits can hang on (B9).
    """

    id: UUID
    name: str
    portfolio_id: UUID | None = None
    programme_id: UUID | None = None
    unit_path: tuple[UUID, ...] = ()
    start: date | None = None
    end: date | None = None
    status: str | None = None
    deliveries: tuple[Delivery, ...] = ()

    def place(self, *more_units: UUID) -> Place:
        """Where roles must be held to act on the project, or on something of it in `more_units`."""
        return Place(
            units=frozenset({*self.unit_path, *more_units}),
            portfolios=_just(self.portfolio_id),
            programmes=_just(self.programme_id),
            projects=frozenset({self.id}),
        )


def refuse_unknown_units(wanted: Iterable[UUID], known: Collection[UUID]) -> None:
    for unit_id in wanted:
        if unit_id not in known:
            raise UnitNotKnown(unit=unit_id)


def _just(one: UUID | None) -> frozenset[UUID]:
    return frozenset(() if one is None else (one,))
