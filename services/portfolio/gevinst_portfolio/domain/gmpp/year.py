"""Which year a GMPP file is about."""

import re
from collections.abc import Iterable, Sequence

from gevinst_portfolio.domain.gmpp.fields import Field, field_of, years_of
from gevinst_portfolio.domain.gmpp.projects import YearSource
from gevinst_portfolio.domain.gmpp.refusals import YearUnknown

# The label of the prose on variance is not asked: in 2020 and 2023 it still names the year before.
_DATED = frozenset({Field.YEAR_BASELINE, Field.YEAR_FORECAST, Field.YEAR_VARIANCE})


def year_of(
    labels: Iterable[str], *, year: int | None, file_name: str | None, identifiers: Iterable[str]
) -> tuple[int, YearSource, list[tuple[YearSource, int]]]:
    """The year, how it is known, and what the caller or the file name says otherwise.

    The labels of the yearly figures are the surest, then the caller, then the file name; the newest GMPP
    identifier (`…_2223-Q3` was given in 2022/23) is the last resort. Raises `YearUnknown`.
    """
    said = [
        (YearSource.LABELS, _only(_years_of_figures(labels))),
        (YearSource.CALLER, year),
        (YearSource.FILE_NAME, _only(_years_in_name(file_name or ""))),
    ]
    known = [(source, found) for source, found in said if found is not None]
    if not known and (newest := _newest(identifiers)):
        known = [(YearSource.IDENTIFIERS, newest)]
    if not known:
        raise YearUnknown
    source, chosen = known[0]
    return chosen, source, [(other, found) for other, found in known if found != chosen]


def _years_of_figures(labels: Iterable[str]) -> list[int]:
    return [year for label in labels if field_of(label) in _DATED for year in years_of(label)]


def _years_in_name(file_name: str) -> Sequence[int]:
    if spans := years_of(file_name):
        return spans
    return [int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", file_name)]


def _newest(identifiers: Iterable[str]) -> int | None:
    given = (re.search(r"_(\d\d)(\d\d)-Q\d$", identifier) for identifier in identifiers)
    years = [2000 + int(found[2]) for found in given if found and int(found[2]) == (int(found[1]) + 1) % 100]
    return max(years, default=None)


def _only(years: Sequence[int]) -> int | None:
    return years[0] if len(set(years)) == 1 else None
