"""What must hold of all that was on the wire: nothing unshared, and nothing revoked after its revocation.

An answer was made after its question was first seen, and before its own end was. What it says must have been
shared with who asked at some moment between: so whatever is asked for after a revocation was acknowledged has
nothing of it.
"""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.laboratory.bodies import Body
from tests.laboratory.canaries import Canaries, Canary
from tests.laboratory.network import Network
from tests.laboratory.search import found_in
from tests.laboratory.talk import Exchange

_SIGNED = re.compile(rb"[\w-]+\.([\w-]+)\.[\w-]+")
_PLANS = re.compile(rb"GET /benefits/v1/sync-feed[^\r\n]*")
_KNOWN = re.compile(rb"[?&]grants_number=(\d{1,16})\b")
_BEARER = re.compile(rb"\r\nauthorization: *bearer +[\w-]+\.([\w-]+)\.", re.I)


@dataclass(frozen=True)
class Leak:
    """Something that was where it must not be."""

    what: str
    canary: Canary
    at: Exchange

    def __str__(self) -> str:
        of, at = self.canary, self.at
        return (
            f"{self.what}: {of.field} of {sorted(of.places)} of {of.owner} ({of.text}), "
            f"from {at.of.server} to {at.of.client}, {at.began:.3f} to {at.ended:.3f}: {at.request[:200]!r}"
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """How much was looked at, and what was found. `seen` are the canaries that were rightly there."""

    exchanges: int
    answers: int
    seen: int
    leaks: Sequence[Leak]


def examined(network: Network, bodies: Sequence[Body], hostile: str, canaries: Canaries) -> Examined:
    """Look at everything but what the hostile place has said: it may tell what it was given."""
    by_name = {body.name: body for body in bodies}
    exchanges = answers = 0
    seen: set[Canary] = set()
    leaks: list[Leak] = []
    for talk in network.conversations():
        assert talk.asked.is_whole, f"a hole in what {talk.client} said"
        assert talk.answered.is_whole, f"a hole in what {talk.server} said"
        for exchange in talk.exchanges():
            exchanges += 1
            asker = talk.client or _name_of_caller(exchange, bodies)
            if asker != hostile:
                found = found_in(exchange.request, canaries)
                leaks += [Leak("in a request", canary, exchange) for canary in found]
            if talk.server == hostile or not exchange.answer:
                continue
            answers += 1
            giver, reader = by_name.get(talk.server or ""), _organisation(exchange)
            told, ended = _apart(exchange.answer)
            found = found_in(told, canaries)
            seen |= found
            leaks += [Leak("in an answer", one, exchange) for one in _wrong(found, exchange, giver, reader)]
            for canary in found_in(ended, canaries):
                if giver is None or reader is None or not _was_given(canary, giver, reader, exchange):
                    leaks.append(Leak("in a tombstone", canary, exchange))
    return Examined(exchanges, answers, len(seen), leaks)


def _wrong(
    found: set[Canary], exchange: Exchange, giver: Body | None, reader: str | None
) -> Iterator[Canary]:
    for canary in found:
        if (
            giver is None
            or reader is None
            or not _is_allowed(canary, exchange, giver, reader, began=exchange.began)
        ):
            yield canary


def _is_allowed(
    canary: Canary, exchange: Exchange, giver: Body, reader: str, *, began: float, has_ended: bool = False
) -> bool:
    """Whether the giver may say it there: portfolio at once no more, benefits to who has not heard yet."""
    pieces, ended = canary.pieces_of(giver.organisation), exchange.ended
    plans = _PLANS.match(exchange.request)
    if plans is None:
        return giver.windows.allow(reader, pieces, began, ended)
    asked = _KNOWN.search(plans[0])
    number = 0 if has_ended or asked is None else int(asked[1])
    return giver.followed.allow(reader, pieces, number, began, ended)


def _apart(answer: bytes) -> tuple[bytes, bytes]:
    """What is told, and what is said to have ended: a tombstone names what its reader is to delete."""
    ended = [hit for hit in _SIGNED.finditer(answer) if _claims(hit[1]).get("tombstone") is True]
    told = answer
    for hit in ended:
        told = told.replace(hit[0], b"")
    return told, b" ".join(hit[0] for hit in ended)


def _was_given(canary: Canary, giver: Body, reader: str, exchange: Exchange) -> bool:
    """Whether it is the id of something that the reader has once had."""
    return canary.field == "id" and _is_allowed(canary, exchange, giver, reader, began=0.0, has_ended=True)


def _claims(payload: bytes) -> dict[str, object]:
    with suppress(ValueError):
        found = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
        return found if isinstance(found, dict) else {}
    return {}


def _organisation(exchange: Exchange) -> str | None:
    """For whom the token of the request stands; its signature was for the one who answered to check."""
    found = _BEARER.search(exchange.request)
    if found is None:
        return None
    organisation = _claims(found[1]).get("organisation")
    return organisation if isinstance(organisation, str) else None


def _name_of_caller(exchange: Exchange, bodies: Sequence[Body]) -> str | None:
    """Where the line does not say it: the name of the body, or what else calls with a token."""
    organisation = _organisation(exchange)
    return next((body.name for body in bodies if body.organisation == organisation), None)
