"""What the people of two bodies do about benefits of the one that fall with the other (B11).

Which offers have arrived hangs on the storm, so an act looks first; one that cannot be done any more, or not
yet, is refused by the API and is then no act.
"""

import time
from collections.abc import Sequence
from random import Random

from gevinst_shared.cli.api import Document, NotDone
from tests.laboratory.bodies import Body
from tests.laboratory.canaries import Key
from tests.laboratory.plans import change_benefit, keep_benefit, plan_benefit

_REFUSED = 409
# What the giver does in the end, by where an agreement is: the first of these that is possible.
WAITING = {
    "accepted": ("confirm", "offer-again"),
    "shared": ("confirm", "offer-again"),
    "disputed": ("release", "withdraw"),
}
_ACCEPTED = ("accepted", "shared", "confirmed")


async def offer(body: Body, rng: Random) -> None:
    """Offer a benefit to another body that is not paused."""
    known = [one for one in body.model.of_kind("benefit") if one.id not in body.model.offered]
    readers = sorted(set(body.others) - body.model.paused)
    if not known or not readers:
        return await plan_benefit(body, rng)
    benefit, reader = rng.choice(known), rng.choice(readers)
    asked = {"partner_id": body.partners[reader]}
    began = time.time()
    made = await _done(body, f"benefits/benefits/{benefit.id}/agreement-offers", asked)
    if made is not None:
        body.model.offered.add(benefit.id)
        _share_letter(body, reader, made, began)
    return None


async def go_on(body: Body, rng: Random) -> None:
    """The giver's next step of one agreement, as far as it has got."""
    made = await _chosen(body, rng, "agreement-offers")
    if made is None:
        return await offer(body, rng)
    if await _step(body, made, _steps(made["state"], rng)):
        return None
    return await change_benefit(body, rng)


async def answer(body: Body, rng: Random) -> None:
    """The receiver's: yes to all or to a part, or no, also to what was confirmed."""
    made = await _chosen(body, rng, "agreement-replies")
    project = body.any_of(rng, "project")
    if made is None or project is None:
        return await plan_benefit(body, rng)
    asked: Document = {"step": "dispute", "reason": body.word("dispute")}
    if rng.random() < (0.2 if made["state"] == "confirmed" else 0.8):
        owner = {"role": "unit-leader", "unit_id": body.unit_id}
        asked = {"step": "accept", "project_id": project.id, "owner": owner}
        asked |= rng.choice(({}, {"share_kept": "0.25"}))
    await reply(body, made["id"], asked)
    return None


async def reply(body: Body, agreement_id: str, asked: Document) -> bool:
    """Answer an offer; whether that could be done."""
    began = time.time()
    done = await _done(body, f"benefits/agreement-replies/{agreement_id}/steps", asked)
    if done is None:
        return False
    if asked["step"] == "accept":
        keep_benefit(body, await body.person.get(f"benefits/benefits/{done['benefit_id']}"))
        body.model.offered.add(done["benefit_id"])
    _share_letter(body, done["body"], done, began, reason=asked.get("reason", ""))
    return True


async def conclude(body: Body) -> None:
    """What people do in the end: the giver confirms, takes back or offers again whatever waits for it, and a
    receiver whose own benefit a restore has taken disputes what it cannot count."""
    for made in await body.person.every("benefits/agreement-replies"):
        if made["is_open"] and made["state"] in _ACCEPTED and "benefit_id" not in made:
            await reply(body, made["id"], {"step": "dispute", "reason": body.word("dispute")})
    for made in await body.person.every("benefits/agreement-offers"):
        if made["is_open"]:
            await _step(body, made, WAITING.get(made["state"], ()))


async def _chosen(body: Body, rng: Random, path: str) -> Document | None:
    found = [one for one in await body.person.every(f"benefits/{path}") if one["is_open"]]
    return rng.choice(found) if found else None


async def _step(body: Body, made: Document, steps: Sequence[str]) -> bool:
    """The first of these steps that can be taken; whether there was one."""
    began, path = time.time(), f"benefits/agreement-offers/{made['id']}/steps"
    for step in steps:
        done = await _done(body, path, {"step": step})
        if done is not None:
            _share_letter(body, done["body"], done, began)
            return True
    return False


def _steps(state: str, rng: Random) -> tuple[str, ...]:
    """In turn, until one can be taken: what was disputed is released if it had been confirmed."""
    others = {"proposed": ("withdraw" if rng.random() < 0.1 else "offer-again",)}
    return (WAITING | others | {"disputed": ("release", "offer-again")}).get(state, ())


async def _done(body: Body, path: str, asked: Document) -> Document | None:
    try:
        return await body.ask(path, asked)
    except NotDone as refused:
        if refused.status != _REFUSED:
            raise
        return None


def _share_letter(body: Body, other: str, made: Document, began: float, *, reason: str = "") -> None:
    """What both say of an agreement goes to and fro between the two, and stays with them."""
    letter: Key = ("agreement", made["id"])
    body.canaries.known(body.organisation, made["id"])
    ids = [body.canaries.known_as(one) for one in (made["id"], made.get("benefit_id")) if one]
    said = [*ids, *body.canaries.standing_in(f"{made['figures']} {reason}")]
    for canary in (one for one in said if one is not None):
        for owner in (body.organisation, other):
            canary.stands_in(letter, at="letter", of=owner)
    body.followed.note_always(other, (letter, "letter"), began)
    body.others[other].followed.note_always(body.organisation, (letter, "letter"), began)
