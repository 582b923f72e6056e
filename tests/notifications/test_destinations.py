"""N5, A6: one destination never holds up another, is not flooded, and is left alone while it is ill."""

import asyncio
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome
from gevinst_notifications.domain.destinations import (
    BREAKS_AFTER,
    LIMITS,
    LONGEST_ASKED_REST,
    LONGEST_REST,
    Limits,
    is_ill,
    is_well,
    rest,
    room,
    share_left,
)
from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_notifications.usecases.dispatching import Dispatcher
from tests.notifications.queued import ACCEPTED, DEAD_SERVER, Clock, Receiver, enqueue, office
from tests.notifications.world import World, make_world
from tests.support.callers import Desk
from tests.support.waiting import until

SEVEN = 7


def test_a_rest_doubles_with_every_failure_from_the_fifth_on() -> None:
    rests = [rest(failures, DEAD_SERVER, rng=Random(1)) for failures in range(1, 9)]

    assert rests[:4] == [None] * 4
    for number, found in enumerate(rests[4:]):
        assert found is not None
        assert timedelta(seconds=15 * 2**number) <= found <= timedelta(seconds=30 * 2**number)


@given(st.integers(1, 10_000), st.timedeltas(timedelta(0), timedelta(days=400)), st.randoms())
def test_a_rest_is_never_longer_than_what_is_bearable(failures: int, asked: timedelta, rng: Random) -> None:
    found = rest(failures, Attempt(Outcome.TEMPORARY, 429, retry_after=asked), rng=rng)

    if found is None:
        assert failures < BREAKS_AFTER
        assert asked == timedelta(0)
    else:
        assert min(asked, LONGEST_ASKED_REST) <= found <= max(LONGEST_REST, LONGEST_ASKED_REST)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 50), st.integers(1, 10))
def test_a_claim_never_has_more_room_than_its_share_and_the_limit(
    failures: int, out: int, share: int, claims: int
) -> None:
    free = room(Limits(share, claims), failures=failures, claims=out)

    assert 0 <= free <= share
    assert free == 0 or out < claims
    assert failures < BREAKS_AFTER or (free <= 1 and (free == 0 or out == 0))


def test_only_what_the_server_did_speaks_for_or_against_it() -> None:
    refused, unsent = Attempt(Outcome.PERMANENT, 400), Attempt(Outcome.PERMANENT, text="no address")

    assert is_ill(DEAD_SERVER)
    assert is_well(ACCEPTED)
    assert is_well(refused)
    assert not is_ill(unsent)
    assert not is_well(unsent)


def test_every_channel_has_limits() -> None:
    assert set(LIMITS) == set(Channel)


async def _states(world: World, destination: str) -> Counter[tuple[str, int]]:
    async with world.database.transaction(world.organisation, read_only=True) as connection:
        rows = await connection.fetch(
            "SELECT state, attempts FROM delivery WHERE destination = $1", destination
        )
    return Counter((row["state"], row["attempts"]) for row in rows)


async def test_a_dead_destinations_backlog_holds_up_nobody(world: World) -> None:
    await enqueue(world, "dead.example", 500)
    await enqueue(world, "well.example", 30)
    receiver = Receiver(lambda held: DEAD_SERVER if held.destination == "dead.example" else ACCEPTED)

    for _ in range(BREAKS_AFTER + 3):
        await deliver_due(office(world, receiver))

    assert receiver.count("well.example") == 30
    assert receiver.count("dead.example") == BREAKS_AFTER
    # What was claimed and not begun has lost no attempt.
    assert await _states(world, "dead.example") == {("failed", 1): 5, ("pending", 0): 495}


async def test_after_its_rest_one_delivery_probes_the_destination_and_then_all_go(world: World) -> None:
    await enqueue(world, "h.example", 40)
    clock, receiver = Clock(), Receiver(lambda _: DEAD_SERVER)
    for _ in range(BREAKS_AFTER):
        await deliver_due(office(world, receiver, clock=clock))

    clock.ahead += timedelta(minutes=1)
    await deliver_due(office(world, receiver, clock=clock))
    probed = len(receiver.got)
    receiver.answer = lambda _: ACCEPTED
    clock.ahead += timedelta(hours=2)
    first = await deliver_due(office(world, receiver, clock=clock))
    second = await deliver_due(office(world, receiver, clock=clock))

    assert probed == BREAKS_AFTER + 1
    assert (first, second) == (1, LIMITS[Channel.WEBHOOK].share)


async def test_what_a_receiver_asks_for_holds_for_all_that_goes_there(world: World) -> None:
    await enqueue(world, "slow.example", 10)
    busy = Attempt(Outcome.TEMPORARY, 429, retry_after=timedelta(minutes=2))
    clock, receiver = Clock(), Receiver(lambda _: busy)

    tried = [await deliver_due(office(world, receiver, clock=clock)) for _ in range(3)]
    clock.ahead += timedelta(minutes=2, seconds=1)
    receiver.answer = lambda _: ACCEPTED
    tried.append(await deliver_due(office(world, receiver, clock=clock)))

    assert tried == [1, 0, 0, 9]


async def test_one_bad_delivery_does_not_break_a_destination_that_takes_the_others(world: World) -> None:
    await enqueue(world, "h.example", 19)
    bad: list[Queued] = []

    def answer(held: Queued) -> Attempt:
        bad.extend([held] if not bad else [])
        return Attempt(Outcome.TEMPORARY, 500) if held.id == bad[0].id else ACCEPTED

    await deliver_due(office(world, Receiver(answer)))

    assert await _states(world, "h.example") == {("sent", 1): 18, ("failed", 1): 1}


