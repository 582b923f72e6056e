"""The importer against the files that the UK government published.

The figures are counted in the files themselves: projects per file, disclosed whole-life cost and benefits.
"""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from gevinst_portfolio.domain.gmpp.cells import CellState, Confidence
from gevinst_portfolio.domain.gmpp.fields import Authority, Field
from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import (
    CellReport,
    FindingKind,
    ImportedFile,
    ImportedProject,
    Rating,
    YearSource,
)
from tests.support.gmpp import PUBLISHED_YEARS, published


@cache
def imported(year: int) -> ImportedFile:
    data, name = published(year)
    return import_gmpp(data, file_name=name)


def project(year: int, key: str) -> ImportedProject:
    return next(one for one in imported(year).projects if one.key == key)


def reports(year: int, state: CellState) -> list[CellReport]:
    return [report for report in imported(year).cells if report.state is state]


@pytest.mark.parametrize(
    ("year", "count"),
    [(2014, 199), (2015, 188), (2016, 143), (2017, 143), (2019, 133), (2020, 125), (2021, 184), (2023, 244)],
)
def test_every_project_of_a_published_file_is_imported_under_a_key_of_its_own(year: int, count: int) -> None:
    projects = imported(year).projects

    assert len(projects) == count
    assert len({one.key for one in projects}) == count


@pytest.mark.parametrize(("year", "billions"), [(2019, "441.8"), (2020, "447.9"), (2021, "542.0")])
def test_the_disclosed_whole_life_cost_adds_up_to_the_published_sum(year: int, billions: str) -> None:
    costs = [one.whole_life_cost for one in imported(year).projects if one.whole_life_cost is not None]

    assert (sum(costs, Decimal(0)) / 10**9).quantize(Decimal("0.1")) == Decimal(billions)


def test_110_projects_of_2023_have_total_benefits_and_102_of_them_a_full_case() -> None:
    with_benefits = [one for one in imported(2023).projects if one.total_benefits is not None]
    full = [
        one
        for one in with_benefits
        if None not in (one.whole_life_cost, one.start_date, one.end_date, one.rating)
    ]

    assert (len(with_benefits), len(full)) == (110, 102)


def test_2023_is_read_cell_by_cell_as_it_stands_in_the_file() -> None:
    found = project(2023, "HMRC_0015_1617-Q1")

    assert found.identifier == "HMRC_0015_1617-Q1"
    assert found.department == "HMRC"
    assert found.rating is not None
    assert found.rating.levels == 3
    assert found.start_date is not None
    assert found.description
    assert "Departmental Narrative on Budgeted Benefits" in found.texts


def test_money_written_in_four_ways_over_the_years_becomes_pounds() -> None:
    assert project(2015, "bis shared services @ bis").whole_life_cost == Decimal(26_190_000)
    assert project(2021, "DECC_0010_1112-Q1").year_baseline == Decimal(1_139_180_000)
    assert project(2023, "CO_0024_2021-Q2").year_baseline == Decimal(7_900_000)
    assert project(2017, "rail franchising programme @ dft").whole_life_cost == Decimal(-7_169_200_000)


def test_days_are_read_day_first_to_2020_and_year_first_from_2021() -> None:
    assert project(2014, "the francis crick institute formerly ukcmri @ bis").start_date == date(2006, 10, 1)
    assert project(2020, "DECC_0005_1112-Q1").end_date == date(2040, 12, 31)
    assert project(2021, "MOD_0106_1617-Q1").start_date == date(2014, 7, 8)


def test_the_rating_names_its_authority_and_its_scale() -> None:
    assert project(2014, "fe capital investment programme @ bis").ratings == (
        Rating(Authority.MPA, Confidence.AMBER_GREEN, 5),
    )
    assert project(2021, "MOD_0106_1617-Q1").ratings == (Rating(Authority.IPA, Confidence.AMBER_RED, 5),)
    assert project(2023, "CO_0024_2021-Q2").ratings == (Rating(Authority.SRO, Confidence.AMBER, 3),)


