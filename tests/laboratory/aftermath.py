"""What must hold when a storm is over and everything was healed (API.md, Sync)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import permutations
from random import Random

from tests.laboratory import acts
from tests.laboratory.bodies import Body
from tests.laboratory.hostile import HANG, MOODS, Hostile
from tests.laboratory.model import Held
from tests.laboratory.storm import Storm
from tests.support.waiting import until

QUIET_SECONDS = 900.0
_LOOK_SECONDS = 1.0


def pairs(bodies: Sequence[Body]) -> Iterator[tuple[Body, Body]]:
    """Each giver with each of its readers."""
    return permutations(bodies, 2)


async def agree(bodies: Sequence[Body]) -> None:
    """Wait until each has of each other exactly what the model says; `AssertionError` says what differs."""
    differing: list[str] = []
    for _ in range(int(QUIET_SECONDS / _LOOK_SECONDS)):
        differing = [text for giver, reader in pairs(bodies) async for text in _differing(giver, reader)]
        if not differing:
            return
        await asyncio.sleep(_LOOK_SECONDS)
    raise AssertionError("they do not agree:\n" + "\n".join(differing))


async def nudge(bodies: Sequence[Body]) -> None:
    """Have every partner read at once: the pauses after many failures are long."""
    for giver, reader in pairs(bodies):
        for verb in ("pause", "resume"):
            await reader.tell(giver.organisation, verb)


async def nothing_acknowledged_is_lost(bodies: Sequence[Body]) -> None:
    """Each body itself still has what its API acknowledged."""
    for body in bodies:
        for kind in ("project", "programme"):
            found = {one["id"]: one for one in await body.person.every(f"portfolio/{kind}s")}
            wanted = {record.id: record for record in body.model.of_kind(kind)}
            assert found.keys() == wanted.keys(), (body.name, kind)
            for record_id, record in wanted.items():
                assert found[record_id]["name"] == record.fields["name"]
                assert found[record_id]["revision"] == record.revision
        for reader, partner_id in body.partners.items():
            path = f"portfolio/sync-partners/{partner_id}/grants"
            found_grants = {one["id"] for one in await body.person.every(path, is_open="true")}
            assert found_grants == {
                one for one, grant in body.model.grants.items() if grant.reader == reader
            }, body.name


async def only_the_hostile_was_put_aside(bodies: Sequence[Body], hostile: Hostile) -> None:
    for body in bodies:
        assert set(await body.put_aside()) <= {hostile.organisation}, body.name


async def harm_was_tried_and_seen(storm: Storm) -> None:
    """Each mood in turn until each body has met each; and it has changed nothing of anybody."""
    hostile = storm.hostile
    for body in storm.bodies:
        await _wake(body, hostile)
    for mood in ("wrongly signed", "anothers", "replayed", "odd fields", "deep"):
        assert mood in MOODS
        hostile.set_mood(mood)
        heard = hostile.heard[mood]
        for body in storm.bodies:
            await _wake(body, hostile)
        await _until(lambda: hostile.heard[mood] >= heard + len(storm.bodies))  # noqa: B023 - awaited at once
    for body in storm.bodies:
        await until(lambda: _has_put_aside(body), seconds=QUIET_SECONDS, every=_LOOK_SECONDS)  # noqa: B023 - awaited at once
    await only_the_hostile_was_put_aside(storm.bodies, hostile)


async def a_silent_one_delays_nobody(storm: Storm) -> None:
    """While every call to the hostile partner hangs, what the others change reaches the others."""
    hostile = storm.hostile
    hostile.set_mood(HANG)
    hostile.hanging.clear()
    for body in storm.bodies:
        await _wake(body, hostile)
    await _until(lambda: all(hostile.hanging[body.organisation] for body in storm.bodies))
    for body in storm.bodies:
        await _share_with_all(storm, body)
    await agree(storm.bodies)


async def the_revoked_is_gone_after_one_pull(storm: Storm) -> None:
    """End every grant of one body: the next page that was asked for takes it away from its reader."""
    giver, *readers = storm.bodies
    for grant_id, grant in list(giver.model.grants.items()):
        await storm.change(giver, lambda: _end(giver, grant.reader, grant_id))  # noqa: B023 - awaited at once
    for reader in readers:
        # One answer may have been under way; the next was asked for later.
        for _ in range(2):
            await _read_again(reader, giver)
        assert await reader.has(giver.organisation) == {}, reader.name
    await agree(storm.bodies)


async def replay_changes_nothing(bodies: Sequence[Body]) -> None:
    """All is read once more, and nothing is taken, given another number or written anew."""
    before = await _fingerprint(bodies)
    for giver, reader in pairs(bodies):
        await _read_again(reader, giver)
    assert await _fingerprint(bodies) == before


async def _differing(giver: Body, reader: Body) -> AsyncIterator[str]:
    wanted = giver.model.held_by(reader.organisation)
    found: Held = await reader.has(giver.organisation)
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            yield f"{giver.name} → {reader.name} {key}: {wanted.get(key)} is here {found.get(key)}"


async def _share_with_all(storm: Storm, body: Body) -> None:
    rng = Random(f"{storm.seed} {body.name} calm")
    await storm.change(body, lambda: acts.add_project(body, rng))
    for _ in range(2):
        await storm.change(body, lambda: acts.give(body, rng))
    await storm.change(body, lambda: acts.change_project(body, rng))


async def _end(body: Body, reader: str, grant_id: str) -> None:
    path = f"portfolio/sync-partners/{body.partners[reader]}/grants/{grant_id}/end"
    await body.person.post(path)
    del body.model.grants[grant_id]


async def _wake(body: Body, hostile: Hostile) -> None:
    for verb in ("pause", "resume"):
        await body.tell(hostile.organisation, verb)


async def _read_again(reader: Body, giver: Body) -> None:
    """Return when the reader has heard of the giver once more."""
    before = (await reader.exchange(giver.organisation))["received"].get("contact_at")
    for verb in ("pause", "resume"):
        await reader.tell(giver.organisation, verb)

    async def has_heard() -> bool:
        received = (await reader.exchange(giver.organisation))["received"]
        return bool(received.get("contact_at") != before)

    await until(has_heard, seconds=QUIET_SECONDS, every=0.3)


async def _has_put_aside(body: Body) -> bool:
    return bool(await body.put_aside())


async def _until(is_so: Callable[[], bool]) -> None:
    async def look() -> bool:
        return is_so()

    await until(look, seconds=QUIET_SECONDS, every=_LOOK_SECONDS)


async def _fingerprint(bodies: Sequence[Body]) -> list[list[list[object]]]:
    return [
        await body.installation.rows(
            "portfolio",
            "SELECT partner_id::text, kind, record_id::text, number, revision_id, received_at::text "
            "FROM sync_replica ORDER BY 1, 2, 3",
        )
        for body in bodies
    ]
