"""Planned against measured: outlooks with forecast and traffic light, series, and overruled lights (B7)."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.measuring.traffic_lights import Colour, Light
from gevinst_benefits.domain.permissions import OVERRULE, VIEW
from gevinst_benefits.schemas.forecasts import (
    OutlookOut,
    OverrideIn,
    OverrideOut,
    OverridePageOut,
    SeriesOut,
)
from gevinst_benefits.store import indicators, light_overrides, series
from gevinst_benefits.usecases import foreseeing
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Forecasts"])
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
On = Annotated[Day | None, Query(description="On this day; absent: today.", examples=["2027-06-30"])]
FromDay = Annotated[date | None, Query(alias="from", description="From this day on, 1900 at the earliest.")]
ToDay = Annotated[date | None, Query(alias="to", description="Up to and with this day.")]
By = Annotated[Literal["month", "quarter", "year"], Query(description="How long a period is.")]


@router.get(
    "/indicators/{indicator_id}/forecast", summary="Where an indicator goes", response_model=OutlookOut
)
async def get_forecast(
    request: Request, indicator_id: UUID, work: Annotated[Work, reads(VIEW)], on: On = None
) -> Response:
    """Planned and measured on a day, where the indicator will end with its uncertainty, and its light. On a
    past day, out of what had been measured by then; the override is today's."""
    found = await foreseeing.outlook_of(work, indicator_id, on=on)
    told = OutlookOut.of(found, _sentence(request, found.light))
    return Response(told.model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/indicators/{indicator_id}/series", summary="An indicator's series", response_model=SeriesOut)
async def get_series(
    indicator_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    first_on: FromDay = None,
    last_on: ToDay = None,
    by: By = "month",
) -> Response:
    """One value for each month, quarter or year with measurements, by the indicator's rules."""
    await indicators.get_row(work.connection, indicator_id)
    items = await series.series_document(
        work.connection,
        indicator_id,
        first_on=max(first_on or FIRST_DAY, FIRST_DAY),
        last_on=min(last_on or LAST_DAY, LAST_DAY),
        by=by,
    )
    return Response(f'{{"items":{items}}}', media_type=JSON)


@router.get(
    "/indicators/{indicator_id}/light-overrides",
    summary="Overruled lights",
    response_model=OverridePageOut,
)
async def list_overrides(
    request: Request,
    indicator_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Everything that was said instead of the figures, by whom and why, lapsed ones included."""
    await indicators.get_row(work.connection, indicator_id)
    page = await light_overrides.OVERRIDES.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"indicator": indicator_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/indicators/{indicator_id}/light-overrides",
    summary="Overrule a light",
    status_code=201,
    response_model=OverrideOut,
)
async def overrule_light(
    indicator_id: UUID, body: OverrideIn, work: Annotated[Writing, writes(OVERRULE)]
) -> Response:
    """Say another colour than the figures, with a reason, until a day. It is shown that it is overruled, and
    what the figures say."""
    colour = None if body.colour is None else Colour(body.colour)
    stored = await foreseeing.overrule(
        work, indicator_id, colour=colour, reason=body.reason, until=body.until
    )
    return work.created(stored.document, stored.revision, f"/indicators/{indicator_id}/light-overrides")


def _sentence(request: Request, light: Light) -> str:
    language = language_of(request.headers.get("accept-language"))
    missing = "" if light.missing is None else f"{max(light.missing, Decimal(0)) * 100:.0f} %"
    return _sentences(language)[light.cause.value].format(missing=missing)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    """The sentences of lights in one language, by cause."""
    text = (files("gevinst_benefits") / "sentences" / f"lights.{language}.json").read_text("utf-8")
    found: Mapping[str, str] = json.loads(text)
    return found
