"""Made-up files in the shapes of years that are not shipped: labels change every year, fields do not."""

from datetime import date
from decimal import Decimal

import pytest

from gevinst_portfolio.domain.gmpp.cells import CellState, Confidence
from gevinst_portfolio.domain.gmpp.fields import Authority, Field, field_of
from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import Finding, FindingKind, Rating, YearSource
from tests.support.gmpp import one_column_per_project, one_row_per_project

SHAPE_2018 = {
    "Project Name": ["Harbour Renewal", "Coast Radar"],
    "Department": ["DfT", "MoD"],
    "IPA Delivery Confidence Assessment\n(at a fixed point in time, using a five-point scale)": [
        "Amber/Green",
        "Exempt under Section 26 of the Freedom of Information Act 2000 (Defence)",
    ],
    "Description / Aims": ["Renews the harbour.", "Watches the coast."],
    "Project - Start Date\n(Latest Approved Start Date)": ["01/03/2014", "15/06/2016"],
    "Project - End Date\n(Latest Approved End Date)": ["17/11/2023", "Reset"],
    "2017/18 TOTAL Baseline £m\n(including Non-Government costs)": ["£12.20", "-£0.50"],
    "2017/18 TOTAL Forecast £m\n(including Non-Government costs)": ["£9.90", "£1.00"],
    "2017/2018 Variance %age": ["-19%", "-"],
    "Whole Life Cost TOTAL Baseline £m\n(including Non-Government costs)": ["£1,193.30", "£2.1bn"],
}
SHAPE_2024 = {
    "GMPP ID Number": ["DFT_0201_2324-Q1", "MOD_0300_2324-Q2"],
    "Project Name": ["Harbour Renewal", "Coast Radar"],
    "Department": ["DFT", "MOD"],
    "Annual Report Category": ["Infrastructure and Construction", "Military Capability"],
    "Description / Aims": ["Renews the harbour.", "Watches the coast."],
    "NISTA Delivery Confidence Assessment (three-point scale)": ["Red", ""],
    "SRO Delivery Confidence Assessment (three-point scale)": ["Amber", "Green"],
    "Project - Start Date": ["2014-03-01", "2016-06-15"],
    "Project - End Date": ["2023-11-17", "2031-02-29"],
    "Financial Year Baseline (£m)": ["12.2", "1"],
    "TOTAL Baseline Whole Life Costs (£m)": ["1193.3", "see narrative"],
    "TOTAL Baseline Benefits (£m)": ["2000", ""],
    "Carbon Impact (ktCO2e)": ["-40", "12"],
}


def test_a_file_in_the_shape_of_2018_is_read() -> None:
    found = import_gmpp(one_column_per_project(SHAPE_2018).encode("cp1252"))

    harbour, radar = found.projects
    assert (found.year, found.year_source) == (2018, YearSource.LABELS)
    assert harbour.ratings == (Rating(Authority.IPA, Confidence.AMBER_GREEN, 5),)
    assert (harbour.start_date, harbour.end_date) == (date(2014, 3, 1), date(2023, 11, 17))
    assert (harbour.year_baseline, harbour.year_forecast) == (Decimal(12_200_000), Decimal(9_900_000))
    assert (radar.whole_life_cost, radar.year_baseline) == (Decimal(2_100_000_000), Decimal(-500_000))
    assert [(one.project_key, one.field, one.row, one.column, one.state) for one in found.cells] == [
        ("coast radar @ mod", Field.RATING, 3, 3, CellState.WITHHELD),
        ("coast radar @ mod", Field.END_DATE, 6, 3, CellState.RESET),
        ("coast radar @ mod", Field.YEAR_VARIANCE, 9, 3, CellState.MISSING),
    ]


def test_2022_has_two_ratings_on_three_levels() -> None:
    fields = {
        "Project Name": ["Harbour Renewal"],
        "Department": ["DFT"],
        "IPA Delivery Confidence Assessment": ["Amber"],
        "SRO Delivery Confidence Assessment": ["Green"],
    }

    (harbour,) = import_gmpp(
        one_column_per_project(fields, delimiter=";").encode(), file_name="gmpp_2021-22.csv"
    ).projects

    assert harbour.ratings == (
        Rating(Authority.IPA, Confidence.AMBER, 3),
        Rating(Authority.SRO, Confidence.GREEN, 3),
    )
    assert harbour.rating == Rating(Authority.IPA, Confidence.AMBER, 3)


