"""The joint portfolio, drawn (X4)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.joint_potential import UnitAsked
from gevinst_benefits.domain.permissions import VIEW_JOINTLY
from gevinst_benefits.routes.charts import view_of
from gevinst_benefits.routes.joint_portfolio import AskedFor
from gevinst_benefits.usecases import viewing_jointly
from gevinst_shared.db.work import Work
from gevinst_shared.web.charts import CHART_ANSWERS, Asked
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Charts"])


@router.get(
    "/joint-portfolio/charts/potential",
    summary="What benefits give by body, drawn",
    response_class=Response,
    responses=CHART_ANSWERS,
)
async def draw_joint_potential(
    work: Annotated[Work, reads(VIEW_JOINTLY)],
    wanted: AskedFor,
    asked: Asked,
    currency: Annotated[
        str | None,
        Query(
            description="Only what is stated in it. Absent: the one that most bodies state.",
            max_length=3,
            pattern="^[A-Z]{3}$",
            examples=["DKK"],
        ),
    ] = None,
    price_year: Annotated[
        int | None,
        Query(
            description="Only what is stated at its prices. Absent: the one that most bodies state.",
            ge=1900,
            le=2300,
        ),
    ] = None,
) -> Response:
    """What the benefits of each body give in a full year, in one currency and price year, the largest first:
    the figures of `GET /joint-portfolio/bodies`. The thirty largest are bars; all bodies stand in the table,
    also those of which it is missing. After a restore from a backup only your own are drawn until every
    partner was read anew. It is of no record, so it cannot be embedded."""
    view = await view_of(work, asked)
    unit = UnitAsked(currency, price_year)
    return asked.answer(await viewing_jointly.draw_potential(work, wanted, unit, view), view)
