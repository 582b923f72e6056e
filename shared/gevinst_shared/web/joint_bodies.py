"""Bodies of a joint portfolio on the wire (X4)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from gevinst_shared.values.joint_body import F, Held, JointBody, JointLine, JointView
from gevinst_shared.web.shapes import Id, Maybe, Moment, Organisation, Out, Whole

_MOST = 2**53
MOST_NAMED = 20
Count = Annotated[Whole, Field(ge=0, le=_MOST)]
# What partners wrote: bounded where it is taken over, and otherwise as they wrote it.
BodyName = Annotated[str, Field(max_length=500, examples=["Bergen kommune"])]


class NamedBodyOut(Out):
    """A body. Without `sync_partner_id` it is you."""

    organisation: Organisation
    name: Maybe[BodyName] = None
    sync_partner_id: Maybe[Id] = None


class HeldBodyOut(NamedBodyOut):
    """A partner whose figures are held since you were restored from a backup: what is here of it is not yet
    known to be what it shares (`not-read-in-full`), or what it has of you (`has-not-read-us`)."""

    reasons: list[Held] = Field(min_length=1, max_length=2)


class JointBodyOut(NamedBodyOut):
    """A body that takes part. What is here of a partner is as old as `contact_at`, when it last answered."""

    is_own: bool
    is_paused: bool = Field(description="Nothing is exchanged for a while; what it gave stays.")
    is_read_in_full: bool = Field(
        description="Whether all that it shares was read once; else some is missing."
    )
    contact_at: Maybe[Moment] = None
    lag_seconds: Maybe[Count] = None
    quarantined: Count = Field(description="How much of what it sent was put aside (`/exchange` says why).")
    held: list[Held] = Field(max_length=2, description="Why it is held; its figures are absent then.")


class JointBodyCountsOut(Out):
    """How many bodies take part, with you, and how many of the partners share nothing that is asked for."""

    count: Count
    sharing_nothing: Count
    paused: Count
    not_read_in_full: Count
    held: Count


def named(body: JointBody) -> dict[str, Any]:
    """The members of `NamedBodyOut`."""
    partner_id = None if body.partner_id is None else str(body.partner_id)
    return _there(organisation=body.organisation, name=body.name, sync_partner_id=partner_id)


def held_members(bodies: Sequence[JointBody]) -> list[dict[str, Any]]:
    """`HeldBodyOut` of those that are held."""
    return [named(body) | {"reasons": list(body.held)} for body in bodies if body.held]


def body_members(body: JointBody, now: datetime) -> dict[str, Any]:
    """The members of `JointBodyOut`."""
    contact = body.contact_at
    lag = None if contact is None else max(0, int((now - contact).total_seconds()))
    return {
        **named(body),
        "is_own": body.is_own,
        "is_paused": body.is_paused,
        "is_read_in_full": body.is_read_in_full,
        **_there(contact_at=None if contact is None else moment_text(contact), lag_seconds=lag),
        "quarantined": body.quarantined,
        "held": list(body.held),
    }


def view_members(
    view: JointView[F], total: F | None, figures_of: Callable[[F], dict[str, Any]]
) -> dict[str, Any]:
    """The members of a joint portfolio; `total` is None while somebody is held."""
    known = [body.contact_at for body in view.bodies if body.contact_at is not None]
    return {
        "bodies": _counts(view),
        **({"oldest_contact_at": moment_text(min(known))} if known else {}),
        **_there(
            own=None if view.own is None else figures_of(view.own),
            total=None if total is None else figures_of(total),
        ),
        "held": held_members(view.bodies),
    }


def line_members(
    line: JointLine[F], now: datetime, figures_of: Callable[[F], dict[str, Any]]
) -> dict[str, Any]:
    """The members of a body's line."""
    figures = None if line.figures is None else figures_of(line.figures)
    return body_members(line.body, now) | _there(figures=figures)


def _counts(view: JointView[F]) -> dict[str, int]:
    partners = [body for body in view.bodies if not body.is_own]
    return {
        "count": len(view.bodies),
        "sharing_nothing": len(partners) - view.sharing,
        "paused": sum(body.is_paused for body in partners),
        "not_read_in_full": sum(not body.is_read_in_full for body in partners),
        "held": sum(bool(body.held) for body in partners),
    }


def moment_text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def _there(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
