"""What the portfolio service announces of the exchange with other bodies, as far as it is read here (X1)."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gevinst_benefits.clients.portfolio import Fact
from gevinst_shared.auth.client_credentials import NoServiceTokenError
from gevinst_shared.http.peer import Peer
from gevinst_shared.sync.callers import Caller, CallFailed, CallFault
from gevinst_shared.sync.partner_tokens import Assert, Asserted, Grant
from gevinst_shared.values.networks import read_network

GrantsNumber = Annotated[int, Field(ge=0, lt=2**53)]


class ServiceKeyFact(Fact):
    """A key of one service, by its id."""

    service: str
    kid: str


class IdentityFact(Fact):
    """Who the organisation is to other bodies; `kid` is its key of today."""

    serial: Annotated[int, Field(ge=1, lt=2**63)]
    kid: str
    service_keys: list[ServiceKeyFact] = Field(default=[])
    withdrawn_service_keys: list[ServiceKeyFact] = Field(default=[])


class NetworkFact(Fact):
    """A network that may be called although it is not public."""

    network_id: UUID
    network: Annotated[str, AfterValidator(lambda text: str(read_network(text)))]
    reason: str


class NetworkClosedFact(Fact):
    network_id: UUID


class GrantsHeardFact(Fact):
    """How often the partner has changed what it grants us."""

    partner_id: UUID
    grants_number: GrantsNumber


class PartnerFact(Fact):
    """A partner as it is now."""

    partner_id: UUID
    owner: Annotated[str, Field(pattern="^[0-9]{4}:[0-9]{8,10}$")]
    name: str
    state: Literal["proposed", "met", "confirmed", "paused", "stopped"]
    address: str | None = None
    serial: Annotated[int, Field(ge=0, lt=2**63)] = 0
    keys: dict[str, dict[str, Any]] = Field(default={})
    withdrawn: list[str] = Field(default=[])
    feeds: dict[str, str] = Field(default={})
    token: dict[str, Any] = Field(default={})
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


class _Asserted(BaseModel):
    model_config = ConfigDict(extra="ignore")

    grant: Grant
    endpoint: str
    assertion: str
    resource: str | None = None


def assertions_of(peer: Peer) -> Assert:
    """Assertions from portfolio, whose keys alone get tokens: our keys are good for revisions only."""

    async def ask(caller: Caller) -> Asserted:
        asked = {"organisation": caller.organisation, "owner": caller.owner}
        try:
            answer = await peer.post("/sync-assertions", asked)
            if answer.status_code != 200:
                raise CallFailed(CallFault.NO_ASSERTION)
            found = _Asserted.model_validate_json(answer.content)
        except (httpx.HTTPError, NoServiceTokenError, ValueError) as error:
            raise CallFailed(CallFault.NO_ASSERTION) from error
        return Asserted(found.grant, found.endpoint, found.assertion, found.resource)

    return ask
