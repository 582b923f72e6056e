"""Is it alive, is it ready, what is it."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from gevinst_shared.web.house import house_of
from gevinst_shared.web.shapes import Maybe, Out

router = APIRouter(tags=["Status"])


class StatusOut(Out):
    """What answers here."""

    service: str = Field(max_length=50, examples=["portfolio"])
    version: str = Field(max_length=50, examples=["0.1.0"])
    lacks: Maybe[dict[str, str]] = Field(
        None, description="What is not set up, by part; absent when nothing is missing.", max_length=10
    )


class HealthOut(Out):
    """The service's own judgement."""

    status: str = Field(max_length=20, examples=["ok"])
    lacks: Maybe[dict[str, str]] = Field(
        None, description="What is not set up, by part; the rest works.", max_length=10
    )


@router.get("/status", summary="What answers here", response_model_exclude_none=True)
async def get_status(request: Request) -> StatusOut:
    """The service's name and version."""
    return StatusOut(service=request.app.state.service, version=version("gevinst"), **_lacks(request))


@router.get("/livez", summary="Is the process alive", response_model_exclude_none=True)
async def get_liveness() -> HealthOut:
    """Answers as long as the process can answer at all."""
    return HealthOut(status="ok")


@router.get("/readyz", summary="Can it do its work", response_model_exclude_none=True)
async def get_readiness(request: Request) -> HealthOut:
    """Answers when the database answers."""
    async with house_of(request).database.lend() as connection:
        await connection.execute("SELECT 1")
    return HealthOut(status="ok", **_lacks(request))


def _lacks(request: Request) -> dict[str, Any]:
    """What the service said at its start that it does without; the member is absent when that is nothing."""
    found: dict[str, str] | None = getattr(request.app.state, "lacks", None)
    return {"lacks": found} if found else {}
