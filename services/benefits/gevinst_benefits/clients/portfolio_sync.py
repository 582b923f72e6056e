"""What the portfolio service announces of the exchange with other bodies, as far as it is read here (X1)."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from gevinst_benefits.clients.portfolio import Fact

GrantsNumber = Annotated[int, Field(ge=0, lt=2**53)]


class PartnerFact(Fact):
    """A partner as it is now."""

    partner_id: UUID
    owner: Annotated[str, Field(pattern="^[0-9]{4}:[0-9]{8,10}$")]
    name: str
    state: Literal["proposed", "met", "confirmed", "paused", "stopped"]
    address: str | None = None
    serial: Annotated[int, Field(ge=0, lt=2**63)] = 0
    keys: dict[str, dict[str, Any]] = Field(default={})
    feeds: dict[str, str] = Field(default={})
    token: dict[str, str] = Field(default={})
    grants_number: GrantsNumber = 0


class GrantGivenFact(Fact):
    """Records under a root are shared with a partner: `fields` is {kind: names}, `until` the last day."""

    grant_id: UUID
    partner_id: UUID
    kind: str
    record_id: UUID
    fields: dict[str, list[str]]
    purpose: str
    until: date
    grants_number: GrantsNumber


class GrantEndedFact(Fact):
    """What was shared by the grant alone is shared no longer."""

    grant_id: UUID
    partner_id: UUID
    grants_number: GrantsNumber


class ConfidentialityFact(Fact):
    """Whether a project is kept from the public, and so does not come along with its programme."""

    project_id: UUID
    is_confidential: bool
