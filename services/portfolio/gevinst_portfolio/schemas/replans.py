"""Offers to plan again on the wire (G6)."""

from enum import StrEnum

from pydantic import Field

from gevinst_portfolio.schemas.releases import ReleaseOut
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class ReplanState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class ReplanAcceptedIn(In):
    """How the new scenario is to be called; by default like the last decided one, with the day."""

    name: Maybe[Name] = Field(None, examples=["After the stop of the archive"])


class ReplanDismissedIn(In):
    reason: Prose = Field(min_length=1, examples=["Too little is free to start anything."])


class ReplanOut(Out):
    """An offer to plan again with what a stop has freed; open until somebody handles it."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    release: ReleaseOut
    state: ReplanState
    scenario_id: Maybe[Id] = Field(None, description="The new scenario, when the offer was accepted.")
    run_id: Maybe[Id] = Field(None, description="The run that solves it.")
    reason: Maybe[Prose] = Field(None, description="Why the offer was dismissed.")
    handled_by: Maybe[str] = Field(None, max_length=300)
    handled_at: Maybe[Moment] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ReplanPageOut(Out):
    """Offers, a page at a time."""

    items: list[ReplanOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
