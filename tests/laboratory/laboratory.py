"""Three installations that exchange, and a hostile fourth, on a network of their own."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from random import Random

from tests.laboratory import namespaces
from tests.laboratory.bodies import Body, opened_bodies
from tests.laboratory.canaries import Canaries
from tests.laboratory.hostile import Hostile, running_hostile
from tests.laboratory.installation import running_installation
from tests.laboratory.network import Network
from tests.laboratory.proxies import network_of_proxies
from tests.laboratory.storm import Storm
from tests.laboratory.template import copy_template, make_template
from tests.support.organisations import new_organisation

NAMES = ("a", "b", "c")
HOSTILE = "hostile"
CHOSEN = "GEVINST_LABORATORY_NETWORK"


@dataclass(frozen=True, slots=True)
class Laboratory:
    network: Network
    bodies: list[Body]
    hostile: Hostile
    canaries: Canaries


@asynccontextmanager
async def opened_laboratory(home: Path, seed: int) -> AsyncIterator[Laboratory]:
    """All have confirmed each other. Everything that was begun ends with it, whatever happens."""
    _make(home)
    canaries = Canaries(Random(f"{seed} canaries"))
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(_network(home, seed))
        await make_template(home / "template")
        await asyncio.gather(*(copy_template(home / "template", home / name) for name in NAMES))
        running = [running_installation(network.place(name), home / name) for name in NAMES]
        installations = await asyncio.gather(*(stack.enter_async_context(one) for one in running))
        organisations = [new_organisation() for _ in NAMES]
        bodies = await stack.enter_async_context(opened_bodies(installations, organisations, canaries))
        place = network.place(HOSTILE)
        hostile = await stack.enter_async_context(running_hostile(place, new_organisation(), seed))
        laboratory = Laboratory(network, bodies, hostile, canaries)
        await _acquaint(laboratory)
        yield laboratory


def _make(home: Path) -> None:
    """Of ours, but so that the account of the databases passes through."""
    home.mkdir(exist_ok=True)
    home.chmod(0o711)


@asynccontextmanager
async def _network(home: Path, seed: int) -> AsyncIterator[Network]:
    """Namespaces where they can be made, else proxies; or the one that the environment names."""
    names, rng = (*NAMES, HOSTILE), Random(f"{seed} network")
    if os.environ.get(CHOSEN, "namespaces") == "namespaces" and namespaces.are_possible():
        with namespaces.network_of_namespaces(names, home / "frames.pcap", rng) as network:
            yield network
    else:
        async with network_of_proxies(names, rng) as proxies:
            yield proxies


async def _acquaint(laboratory: Laboratory) -> None:
    bodies, hostile = laboratory.bodies, laboratory.hostile
    await asyncio.gather(*(body.settle_in(laboratory.network.allowed) for body in bodies))
    for body in bodies:
        hostile.attack(body.organisation, body.installation.place.address)
        body.register(hostile.organisation, [hostile.public_key])
    thumbprints = {body.name: await body.thumbprint() for body in bodies}
    for body in bodies:
        keys = await body.keys()
        for other in bodies:
            if other is not body:
                other.register(body.organisation, keys)
    await asyncio.gather(
        *(
            one.confirm(other.organisation, other.installation.place.address, thumbprints[other.name])
            for one, other in permutations(bodies, 2)
        ),
        *(body.confirm(hostile.organisation, hostile.place.address, hostile.thumbprint) for body in bodies),
    )


def storm_over(laboratory: Laboratory, seed: int, steps: int) -> Storm:
    return Storm(laboratory.bodies, laboratory.hostile, laboratory.network, seed, steps)
