"""Calendar quarters: the periods in which projects are timed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

# The years that money and capacity are registered for, and that are shown.
YEARS = range(1990, 2201)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """`index` counts quarters from year 0, so that neighbours differ by 1.

    Check: 2027-Q1 is 8108, and its first day 2027-01-01.
    """

    index: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that the day is in."""
        return cls(day.year * 4 + (day.month - 1) // 3)

    @classmethod
    def at(cls, year: int, number: int) -> "Quarter":
        """The quarter 1 to 4 of a year."""
        return cls(year * 4 + number - 1)

    @classmethod
    def read(cls, text: str) -> "Quarter":
        """From its text, such as 2027-Q1; `ValueError` for any other."""
        found = re.fullmatch(r"([0-9]{4})-Q([1-4])", text)
        if found is None:
            raise ValueError(f"{text} is not a quarter such as 2027-Q1")
        return cls.at(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    def plus(self, quarters: int) -> "Quarter":
        return Quarter(self.index + quarters)

    @property
    def year(self) -> int:
        return self.index // 4

    @property
    def number(self) -> int:
        return self.index % 4 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        return self.plus(1).first_day - timedelta(days=1)
