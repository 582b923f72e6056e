"""Overviews over HTTP: duties, what waits for controllers, units, programmes and portfolios."""

import pytest

from gevinst_benefits.schemas.duties import MyDutiesOut
from gevinst_benefits.schemas.overviews import UnitOverviewOut, VerificationOverviewOut, WorkOverviewOut
from gevinst_shared.web.shapes import Out
from tests.benefits.world import OWNER, World


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/overviews/me", MyDutiesOut),
        ("/overviews/verification", VerificationOverviewOut),
        ("/units/{unit}/overview", UnitOverviewOut),
        ("/portfolios/{portfolio}/overview", WorkOverviewOut),
    ],
)
async def test_an_overview_is_what_its_shape_says(world: World, path: str, shape: type[Out]) -> None:
    await world.planned()
    there = path.format(unit=world.unit, portfolio=world.portfolio_id)

    answer = await world.desk.caller(subject=OWNER).get(there)

    assert answer.status_code == 200, answer.text
    assert shape.model_validate(answer.json()).model_dump(mode="json", exclude_none=True) == answer.json()