def test_a_file_with_one_row_per_project_and_a_byte_order_mark_is_read() -> None:
    text = one_row_per_project(SHAPE_2024, delimiter=";")

    found = import_gmpp(text.encode("utf-8-sig"), file_name="GMPP_2023-24_data.csv")

    harbour, radar = found.projects
    assert (found.year, found.is_transposed) == (2024, False)
    assert harbour.key == "DFT_0201_2324-Q1"
    assert harbour.ratings[0].authority is Authority.NISTA
    assert radar.rating == Rating(Authority.SRO, Confidence.GREEN, 3)
    assert (harbour.total_benefits, radar.total_benefits) == (Decimal(2_000_000_000), None)
    assert [(one.field, one.row, one.column, one.state, one.raw) for one in found.cells] == [
        (Field.RATING, 3, 6, CellState.MISSING, ""),
        (Field.END_DATE, 3, 9, CellState.NOT_UNDERSTOOD, "2031-02-29"),
        (Field.WHOLE_LIFE_COST, 3, 11, CellState.NOT_UNDERSTOOD, "see narrative"),
        (Field.TOTAL_BENEFITS, 3, 12, CellState.MISSING, ""),
    ]


def test_an_unknown_field_is_reported_once_and_its_texts_are_kept() -> None:
    found = import_gmpp(one_column_per_project(SHAPE_2024).encode(), year=2024)

    assert [one.texts["Carbon Impact (ktCO2e)"] for one in found.projects] == ["-40", "12"]
    unknown = [one for one in found.findings if one.kind is FindingKind.UNKNOWN_FIELD]
    assert unknown == [Finding(FindingKind.UNKNOWN_FIELD, 13, 1, "Carbon Impact (ktCO2e)")]


def test_nothing_of_a_project_is_lost_even_when_nothing_of_it_is_understood() -> None:
    fields = {label: [f"[{label}] {n}" for n in range(2)] for label in SHAPE_2024}

    found = import_gmpp(one_column_per_project(fields).encode(), year=2024)

    for n, project in enumerate(found.projects):
        held = f"{project} {project.texts}"
        assert all(f"[{label}] {n}" in held for label in fields)


def test_a_second_column_for_one_field_is_kept_as_text_and_reported() -> None:
    fields = {**SHAPE_2024, "End date of the project (previous)": ["2022-01-01", "2030-01-01"]}

    found = import_gmpp(one_column_per_project(fields).encode(), year=2024)

    assert found.projects[0].end_date == date(2023, 11, 17)
    assert found.projects[0].texts["End date of the project (previous)"] == "2022-01-01"
    assert FindingKind.REPEATED_FIELD in {one.kind for one in found.findings}


def test_a_field_that_the_file_does_not_have_is_named() -> None:
    found = import_gmpp(one_column_per_project(SHAPE_2018).encode())

    absent = {one.text for one in found.findings if one.kind is FindingKind.ABSENT_FIELD}
    assert {"identifier", "total-benefits"} <= absent
    assert found.projects[0].total_benefits is None


def test_labels_win_over_the_caller_and_the_difference_is_told() -> None:
    found = import_gmpp(one_column_per_project(SHAPE_2018).encode(), year=2019, file_name="gmpp_2018.csv")

    assert found.year == 2018
    differs = [one.text for one in found.findings if one.kind is FindingKind.YEAR_DIFFERS]
    assert differs == ["caller: 2019"]


def test_a_label_that_says_billions_is_believed() -> None:
    fields = {**SHAPE_2024, "TOTAL Baseline Whole Life Costs (£bn)": ["1.2", "£300m"]}
    del fields["TOTAL Baseline Whole Life Costs (£m)"]

    found = import_gmpp(one_column_per_project(fields).encode(), year=2024)

    assert [one.whole_life_cost for one in found.projects] == [Decimal(1_200_000_000), Decimal(300_000_000)]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Programme name", Field.NAME),
        ("Project ID", Field.IDENTIFIER),
        ("GMPP ID", Field.IDENTIFIER),
        ("Lead Department", Field.DEPARTMENT),
        ("Delivery Confidence Assessment", Field.RATING),
        ("NISTA RAG rating", Field.RATING),
        ("Departmental commentary on actions planned or taken on the NISTA DCA", Field.RATING_COMMENTARY),
        ("Latest approved start date of the project", Field.START_DATE),
        ("Project completion date", Field.END_DATE),
        ("2024/25 TOTAL Baseline £m", Field.YEAR_BASELINE),
        ("FY24/25 Forecast (£m)", Field.YEAR_FORECAST),
        ("In-year budget (£m)", Field.YEAR_BASELINE),
        ("Whole-life cost, baseline (£m)", Field.WHOLE_LIFE_COST),
        ("Baseline WLC £m", Field.WHOLE_LIFE_COST),
        ("Monetised benefits (£m)", Field.TOTAL_BENEFITS),
        ("Departmental narrative on whole life costs", Field.WHOLE_LIFE_COST_NARRATIVE),
        ("Whole Life Cost forecast £m", None),
        ("SRO name", None),
        ("Previous IPA DCA rating", None),
        ("The IPA Annual Report publishes whole life costs. " * 5, None),
    ],
)
def test_a_field_is_known_by_the_words_of_its_label(label: str, field: Field | None) -> None:
    assert field_of(label) is field
