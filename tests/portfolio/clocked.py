"""The portfolio service with a clock that the test moves; tokens go by the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gevinst_portfolio.worker.runs import RunWorker
from tests.portfolio.background import database_of
from tests.portfolio.world import World
from tests.support.callers import Desk
from tests.support.clock import MovedClock


@contextmanager
def clocked(desk: Desk, clock: MovedClock) -> Iterator[Desk]:
    """The service goes by `clock` until the end of the block."""
    house = desk.app.state.house
    desk.app.state.house = replace(house, now=clock)
    try:
        yield desk
    finally:
        desk.app.state.house = house


async def work_off(world: World, clock: MovedClock) -> None:
    """Do every run that waits, at the clock's time."""
    worker = RunWorker(database_of(world.desk), clock)
    while await worker.once():
        pass
