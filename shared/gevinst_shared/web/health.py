"""Is it alive, is it ready, what is it."""

from importlib.metadata import version

from fastapi import APIRouter, Request
from pydantic import Field

from gevinst_shared.web.house import house_of
from gevinst_shared.web.shapes import Out

router = APIRouter(tags=["Status"])


class StatusOut(Out):
    """What answers here."""

    service: str = Field(max_length=50, examples=["portfolio"])
    version: str = Field(max_length=50, examples=["0.1.0"])


class HealthOut(Out):
    """The service's own judgement."""

    status: str = Field(max_length=20, examples=["ok"])


@router.get("/status", summary="What answers here")
async def get_status(request: Request) -> StatusOut:
    """The service's name and version."""
    return StatusOut(service=request.app.state.service, version=version("gevinst"))


@router.get("/livez", summary="Is the process alive")
async def get_liveness() -> HealthOut:
    """Answers as long as the process can answer at all."""
    return HealthOut(status="ok")


@router.get("/readyz", summary="Can it do its work")
async def get_readiness(request: Request) -> HealthOut:
    """Answers when the database answers."""
    await house_of(request).database.value("SELECT 1")
    return HealthOut(status="ok")
