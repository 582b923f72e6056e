"""Organisation numbers in their one written form, and the day at an organisation's place."""

import re
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.db.engine import connect_arguments
from gevinst_shared.values.organisation import (
    OddOrganisationNumber,
    day_there,
    end_of_day_there,
    organisation_id,
)
from tests.support.installation import Installation

OSLO, COPENHAGEN, STOCKHOLM, HELSINKI = "0192:958935420", "0184:64942212", "0007:2120000142", "0212:02012566"
NUMBERS = st.one_of(st.text(max_size=30), st.from_regex(r"\s*(0192|0184|0007|0212):[\d' -]{6,14}\s*"))


@pytest.mark.parametrize("known", [OSLO, COPENHAGEN, STOCKHOLM, HELSINKI])
def test_a_number_with_its_check_digit_is_known(known: str) -> None:
    assert organisation_id(f" {known} ") == known


@given(NUMBERS)
def test_nothing_but_digits_and_a_colon_comes_out_whatever_a_token_says(text: str) -> None:
    """The identifier goes into a statement that takes no parameters, so nothing of it may end a quotation."""
    try:
        found = organisation_id(text)
    except OddOrganisationNumber:
        return

    assert re.fullmatch(r"[0-9]{4}:[0-9]{8,10}", found, re.ASCII)


@pytest.mark.parametrize(
    ("organisation", "moment", "day"),
    [
        (OSLO, datetime(2026, 7, 31, 22, 30, tzinfo=UTC), date(2026, 8, 1)),
        (OSLO, datetime(2026, 1, 31, 22, 30, tzinfo=UTC), date(2026, 1, 31)),
        (COPENHAGEN, datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (HELSINKI, datetime(2026, 1, 31, 22, 0, tzinfo=UTC), date(2026, 2, 1)),
        ("", datetime(2026, 7, 31, 22, 30, tzinfo=UTC), date(2026, 7, 31)),
    ],
)
def test_a_day_begins_at_midnight_where_the_organisation_is(
    organisation: str, moment: datetime, day: date
) -> None:
    assert day_there(organisation, moment) == day


async def test_the_days_are_those_of_postgresqls_table_of_time_zones(installation: Installation) -> None:
    hours = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 24 * 366 * 30, 7)]
    connection = await asyncpg.connect(**connect_arguments(installation.databases["portfolio"].url))
    try:
        rows = await connection.fetch(
            "SELECT (moment AT TIME ZONE 'Europe/Oslo')::date AS oslo,"
            " (moment AT TIME ZONE 'Europe/Helsinki')::date AS helsinki"
            " FROM unnest($1::timestamptz[]) moment",
            hours,
        )
    finally:
        await connection.close()

    assert [day_there(OSLO, hour) for hour in hours] == [row["oslo"] for row in rows]
    assert [day_there(HELSINKI, hour) for hour in hours] == [row["helsinki"] for row in rows]


@pytest.mark.parametrize("organisation", [OSLO, HELSINKI, ""])
@pytest.mark.parametrize("year", [2000, 2026, 2027])
def test_a_day_ends_where_the_next_one_begins(organisation: str, year: int) -> None:
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        end = end_of_day_there(organisation, day)

        assert day_there(organisation, end) == day + timedelta(days=1)
        assert day_there(organisation, end - timedelta(microseconds=1)) == day
