"""X2: three installations and a hostile partner under a storm, with everything searched that was on the wire.

`GEVINST_LABORATORY_STEPS=300 GEVINST_LABORATORY_SEED=7 pytest -s tests/journeys/test_sync_laboratory.py` is a
longer one. `GEVINST_LABORATORY_NETWORK=proxies` does without network namespaces. With
`GEVINST_LABORATORY_FAULT=<one of tests.laboratory.faulty.FAULTS>` all services are started with that fault,
and the test has to fail; without it one service is started with a fault when all else was looked at.
"""

import asyncio
import base64
import os
from pathlib import Path

import pytest

from tests.laboratory import aftermath
from tests.laboratory.laboratory import HOSTILE, Laboratory, opened_laboratory, storm_over
from tests.laboratory.storm import Storm
from tests.laboratory.wire import Examined, examined

pytestmark = pytest.mark.slow
SHORT = 24
STEPS = int(os.environ.get("GEVINST_LABORATORY_STEPS", str(SHORT)))
SEED = int(os.environ.get("GEVINST_LABORATORY_SEED", "1"))


def test_installations_agree_after_a_storm_and_nothing_unshared_was_on_the_wire(home: Path) -> None:
    asyncio.run(_weather_a_storm(home))


async def _weather_a_storm(home: Path) -> None:
    async with opened_laboratory(home, SEED) as laboratory:
        storm = storm_over(laboratory, SEED, STEPS)
        print(f"seed {SEED}, {STEPS} steps, {laboratory.network.said}")
        try:
            await _told(storm, laboratory)
        finally:
            print("\n".join(storm.told))


async def _told(storm: Storm, laboratory: Laboratory) -> None:
    bodies = laboratory.bodies
    await storm.rage()
    storm.tell("the storm is over")
    if STEPS <= SHORT:
        await aftermath.nudge(bodies)
    await aftermath.agree(bodies)
    storm.tell("all agree")
    agreed = await aftermath.each_benefit_is_counted_once(bodies)
    storm.tell(f"what was agreed is counted once; {agreed} halves were given or received")
    await aftermath.agree(bodies)
    compared = await aftermath.both_say_the_same(bodies)
    storm.tell(f"{compared} records are the same on both sides")
    await aftermath.nothing_acknowledged_is_lost(bodies)
    await aftermath.only_the_hostile_was_put_aside(bodies, laboratory.hostile)
    await aftermath.harm_was_tried_and_seen(storm)
    storm.tell("harm was tried")
    await aftermath.a_silent_one_delays_nobody(storm)
    storm.tell("a silent one delayed nobody")
    await aftermath.replay_changes_nothing(bodies)
    await aftermath.the_revoked_is_gone_after_one_pull(storm)
    storm.tell("what was revoked is gone")
    await _nothing_was_on_the_wire(storm, laboratory)
    await _what_is_wrong_is_found(storm, laboratory)
    storm.tell("what was wrong was found")


async def _nothing_was_on_the_wire(storm: Storm, laboratory: Laboratory) -> None:
    found = await _searched(laboratory)
    storm.tell(f"{found.exchanges} requests, {found.answers} answers, {found.seen} canaries rightly seen")
    assert not found.leaks, "\n".join(map(str, found.leaks[:20]))
    assert found.seen


async def _what_is_wrong_is_found(storm: Storm, laboratory: Laboratory) -> None:
    """What somebody hid on the same wire, and what a service says that has a fault from now on."""
    one, other = laboratory.bodies[:2]
    hidden = one.canaries.word(one.organisation, "planted")
    packed = base64.urlsafe_b64encode(f'{{"sub":"{hidden.text}"}}'.encode()).decode().rstrip("=")
    await one.installation.call(f"{other.installation.place.address}/nowhere?token=x.{packed}.y")
    # Either of the two may be the one that works out what leaves.
    await one.installation.break_down("gives-every-field", "benefits", "benefits-worker")
    await aftermath.a_reader_has_too_much(storm, one, other)
    leaks = {leak.canary for leak in (await _searched(laboratory)).leaks}
    assert hidden in leaks
    assert {leak.field for leak in leaks - {hidden}} >= {"name", "money_per_year"}
    assert {leak.owner for leak in leaks} == {one.organisation}


async def _searched(laboratory: Laboratory) -> Examined:
    return await asyncio.to_thread(
        examined, laboratory.network, laboratory.bodies, HOSTILE, laboratory.canaries
    )
