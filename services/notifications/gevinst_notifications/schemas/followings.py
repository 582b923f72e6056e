"""What people follow and mute, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_notifications.domain.following import Level
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Organisation, Out, Whole

Scope = Annotated[Literal["unit", "portfolio", "programme", "project"], Field(examples=["project"])]


class FollowingIn(In):
    """A record to follow or to mute, with everything in it."""

    scope: Scope
    scope_id: Id
    level: Level = Field(description="`mute`: hear only of what is mandatory.")


class FollowingChangeIn(In):
    """Whether to follow or to mute it."""

    level: Level


class FollowingOut(Out):
    """A record that the caller follows or mutes. The narrowest counts: a project before its portfolio."""

    id: Id
    organisation: Organisation
    person_id: Id
    scope: Scope
    scope_id: Id
    level: Level
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class FollowingPageOut(Out):
    """What the caller follows and mutes, a page at a time."""

    items: list[FollowingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
