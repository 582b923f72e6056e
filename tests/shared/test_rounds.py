"""A worker's outermost loop: at its pace, and after faults later and later (A6)."""

import asyncio
import logging

import pytest

from gevinst_shared.rounds import Rounds


async def paused(outcomes: list[bool], *, every: float, longest: float) -> list[float]:
    """The pauses after rounds that went well or not, until they are over and the worker is cancelled."""
    pauses: list[float] = []
    rest = iter(outcomes)

    async def once() -> None:
        is_well = next(rest, None)
        if is_well is None:
            raise asyncio.CancelledError
        if not is_well:
            raise ValueError("broken")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    rounds = Rounds(logging.getLogger("rounds"), "not done", every=every, longest=longest, sleep=sleep)
    with pytest.raises(asyncio.CancelledError):
        await rounds.follow(once)
    return pauses


@pytest.mark.parametrize(
    ("outcomes", "every", "pauses"),
    [
        ([True, True], 5.0, [5, 5]),
        ([False, False, False, False, True, False], 5.0, [10, 20, 30, 30, 5, 10]),
        ([True, False, False, True, True, False], 0.0, [0.5, 1, 0.5]),
    ],
)
async def test_each_fault_in_a_row_doubles_the_pause_and_a_good_round_ends_that(
    outcomes: list[bool], every: float, pauses: list[float]
) -> None:
    assert await paused(outcomes, every=every, longest=30.0) == pauses


async def test_a_fault_is_logged_with_what_was_not_done(caplog: pytest.LogCaptureFixture) -> None:
    await paused([False], every=5.0, longest=30.0)

    [line] = caplog.records
    assert (line.getMessage(), vars(line)["pause"], line.exc_info is not None) == ("not done", 10, True)
