"""A benefit of a municipality that falls in part with the centre (B11)."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

from tests.denmark.bodies import SECONDS, Centre, Json, Local

_EVERY = 0.2


async def agreed_to_share(giver: Local, centre: Centre, *, kept: str) -> list[Decimal]:
    """Offered, accepted and confirmed; what all bodies and the centre count, as it was seen each time."""
    seen: list[Decimal] = []
    offer = {"partner_id": giver.partners[centre.organisation]}
    offered = await giver.post(f"benefits/benefits/{giver.benefit['id']}/agreement-offers", offer)
    mine, theirs = (f"benefits/{side}/{offered['id']}" for side in ("agreement-offers", "agreement-replies"))

    async def is_offered() -> bool:
        return bool((await centre.send("GET", theirs)).is_success)

    async def is_answered() -> bool:
        return bool((await giver.get(mine))["state"] == "shared")

    async def is_counted() -> bool:
        return bool((await centre.get(theirs))["state"] == "confirmed") and not (await _together(centre))[1]

    await _watched(centre, seen, is_offered)
    owner = {"role": "unit-leader", "unit_id": centre.unit_id}
    answer: Json = {"step": "accept", "project_id": centre.project_id, "owner": owner, "share_kept": kept}
    await centre.post(f"{theirs}/steps", answer)
    await _watched(centre, seen, is_answered)
    await giver.post(f"{mine}/steps", {"step": "confirm"})
    await _watched(centre, seen, is_counted)
    return seen


async def _watched(centre: Centre, seen: list[Decimal], is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look at the total until it is so, and once more."""
    async with asyncio.timeout(SECONDS):
        while True:
            done = await is_so()
            seen.append((await _together(centre))[0])
            if done:
                return
            await asyncio.sleep(_EVERY)


async def _together(centre: Centre) -> tuple[Decimal, Decimal]:
    """What all count, and what nobody does."""
    [found] = (await centre.get("benefits/joint-portfolio"))["total"]["potential"]
    counted = Decimal(found["confirmed"]) + Decimal(found["unconfirmed"])
    return counted, Decimal(found.get("in_transit", "0"))
