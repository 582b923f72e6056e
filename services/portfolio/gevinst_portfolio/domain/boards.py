"""Project boards: named roles that a person or a group holds (P10)."""

from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class TwoHolders(Refusal):
    code = "two-holders"
    title = "A role has one holder"
    detail = "Give `person_id` or `group_id`, not both. Several people hold a role as a group."


class SeatEnded(Refusal):
    code = "seat-ended"
    title = "The role is no longer in the board"
    detail = "The role was taken out of the board on {ended_on}. Add it anew."


def refuse_two_holders(person_id: UUID | None, group_id: UUID | None) -> None:
    if person_id is not None and group_id is not None:
        raise TwoHolders(pointer="/body/group_id")