def test_a_withheld_figure_is_missing_and_not_zero() -> None:
    withheld = [
        report for report in reports(2019, CellState.WITHHELD) if report.field is Field.WHOLE_LIFE_COST
    ]

    assert len(withheld) == 15
    for report in withheld:
        assert "xempt" in report.raw
        assert project(2019, report.project_key).whole_life_cost is None


def test_a_date_that_no_calendar_has_is_reported_where_it_stands() -> None:
    (report,) = reports(2017, CellState.NOT_UNDERSTOOD)

    assert (report.field, report.row, report.column, report.raw) == (Field.START_DATE, 6, 34, "1/012/2014")
    assert project(2017, report.project_key).start_date is None


def test_prose_in_place_of_a_rating_is_reported_and_kept() -> None:
    (report,) = reports(2021, CellState.NOT_UNDERSTOOD)

    assert report.field is Field.RATING
    assert report.raw.startswith("Legal sensitivity")
    assert project(2021, report.project_key).texts[report.label] == report.raw


def test_an_end_before_the_start_is_kept_as_published_and_reported() -> None:
    (report,) = reports(2023, CellState.CONTRADICTORY)
    found = project(2023, report.project_key)

    assert found.start_date is not None
    assert found.end_date == date(2023, 1, 20) < found.start_date


def test_reset_is_a_state_of_its_own() -> None:
    fields = {report.field for report in reports(2014, CellState.RESET)}

    assert fields == {Field.END_DATE, Field.RATING, Field.WHOLE_LIFE_COST}


def test_the_one_byte_of_2020_without_a_character_is_shown_and_reported() -> None:
    (report,) = reports(2020, CellState.DAMAGED)
    found = project(2020, report.project_key)

    assert imported(2020).encoding == "cp1252"
    assert found.description is not None
    assert r"Quantum\x9d prison" in found.description


def test_accents_and_quotation_marks_of_2020_are_what_the_departments_wrote() -> None:
    texts = "\n".join(f"{one.description} {one.texts}" for one in imported(2020).projects)

    assert "Coopération en matière" in texts
    assert "Government’s policy" in texts


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_no_field_of_a_published_file_is_unknown(year: int) -> None:
    kinds = {finding.kind for finding in imported(year).findings}

    assert kinds <= {FindingKind.NOTE, FindingKind.ABSENT_FIELD}


def test_the_footnote_below_the_table_is_kept_whole() -> None:
    (note,) = [finding for finding in imported(2017).findings if finding.kind is FindingKind.NOTE]

    assert (note.row, note.column) == (16, 1)
    assert note.text.startswith("The IPA Annual Report publishes")


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_the_year_is_the_one_of_publication_whatever_old_headers_say(year: int) -> None:
    source = YearSource.LABELS if year < 2020 else YearSource.FILE_NAME

    assert (imported(year).year, imported(year).year_source) == (year, source)


@pytest.mark.parametrize("year", [2020, 2021, 2023])
def test_the_newest_identifier_tells_the_year_when_nothing_else_does(year: int) -> None:
    data, _ = published(year)

    found = import_gmpp(data)

    assert (found.year, found.year_source) == (year, YearSource.IDENTIFIERS)


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_importing_the_same_bytes_again_gives_the_same_answer(year: int) -> None:
    data, name = published(year)

    assert import_gmpp(data, file_name=name) == imported(year)


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_every_missing_figure_has_its_report(year: int) -> None:
    reported = {(report.project_key, report.field) for report in imported(year).cells}
    absent = {finding.text for finding in imported(year).findings if finding.kind is FindingKind.ABSENT_FIELD}

    for one in imported(year).projects:
        for field, value in {
            Field.START_DATE: one.start_date,
            Field.END_DATE: one.end_date,
            Field.YEAR_BASELINE: one.year_baseline,
            Field.YEAR_FORECAST: one.year_forecast,
            Field.WHOLE_LIFE_COST: one.whole_life_cost,
            Field.TOTAL_BENEFITS: one.total_benefits,
        }.items():
            assert value is not None or field in absent or (one.key, field) in reported
