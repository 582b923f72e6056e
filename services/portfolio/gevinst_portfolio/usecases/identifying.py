"""Beginning to exchange, renewing the key, and keeping what the organisation says of itself true (X1)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from gevinst_portfolio.domain.identities import (
    KeyLost,
    look_again,
    refuse_too_many,
)
from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.domain.service_keys import AnnouncedKeys
from gevinst_portfolio.events.sync import SyncIdentityChanged
from gevinst_portfolio.store import sync_identities
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.signing_keys import (
    PURPOSE,
    KeyNotOpenedError,
    new_key,
    opened_key,
    public_part,
    read_aloud,
)
from gevinst_shared.sync.statements import SPEAKS, signed_payload, signed_statement
from gevinst_shared.values.actor import Place
from gevinst_shared.values.key_overlap import OVERLAP
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.values.serials import next_serial

_SUBJECT = "sync-identity"


async def identify(work: Work, exchange: Exchange, *, contact: str) -> Stored:
    """Begin to exchange: the organisation gets a key, and says who it is. Again changes the contact."""
    work.require(EXCHANGE, Place())
    held = await sync_identities.hold(work.connection)
    if held is None:
        await _make_key(work, exchange)
    return await _state(work, exchange, held, contact=contact)


async def renew(work: Work, exchange: Exchange) -> Stored:
    """Sign with a new key from now on; the one of before signs along for 30 days."""
    work.require(EXCHANGE, Place())
    held = await sync_identities.hold(work.connection)
    if held is None:
        raise Unknown
    await _drop_unopened(work, exchange)
    keys = await sync_identities.list_valid_keys(work.connection, work.now)
    refuse_too_many(keys)
    for key in keys:
        if key["until"] is None:
            await sync_identities.end_key(work.connection, key["kid"], work.now + OVERLAP)
    await _make_key(work, exchange)
    return await _state(work, exchange, held, contact=held["contact"])


async def withdraw(work: Work, exchange: Exchange, kid: str) -> Stored:
    """Somebody else may have the key: it counts no more, at once, and partners are told so by the others.

    Without another, the new one vouches for nothing: each partner confirms it by its thumbprint. A key of
    another service is vouched for by ours; that service makes a new one when it hears of this.
    """
    work.require(EXCHANGE, Place())
    held = await sync_identities.hold(work.connection)
    if held is None:
        raise Unknown
    if await sync_identities.withdraw_service_key(work.connection, kid, work.now):
        return await _state(work, exchange, held, contact=held["contact"])
    keys = await sync_identities.list_valid_keys(work.connection, work.now)
    if kid not in {key["kid"] for key in keys}:
        raise Unknown
    await _drop_unopened(work, exchange)
    await sync_identities.withdraw_key(work.connection, kid, work.now)
    # Also for an older key: partners ask for the statement when they see one that they do not know.
    for each in await sync_identities.list_valid_keys(work.connection, work.now):
        if each["until"] is None and each["kid"] != kid:
            await sync_identities.end_key(work.connection, each["kid"], work.now + OVERLAP)
    await _make_key(work, exchange)
    return await _state(work, exchange, held, contact=held["contact"])


async def restate(work: Work, exchange: Exchange, *, is_forced: bool = False) -> bool:
    """Say anew what is not so any more: a key has ended, the name is another. Whether there was any such.

    When forced, the same is said under a higher serial, too.
    """
    held = await sync_identities.hold(work.connection)
    if held is None or (held["look_at"] > work.now and not is_forced):
        return False
    keys = await sync_identities.list_valid_keys(work.connection, work.now)
    theirs = await sync_identities.list_service_keys(work.connection, work.now)
    said = signed_payload(held["statement"])
    now_said = await _said(work, exchange, (keys, theirs), contact=held["contact"], serial=held["serial"])
    if said == now_said and not is_forced:
        await sync_identities.put_off(work.connection, look_again(_untils([*keys, *theirs]), work.now))
        return False
    await _state(work, exchange, held, contact=held["contact"])
    return True


async def keep_service_keys(work: Work, service: str, announced: AnnouncedKeys) -> None:
    """Keep what the service signs its revisions with; the statement says so when it is next looked at.

    What was withdrawn stays so, whoever announces it, and an older announcement changes nothing.
    """
    # Held, so that a key that is withdrawn in this moment is not kept beside it.
    await sync_identities.hold(work.connection)
    serial = announced.serial
    if serial <= await sync_identities.last_announced(work.connection, service):
        return
    rows = [
        {
            **key,
            "organisation_id": work.organisation,
            "thumbprint": read_aloud(key["kid"]),
            "public": dict(key["public"]),
        }
        for key in announced.keys
    ]
    await sync_identities.replace_service_keys(work.connection, service, rows, serial=serial)
    await sync_identities.put_off(work.connection, work.now)


async def _make_key(work: Work, exchange: Exchange) -> None:
    key = new_key(work.organisation, exchange.box(PURPOSE))
    values = {
        "organisation_id": work.organisation,
        "kid": key.kid,
        "thumbprint": read_aloud(key.kid),
        "public": dict(key.public),
        "sealed": key.sealed,
        "made_at": work.now,
        "until": None,
        "withdrawn_at": None,
    }
    await sync_identities.add_key(work.connection, values)


async def _drop_unopened(work: Work, exchange: Exchange) -> None:
    """Keys whose secret is lost sign nothing any more, and so no statement can name them."""
    for key in await sync_identities.list_valid_keys(work.connection, work.now):
        try:
            opened_key(work.organisation, key["kid"], key["sealed"], exchange.box(PURPOSE))
        except KeyNotOpenedError:
            await sync_identities.end_key(work.connection, key["kid"], work.now)


async def _state(work: Work, exchange: Exchange, held: Mapping[str, Any] | None, *, contact: str) -> Stored:
    """Sign and keep what is so now, under the next serial."""
    keys = await sync_identities.list_valid_keys(work.connection, work.now)
    theirs = await sync_identities.list_service_keys(work.connection, work.now)
    serial = next_serial(0 if held is None else held["serial"], work.now)
    said = await _said(work, exchange, (keys, theirs), contact=contact, serial=serial)
    box = exchange.box(PURPOSE)
    try:
        signing = [opened_key(work.organisation, key["kid"], key["sealed"], box) for key in keys]
    except KeyNotOpenedError as error:
        raise KeyLost from error
    values = {
        "contact": contact,
        "serial": serial,
        "statement": signed_statement(said, signing),
        "stated_at": work.now,
        "look_at": look_again(_untils([*keys, *theirs]), work.now),
    }
    fact = SyncIdentityChanged(
        serial,
        next(key["kid"] for key in keys if key["until"] is None),
        _told(keys),
        [{"service": key["service"], "kid": key["kid"]} for key in theirs],
        await sync_identities.list_withdrawn_of_services(work.connection),
    )
    record = recorded(work, fact, subject=_SUBJECT)
    if held is None:
        return await sync_identities.add(work.connection, {**values, "created_at": work.now}, record)
    return await sync_identities.change(work.connection, values, record)


async def _said(
    work: Work,
    exchange: Exchange,
    keys: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]],
    *,
    contact: str,
    serial: int,
) -> dict[str, Any]:
    """What a statement says; the same facts are the same object. `keys` are ours, and other services'.

    A service's feed is named once there is a key that it signs with.
    """
    own, theirs = keys
    of_services: dict[str, dict[str, list[Any]]] = {}
    for key in theirs:
        listed = of_services.setdefault(key["service"], {"keys": []})["keys"]
        listed.append(public_part(key["public"], key["until"]))
    said = {
        "owner": work.organisation,
        "name": await sync_identities.get_name(work.connection),
        "serial": serial,
        "contact": contact,
        "keys": {"keys": [public_part(key["public"], key["until"]) for key in own]},
        "feeds": exchange.feeds([SPEAKS, *of_services]),
        **({"service_keys": of_services} if of_services else {}),
    }
    withdrawn = await sync_identities.list_withdrawn(work.connection)
    said |= {"withdrawn": withdrawn} if withdrawn else {}
    said |= {"token": exchange.token} if exchange.token else {}
    return said | ({"maskinporten": asdict(exchange.maskinporten)} if exchange.maskinporten else {})


def _told(keys: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The public keys."""
    return [
        {
            "kid": key["kid"],
            "public": key["public"],
            **({} if key["until"] is None else {"until": key["until"].isoformat()}),
        }
        for key in keys
    ]


def _untils(keys: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [key["until"] for key in keys if key["until"] is not None]
