"""The made-up municipality's file, and how it becomes requests."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from gevinst_shared.cli.municipality.bodies import Municipality, cost_by_year, first_day, last_day
from gevinst_shared.cli.municipality.loading import read_example

TODAY = date(2028, 3, 1)


@pytest.fixture(scope="module")
def municipality() -> Municipality:
    return Municipality.starting_after(read_example("municipality.json"), TODAY)


def test_no_two_records_have_the_same_key(municipality: Municipality) -> None:
    said = municipality.said
    keys = [one["key"] for part in ("people", "units", "resources", "projects") for one in said[part]]

    assert max(Counter(keys).values()) == 1
    assert len(said["projects"]) == 60


def test_a_project_costs_what_its_quarters_and_its_operation_cost(municipality: Municipality) -> None:
    projects = municipality.said["projects"]
    for one in [*projects, *(concept for each in projects for concept in each.get("concepts", ()))]:
        parts = [*one["investment_by_quarter"], one["operation"]]

        assert sum(map(Decimal, parts)) == Decimal(one["cost"]), one["name"]
        assert len(one["investment_by_quarter"]) == one["quarters"], one["name"]


def test_the_years_of_the_file_begin_with_the_next_year(municipality: Municipality) -> None:
    assert municipality.first_quarter == "2029-Q1"
    assert municipality.quarter("2026-Q4") == "2028-Q4"
    assert {one["year"] for one in municipality.budget()["years"]} == {2029, 2030, 2031, 2032}


def test_a_waiting_project_wants_to_begin_at_once_and_a_running_one_has_begun(
    municipality: Municipality,
) -> None:
    projects = {one["key"]: one for one in municipality.said["projects"]}

    assert municipality.begins(projects["digital-post"]) == date(2029, 1, 1)
    assert municipality.begins(projects["barnevern"]) == date(2028, 10, 1)


def test_costs_fall_in_the_years_of_their_quarters() -> None:
    one = {"investment_by_quarter": ["1.00", "2.00", "3.50"], "operation": "0.25"}

    assert cost_by_year(one, date(2026, 7, 1)) == [
        {"year": 2026, "kind": "investment", "amount": "3.00"},
        {"year": 2027, "kind": "investment", "amount": "3.50"},
        {"year": 2027, "kind": "operation", "amount": "0.25"},
    ]


@pytest.mark.parametrize(
    ("quarter", "count", "last"),
    [
        ("2027-Q1", 4, date(2027, 12, 31)),
        ("2027-Q4", 1, date(2027, 12, 31)),
        ("2026-Q3", 5, date(2027, 9, 30)),
    ],
)
def test_so_many_quarters_end_on_their_last_day(quarter: str, count: int, last: date) -> None:
    assert last_day(first_day(quarter), count) == last
