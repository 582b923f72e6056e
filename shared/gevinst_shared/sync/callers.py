"""On whose behalf partners are called, where that may lead, and how a call fails."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.http.outside import (
    Answer,
    AnswerLostError,
    NotPublicError,
    NotReachedError,
    found_addresses,
)
from gevinst_shared.values.networks import Network
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.typed_addresses import AddressNotPublic, allowed_address, typed_address
from gevinst_shared.values.web_address import WebAddress

ACCEPT = {"Accept": "application/json"}


class CallFault(StrEnum):
    """Why a partner was not read; `WrongPage` and the refusals of addresses have words of their own."""

    NOT_REACHED = "partner-not-reached"
    ANSWER_LOST = "partner-answer-lost"
    UNKNOWN_THERE = "partner-unknown-there"
    ODD_ANSWER = "odd-partner-answer"
    PAUSED_THERE = "partner-paused-there"
    NO_FEED = "partner-without-feed"
    NO_TOKEN = "no-partner-token"  # noqa: S105 - no password
    NO_ASSERTION = "no-partner-assertion"
    TOKEN_REFUSED = "partner-token-refused"  # noqa: S105 - no password
    TOKEN_ELSEWHERE = "partner-token-elsewhere"  # noqa: S105 - no password
    NO_CLIENT = "no-maskinporten-client"
    SCOPE_NOT_ALLOWED = "maskinporten-scope-not-allowed"
    RESOURCE_ELSEWHERE = "maskinporten-resource-elsewhere"
    MASKINPORTEN_NOT_REACHED = "maskinporten-not-reached"
    MASKINPORTEN_REFUSED = "maskinporten-client-refused"
    SCOPE_REFUSED = "maskinporten-scope-refused"


class CallFailed(Exception):  # noqa: N818 - it says what the call has
    """A call that brought nothing: `fault` says why in a word, `content` is what came instead of a page."""

    def __init__(self, fault: str, content: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.content = content


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a partner is called, with what key, and into which networks that may go.

    `token` is how the partner's statement says that tokens for its feeds are got.
    """

    organisation: str
    partner_id: UUID
    owner: str
    address: str | None
    feed: str | None
    token: Mapping[str, Any]
    key: SigningKey
    networks: tuple[Network, ...]


async def allowed(address: str, networks: tuple[Network, ...]) -> WebAddress:
    """The address, once its host leads nowhere that it may not; the call itself looks again."""
    try:
        return allowed_address(address, await found_addresses(typed_address(address)), networks)
    except Refusal as refusal:
        raise CallFailed(refusal.code) from refusal


async def made(call: Awaitable[Answer]) -> Answer:
    """The answer; or `CallFailed`."""
    try:
        return await call
    except NotPublicError as error:
        raise CallFailed(AddressNotPublic.code) from error
    except NotReachedError as error:
        raise CallFailed(CallFault.NOT_REACHED) from error
    except AnswerLostError as error:
        raise CallFailed(CallFault.ANSWER_LOST) from error


def read_object(answer: Answer) -> dict[str, object]:
    """The JSON object that was answered; empty where it was something else."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
