"""How a cell of a GMPP file is read; the examples are cells of published files."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.gmpp.cells import (
    MILLION,
    CellState,
    Confidence,
    read_confidence,
    read_date,
    read_pounds,
    read_text,
)


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [
        ("£1,139.18", "1139180000"),
        ("£1.90m", "1900000"),
        ("7.9", "7900000"),
        ("-£7,169.20", "-7169200000"),
        ("£-2.60m", "-2600000"),
        ("−£2.60m", "-2600000"),
        ("£1.2bn", "1200000000"),
        ("£ 450.5 million", "450500000"),
        ("£250k", "250000"),
        ("(12.3)", "-12300000"),
        ("(£12.3m)", "-12300000"),
        ("0", "0"),
        ("-0.00", "0"),
        ("£31,000\u00a0", "31000000000"),
    ],
)
def test_a_figure_is_in_millions_unless_the_cell_says_otherwise(cell: str, pounds: str) -> None:
    assert read_pounds(cell) == Decimal(pounds)


@pytest.mark.parametrize(
    "cell",
    [
        "£10m to £12m",
        "10 / 12",
        "1,23",
        "1.234,56",
        "1,2345",
        "12.3)",
        "(-12.3)",
        "--5",
        "£-£5",
        "€5m",
        "5%",
        "about 5",
        ">1000",
        "£5m (excluding VAT)",
        "1E+3",
        "nil",
        "٣",
    ],
)
def test_a_figure_that_can_be_read_in_two_ways_or_none_is_not_understood(cell: str) -> None:
    assert read_pounds(cell) is CellState.NOT_UNDERSTOOD


def test_a_figure_in_single_pounds_in_a_column_of_millions_is_not_taken_for_trillions() -> None:
    assert read_pounds("£45,000,000") is CellState.IMPLAUSIBLE
    assert read_pounds("£999,999") == Decimal(999_999) * MILLION


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("", CellState.MISSING),
        (" \n ", CellState.MISSING),
        ("-", CellState.MISSING),
        ("#N/A", CellState.MISSING),
        ("Data Not Provided", CellState.MISSING),
        ("Data not provided by department", CellState.MISSING),
        ("No DCA", CellState.MISSING),
        ("n/a", CellState.NOT_APPLICABLE),
        ("Not Applicable", CellState.NOT_APPLICABLE),
        ("No end date", CellState.NOT_APPLICABLE),
        ("TBC", CellState.NOT_YET),
        ("Early planning GMPP project \n\n(The project has not yet passed SOC)", CellState.NOT_YET),
        ("The project is not in a position to provide this information", CellState.NOT_YET),
        ("Reset", CellState.RESET),
        ("Data exempt under section 27 and section 43 of the Freedom of Information Act", CellState.WITHHELD),
        ("Date exempt under section 43 of the Freedom of Information Act (2000)", CellState.WITHHELD),
        ("Exempt under sections 24 & 26 of the FoI Act (2000)", CellState.WITHHELD),
        ("Exemption under Section 24 (National Security) and 31 (1)", CellState.WITHHELD),
    ],
)
def test_a_cell_without_a_value_says_why(cell: str, state: CellState) -> None:
    assert read_pounds(cell) is state
    assert read_date(cell) is state
    assert read_confidence(cell) is state
    assert read_text(cell) is state


def test_prose_about_an_exemption_is_still_prose() -> None:
    text = "Exempt passengers travel free; the others pay from 2019."

    assert read_text(text) == text


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/2040", date(2040, 12, 31)),
        ("2040-12-31", date(2040, 12, 31)),
        ("2040-12-31 00:00:00", date(2040, 12, 31)),
        ("2040-12-31T00:00:00Z", date(2040, 12, 31)),
        ("1.2.2021", date(2021, 2, 1)),
        ("1st March 2025", date(2025, 3, 1)),
        ("01-Mar-2025", date(2025, 3, 1)),
    ],
)
def test_a_day_is_read_day_first_or_year_first(cell: str, day: date) -> None:
    assert read_date(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "1/012/2014",
        "31/02/2020",
        "12/31/2020",
        "March 2025",
        "2025",
        "31/12/25",
        "45016",
        "01/01/0020",
        "soon",
    ],
)
def test_a_day_that_is_impossible_or_incomplete_is_not_completed_for_its_author(cell: str) -> None:
    assert read_date(cell) is CellState.NOT_UNDERSTOOD


@pytest.mark.parametrize("cell", ["Amber/Red", "Amber/red", "Amber/ Red", "AMBER-RED ", "amber red"])
def test_one_level_is_one_level_however_it_is_spelled(cell: str) -> None:
    assert read_confidence(cell) is Confidence.AMBER_RED


@pytest.mark.parametrize("cell", ["Purple", "Red and green", "Amber (provisional)", "Amber, was Red"])
def test_no_other_colour_is_guessed(cell: str) -> None:
    assert read_confidence(cell) is CellState.NOT_UNDERSTOOD


@given(
    millions=st.decimals(min_value=-99_999, max_value=99_999, places=2),
    sign=st.sampled_from(["-£{}", "£-{}", "(£{})", "(£{}m)", "-{}", "({})", "-£{}m"]),
    grouped=st.booleans(),
)
def test_a_figure_survives_being_written_in_any_published_way(
    millions: Decimal, sign: str, *, grouped: bool
) -> None:
    digits = f"{abs(millions):,}" if grouped else f"{abs(millions)}"
    cell = sign.format(digits) if millions < 0 else f"£{digits}"

    assert read_pounds(cell) == millions * MILLION


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_survives_being_written_in_any_published_way(day: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"):
        assert read_date(day.strftime(form)) == day
    assert read_date(f"{day.day} {day:%B} {day.year}") == day


@given(cell=st.text())
def test_no_cell_whatever_breaks_a_reader(cell: str) -> None:
    assert isinstance(read_pounds(cell), Decimal | CellState)
    assert isinstance(read_date(cell), date | CellState)
    assert isinstance(read_confidence(cell), Confidence | CellState)
    assert read_text(cell)
