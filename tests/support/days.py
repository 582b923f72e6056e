"""Days as organisations of the tests have them."""

from datetime import date

from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.support.organisations import OSLO


def today() -> date:
    """The day in Norway, asked while a test runs: a run can go on past midnight."""
    return day_there(OSLO, utc_now())
