"""What must hold when a storm is over and everything was healed (API.md, Sync)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from itertools import permutations
from random import Random

from gevinst_shared.cli.comparing import Sides, compared
from tests.laboratory import acts, agreeing, plans
from tests.laboratory.bodies import KINDS, Body
from tests.laboratory.counting import STEPS, counted_twice
from tests.laboratory.hostile import HANG, MOODS, Hostile
from tests.laboratory.model import Held
from tests.laboratory.storm import Storm
from tests.support.waiting import until

QUIET_SECONDS = 900.0
_LOOK_SECONDS = 1.0
_SOON_SECONDS = 3.0
_TABLES = ("goal", "benefit", "indicator", "measurement")


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
        await _wake(reader, giver.organisation)


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
        for kind in _TABLES:
            stored = await body.installation.rows("benefits", f"SELECT id::text FROM {kind} ORDER BY 1")
            assert [one for (one,) in stored] == sorted(one.id for one in body.model.of_kind(kind)), (
                *(body.name, kind),
            )
        for reader, partner_id in body.partners.items():
            path = f"portfolio/sync-partners/{partner_id}/grants"
            found_grants = {one["id"] for one in await body.person.every(path, is_open="true")}
            assert found_grants == {
                one for one, grant in body.model.grants.items() if grant.reader == reader
            }, body.name


async def each_benefit_is_counted_once(bodies: Sequence[Body]) -> int:
    """B11: never twice in all that time, and once in the end; how many agreements were confirmed."""
    open_: list[str] = []
    for _ in range(int(QUIET_SECONDS / _LOOK_SECONDS)):
        for body in bodies:
            await agreeing.conclude(body)
            body.counted.keep(await body.installation.rows("benefits", STEPS))
        twice = counted_twice([body.counted for body in bodies])
        assert not twice, "\n".join(twice)
        open_ = [text for giver, reader in pairs(bodies) async for text in _not_once(giver, reader)]
        if not open_:
            steps = [many for body in bodies for many in body.counted.steps.values()]
            return sum(any(0 < one.counted < 1 or one.in_transit for one in many.values()) for many in steps)
        await asyncio.sleep(_LOOK_SECONDS)
    raise AssertionError("they do not count once:\n" + "\n".join(open_))


async def both_say_the_same(bodies: Sequence[Body]) -> int:
    """`gevinst sync compare`, agreements included; how many records agree."""
    agreed = 0
    for giver, reader in pairs(bodies):
        for service in KINDS:
            sides = Sides(
                *(service, giver.organisation, reader.organisation),
                given=giver.digest(reader.organisation, service, "given"),
                received=reader.digest(giver.organisation, service, "received"),
            )
            found = await compared(sides, seconds=_SOON_SECONDS)
            if found.behind is not None:  # it waits long after many failures
                await _wake(reader, giver.organisation)
                found = await compared(sides, seconds=QUIET_SECONDS)
            assert found.agrees, (service, giver.name, reader.name, found.behind, found.differing)
            agreed += sum(there for _, there in found.counts.values())
    return agreed


async def only_the_hostile_was_put_aside(bodies: Sequence[Body], hostile: Hostile) -> None:
    for body in bodies:
        assert set(await body.put_aside()) <= {hostile.organisation}, body.name


async def harm_was_tried_and_seen(storm: Storm) -> None:
    """Each mood in turn until each body has met each; and it has changed nothing of anybody."""
    hostile = storm.hostile
    for body in storm.bodies:
        await _wake(body, hostile.organisation)
    for mood in ("wrongly signed", "anothers", "replayed", "odd fields", "deep"):
        assert mood in MOODS
        hostile.set_mood(mood)
        heard = hostile.heard[mood]
        for body in storm.bodies:
            await _wake(body, hostile.organisation)
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
        await _wake(body, hostile.organisation)
    await _until(lambda: all(hostile.hanging[body.organisation] for body in storm.bodies))
    for body in storm.bodies:
        await _share_with_all(storm, body)
    await agree(storm.bodies)


async def the_revoked_is_gone_after_one_pull(storm: Storm) -> None:
    """End every grant of one body: the next page that was asked for takes it away from its reader."""
    giver, *readers = storm.bodies
    for grant_id in list(giver.model.grants):
        await storm.change(giver, lambda: acts.end_grant(giver, grant_id))  # noqa: B023 - awaited at once
    # One answer may have been under way; the next was asked for later.
    for _ in range(2):
        await asyncio.gather(*(_read_again(reader, giver, ("portfolio",)) for reader in readers))
    for reader in readers:
        assert await reader.has(giver.organisation, "portfolio") == {}, reader.name
    # Benefits is asked with what portfolio has heard, at its own time; on the wire that is looked at, too.
    await agree(storm.bodies)
    for reader in readers:
        assert await reader.has(giver.organisation, "benefits") == {}, reader.name


async def a_reader_has_too_much(storm: Storm, giver: Body, reader: Body) -> None:
    """Return when the reader has more of a benefit than was shared with it: what has a fault is seen."""
    rng = Random(f"{storm.seed} {giver.name} fault")
    await storm.change(giver, lambda: plans.plan_benefit(giver, rng))
    benefit = giver.model.of_kind("benefit")[-1]
    project = giver.model.records["project", benefit.fields["project"]]
    few = {"project": ["start"], "benefit": ["kind", "mode"]}
    await storm.change(giver, lambda: acts.share(giver, reader.organisation, project, few))

    async def has_too_much() -> bool:
        held = await reader.has(giver.organisation, "benefits")
        return len(held.get(benefit.key, {})) > len(few["benefit"])

    await until(has_too_much, seconds=QUIET_SECONDS, every=_LOOK_SECONDS)


async def replay_changes_nothing(bodies: Sequence[Body]) -> None:
    """All is read once more, and nothing is taken, given another number or written anew."""
    before = await _fingerprint(bodies)
    await asyncio.gather(*(_read_again(reader, giver, KINDS) for giver, reader in pairs(bodies)))
    assert await _fingerprint(bodies) == before


async def _differing(giver: Body, reader: Body) -> AsyncIterator[str]:
    every = giver.model.held_by(reader.organisation)
    for service, kinds in KINDS.items():
        wanted = {key: fields for key, fields in every.items() if key[0] in kinds}
        found: Held = await reader.has(giver.organisation, service)
        for key in sorted(wanted.keys() | found.keys()):
            if wanted.get(key) != found.get(key):
                yield f"{giver.name} → {reader.name} {key}: {wanted.get(key)} is here {found.get(key)}"


async def _not_once(giver: Body, reader: Body) -> AsyncIterator[str]:
    """Agreements of the two that wait for somebody, or that neither or both count, as each has it."""
    partner = giver.partners[reader.organisation]
    replies = {one["id"]: one["state"] for one in await reader.person.every("benefits/agreement-replies")}
    for made in await giver.person.every("benefits/agreement-offers", partner=partner):
        if replies.get(made["id"]) != made["state"] or made["state"] in agreeing.WAITING:
            yield f"{giver.name} → {reader.name} {made['id']}: {made['state']} and {replies.get(made['id'])}"
        ours, theirs = giver.counted.newest(made["id"]), reader.counted.newest(made["id"])
        assert ours is not None
        counted = ours.counted + (theirs.counted if theirs is not None else 0)
        if counted != 1 or ours.in_transit or (theirs is not None and theirs.in_transit):
            yield f"{giver.name} → {reader.name} {made['id']} {made['state']}: {ours}, {theirs}"


async def _share_with_all(storm: Storm, body: Body) -> None:
    rng = Random(f"{storm.seed} {body.name} calm")
    await storm.change(body, lambda: acts.add_project(body, rng))
    for _ in range(2):
        await storm.change(body, lambda: acts.give(body, rng))
    await storm.change(body, lambda: acts.change_project(body, rng))


async def _wake(body: Body, organisation: str) -> None:
    """Have it read a partner at once."""
    for verb in ("pause", "resume"):
        await body.tell(organisation, verb)


async def _read_again(reader: Body, giver: Body, services: Iterable[str]) -> None:
    """Return when these services of the reader have heard of the giver once more."""
    before = await _contacts(reader, giver, services)
    await _wake(reader, giver.organisation)

    async def has_heard() -> bool:
        now = await _contacts(reader, giver, services)
        return all(one != other for one, other in zip(before, now, strict=True))

    await until(has_heard, seconds=QUIET_SECONDS, every=0.3)


async def _contacts(reader: Body, giver: Body, services: Iterable[str]) -> list[object]:
    return [
        (await reader.exchange(giver.organisation, service))["received"].get("contact_at")
        for service in services
    ]


async def _has_put_aside(body: Body) -> bool:
    return bool(await body.put_aside())


async def _until(is_so: Callable[[], bool]) -> None:
    async def look() -> bool:
        return is_so()

    await until(look, seconds=QUIET_SECONDS, every=_LOOK_SECONDS)


async def _fingerprint(bodies: Sequence[Body]) -> list[list[list[object]]]:
    return [
        await body.installation.rows(
            service,
            "SELECT partner_id::text, kind, record_id::text, number, revision_id, received_at::text "
            "FROM sync_replica ORDER BY 1, 2, 3",
        )
        for body in bodies
        for service in KINDS
    ]
