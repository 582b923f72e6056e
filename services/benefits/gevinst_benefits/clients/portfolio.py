"""What the portfolio service announces, as far as it is read here; unknown members are ignored."""

from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from gevinst_shared.charts.themes import MOST_COLOURS, OddLogo, read_logo
from gevinst_shared.feed.consumer import Fetch
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.peer import Peer


class NotUnderstood(ValueError):  # noqa: N818 - named for what happened, as refusals are
    """An event whose data is not what its type promises."""


def _drawable(logo: str | None) -> str | None:
    try:
        if logo is not None:
            read_logo(logo)
    except OddLogo as error:
        raise ValueError(error.detail) from error
    return logo


Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Fact(BaseModel):
    """What an event tells; members that are not known here are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ProjectFact(Fact):
    """A project as an event tells it; a member that is not there was not told."""

    project_id: UUID
    name: Annotated[str | None, Field(validation_alias=AliasChoices("name", "project_name"))] = None
    portfolio_id: UUID | None = None
    programme_id: UUID | None = None
    status: str | None = None
    start: date | None = None
    end: date | None = None
    unit_id: UUID | None = None
    owner_id: UUID | None = None
    manager_id: UUID | None = None
    receiving_unit_ids: list[UUID] = Field(default=[])


class ThemeFact(Fact):
    """How charts look; what could not be drawn is not understood."""

    light: list[Colour] = Field(default=[], max_length=MOST_COLOURS)
    dark: list[Colour] = Field(default=[], max_length=MOST_COLOURS)
    font: Annotated[str | None, Field(pattern=r"^[A-Za-z][A-Za-z0-9 -]*$", max_length=60)] = None
    logo: Annotated[str | None, Field(max_length=32_000), AfterValidator(_drawable)] = None


class PortfolioFact(Fact):
    portfolio_id: UUID
    name: str


class ProgrammeFact(Fact):
    programme_id: UUID
    name: str


class UnitFact(Fact):
    unit_id: UUID
    name: str
    parent_id: UUID | None = None
    path: list[UUID] = Field(default=[])


class PersonFact(Fact):
    person_id: UUID
    subject: str
    name: str
    email: str | None = None
    language: str | None = None


class RoleFact(Fact):
    assignment_id: UUID
    person_id: UUID
    subject: str
    role: str
    scope: str
    scope_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None


FactT = TypeVar("FactT", bound=Fact)


def read(model: type[FactT], event: Event) -> FactT:
    """The event's data as `model`, or `NotUnderstood`."""
    try:
        return model.model_validate(dict(event.data))
    except ValidationError as error:
        faults = ", ".join(str(fault["loc"]) for fault in error.errors())
        raise NotUnderstood(f"{event.type}: {faults}") from error


def feed_of(peer: Peer) -> Fetch:
    """The portfolio service's feed, a page at a time."""

    async def fetch(cursor: str) -> tuple[list[Event], str]:
        envelopes, following = await peer.events(cursor)
        return [_event(envelope) for envelope in envelopes], following

    return fetch


def _event(envelope: Any) -> Event:  # noqa: ANN401 - another service's JSON
    return Event.read(envelope)
