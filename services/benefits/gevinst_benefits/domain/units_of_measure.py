"""What indicators are counted in: a documented list, and free ones beside it."""

from decimal import Decimal

from gevinst_shared.values.refusal import Refusal

UNITS_OF_MEASURE = ("count", "money", "percent", "hours", "fte", "days", "score", "yes-no")
_YES_OR_NO = (Decimal(0), Decimal(1))


class NeitherYesNorNo(Refusal):
    code = "neither-yes-nor-no"
    title = "Neither yes nor no"
    detail = "{value} is neither yes nor no. Write 1 for yes and 0 for no, or choose another unit of measure."


def refuse_odd_value(unit_of_measure: str, value: Decimal | None, *, pointer: str) -> None:
    """Refuse a value that the unit does not have: an answer is 1 (yes) or 0 (no)."""
    if unit_of_measure == "yes-no" and value is not None and value not in _YES_OR_NO:
        raise NeitherYesNorNo(value=value, pointer=pointer)
