"""Leave, and who stands in meanwhile (N3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gevinst_shared.values.refusal import Refusal

# A stand-in who is away has one too; so many are asked in turn.
_LONGEST_CHAIN = 5


class OddAbsence(Refusal):
    code = "odd-absence"
    title = "These days are no leave"
    detail = "The first day back must come after the first day away, at most three years later."


class AbsencesOverlap(Refusal):
    code = "absences-overlap"
    title = "There is leave on these days already"
    detail = "There is leave from {away_from} until {back_on} already. Change that one, or choose other days."


class StandsInForThemselves(Refusal):
    code = "stands-in-for-themselves"
    title = "Nobody stands in for themselves"
    detail = "Name somebody else as the substitute, or nobody."


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from a day until, not including, `back_on`."""

    person_id: UUID
    away_from: date
    back_on: date
    substitute_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.away_from >= self.back_on or (self.back_on - self.away_from).days > 3 * 366:
            raise OddAbsence
        if self.substitute_id == self.person_id:
            raise StandsInForThemselves

    def is_on(self, day: date) -> bool:
        return self.away_from <= day < self.back_on


def stand_in(person_id: UUID, absences: Mapping[UUID, Absence]) -> UUID | None:
    """Who hears in this person's place: their substitute, or that one's, and so on; None when nobody does.

    `absences` are those of the day, by who is away.
    """
    asked = person_id
    for _ in range(_LONGEST_CHAIN):
        absence = absences.get(asked)
        if absence is None:
            return None if asked == person_id else asked
        if absence.substitute_id is None or absence.substitute_id == person_id:
            return None
        asked = absence.substitute_id
    return None
