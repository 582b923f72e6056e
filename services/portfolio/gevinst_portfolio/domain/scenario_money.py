"""A year's money and what of it falls within a scenario, which may end in the middle of the year."""

QUARTERS_OF_YEAR = 4


def within_reach(year: int, quarters: int) -> int:
    """What a scenario that reaches so many quarters of a year has of the year's money, in whole hundredths.

    Check: 3 of 4 quarters of 1001 have 750.
    """
    return year * quarters // QUARTERS_OF_YEAR


def rise_of_year(year: int, quarters: int, more: int) -> int:
    """The least rise of the year's money that gives the scenario `more`, exactly; whole hundredths.

    Check: for 100 more within 2 of 4 quarters a year of 1001 must rise by 199, to 1200.
    """
    return -(-QUARTERS_OF_YEAR * (within_reach(year, quarters) + more) // quarters) - year