@pytest.mark.parametrize("channel", [Channel.TEAMS, Channel.SLACK, Channel.WEBHOOK])
async def test_workers_together_never_have_more_out_than_the_destination_takes(
    world: World, channel: Channel
) -> None:
    limits = LIMITS[channel]
    await enqueue(world, "h.example", 3 * limits.share * limits.claims, channel=channel)
    receiver = Receiver(seconds=0.05)

    await asyncio.gather(
        *(deliver_due(office(world, receiver, channel=channel)) for _ in range(limits.claims + 3))
    )

    assert len(receiver.got) == limits.share * limits.claims
    assert receiver.most_at_once == limits.claims


async def test_more_destinations_than_one_look_takes_are_all_served(world: World) -> None:
    for number in range(230):
        await enqueue(world, f"h{number:03}.example", 1)
    receiver = Receiver()

    async def is_done() -> bool:
        return len(receiver.got) == 230

    async def no_news(seconds: float) -> None:
        await asyncio.sleep(seconds)

    async with Dispatcher(
        office(world, receiver), Channel.WEBHOOK, runs=SEVEN, wait=no_news, ring=lambda: None
    ) as dispatcher:
        dispatching = asyncio.create_task(_again(dispatcher))
        try:
            await until(is_done)
        finally:
            dispatching.cancel()
            await asyncio.gather(dispatching, return_exceptions=True)

    assert len({held.destination for held in receiver.got}) == 230
    assert receiver.most_at_once <= SEVEN


async def test_a_stopped_worker_finishes_what_it_has_in_hand_and_gives_back_the_rest(world: World) -> None:
    await enqueue(world, "h.example", 10)
    receiver = Receiver(seconds=0.2)

    async def is_begun() -> bool:
        return bool(receiver.got)

    async with Dispatcher(
        office(world, receiver), Channel.WEBHOOK, runs=1, wait=asyncio.sleep, ring=lambda: None
    ) as dispatcher:
        dispatching = asyncio.create_task(_again(dispatcher))
        await until(is_begun, every=0.01)
        dispatching.cancel()
        await asyncio.gather(dispatching, return_exceptions=True)

    assert await _states(world, "h.example") == {("sent", 1): 1, ("pending", 0): 9}


async def _again(dispatcher: Dispatcher) -> None:
    while True:
        await dispatcher.dispatch()


async def test_a_delivery_that_breaks_here_holds_up_no_other(world: World) -> None:
    """N5: what cannot be sent for a fault of ours is a dead letter, and the rest of the run goes on."""

    def answer(held: Queued) -> Attempt:
        if len(receiver.got) == 2:
            raise ZeroDivisionError(held.id)
        return ACCEPTED

    receiver = Receiver(answer)
    await enqueue(world, "hooks.example.no", 4)

    tried = await deliver_due(office(world, receiver))

    assert tried == len(receiver.got) == 4
    async with world.database.transaction(world.organisation) as connection:
        rows = await connection.fetch("SELECT state, last_text FROM delivery WHERE channel = 'webhook'")
    assert Counter(row["state"] for row in rows) == {"sent": 3, "dead": 1}
    assert {row["last_text"] for row in rows if row["state"] == "dead"} == {
        "it broke on our side; see the log, and replay it then"
    }


@given(st.lists(st.sampled_from("abcd"), max_size=200), st.integers(1, 64))
def test_no_organisation_takes_more_than_half_of_what_the_others_leave(asking: list[str], runs: int) -> None:
    busy: Counter[str] = Counter()
    for organisation in asking:
        if busy.total() < runs and share_left(busy, organisation, runs=runs) > 0:
            busy[organisation] += 1

    assert all(count <= max(runs // 2, 1) for count in busy.values())
    # Whoever has not asked yet still finds room, as long as there is one for each.
    assert runs < 16 or busy.total() < runs


class _Hanging(Receiver):
    """Does not answer the organisation before it is told to."""

    def __init__(self, organisation: str) -> None:
        super().__init__()
        self.organisation, self.may_answer = organisation, asyncio.Event()

    async def send(self, held: Queued) -> Attempt:
        self.got.append(held)
        if held.organisation == self.organisation:
            await self.may_answer.wait()
        return ACCEPTED


async def test_an_organisation_whose_receivers_all_hang_holds_up_no_other(world: World) -> None:
    """N5: also when it has more of them than the worker has runs."""
    desk = Desk(world.desk.app, "notifications", world.desk.installation)
    other = await make_world(desk, world.database)
    for number in range(20):
        await enqueue(world, f"slow{number:02}.example", 1)
    receiver = _Hanging(world.organisation)

    async def is_taken_up() -> bool:
        return len(receiver.got) >= 4

    async def is_served() -> bool:
        return receiver.count("quick.example") == 1

    async def no_news(_seconds: float) -> None:
        await asyncio.sleep(0.05)

    async with Dispatcher(
        office(world, receiver), Channel.WEBHOOK, runs=8, wait=no_news, ring=lambda: None
    ) as dispatcher:
        dispatching = asyncio.create_task(_again(dispatcher))
        try:
            await until(is_taken_up, every=0.01)
            await asyncio.sleep(0.3)
            await enqueue(other, "quick.example", 1)
            await until(is_served, every=0.01)
            begun = sum(held.organisation == world.organisation for held in receiver.got)
        finally:
            receiver.may_answer.set()
            dispatching.cancel()
            await asyncio.gather(dispatching, return_exceptions=True)

    assert begun == 4
