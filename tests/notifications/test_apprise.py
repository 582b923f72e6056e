"""Exotic channels in a process of their own, which gets no further than it may (OWASP API7)."""

import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gevinst_notifications.clients.apprise import AppriseProcess, is_installed
from gevinst_notifications.clients.apprise_child import may_call
from gevinst_notifications.domain.deliveries import Outcome
from gevinst_shared.values.networks import read_network
from tests.support.http_receiver import HANG, Receiver, http_receiver

pytestmark = pytest.mark.slow
LOOPBACK = [read_network("127.0.0.0/8")]


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[str]:
    async with http_receiver(receiver) as port:
        yield f"json://127.0.0.1:{port}/hook"


async def test_a_message_arrives_when_its_network_is_allowed() -> None:
    receiver = Receiver(otherwise="200 OK")
    async with receiving(receiver) as address:
        attempt = await AppriseProcess(seconds=20).send(address, "Tittel", "Tekst æøå", allowed=LOOPBACK)

    assert attempt.outcome is Outcome.ACCEPTED
    said = json.loads(receiver.requests[0].content)
    assert (said["title"], said["message"]) == ("Tittel", "Tekst æøå")


async def test_nothing_goes_inside_whatever_the_service() -> None:
    receiver = Receiver(otherwise="200 OK")
    async with receiving(receiver) as address:
        for one in (address, address.replace("127.0.0.1", "localhost")):
            attempt = await AppriseProcess(seconds=20).send(one, "t", "x", allowed=())

            assert attempt.outcome is Outcome.PERMANENT
            assert "not public" in attempt.text
    assert receiver.connections == 0


async def test_a_redirect_into_the_house_is_not_followed_there() -> None:
    inside = Receiver(otherwise="200 OK")
    async with http_receiver(inside) as port_inside:
        elsewhere = Receiver(otherwise=f"307 Elsewhere\nLocation: http://127.0.0.2:{port_inside}/")
        async with receiving(elsewhere) as address:
            only = [read_network("127.0.0.1/32")]
            attempt = await AppriseProcess(seconds=20).send(address, "t", "x", allowed=only)

    assert attempt.outcome is not Outcome.ACCEPTED
    assert inside.connections == 0


async def test_a_refusal_is_tried_again_and_an_unknown_service_is_not() -> None:
    async with receiving(Receiver(otherwise="500 Broken")) as address:
        refused = await AppriseProcess(seconds=20).send(address, "t", "x", allowed=LOOPBACK)
    unknown = await AppriseProcess(seconds=20).send("pigeon://roof", "t", "x", allowed=LOOPBACK)

    assert refused.outcome is Outcome.TEMPORARY
    assert unknown.outcome is Outcome.PERMANENT


async def test_a_service_that_does_not_answer_is_ended_in_time() -> None:
    async with receiving(Receiver([HANG])) as address:
        attempt = await AppriseProcess(seconds=2).send(address, "t", "x", allowed=LOOPBACK)

    assert attempt.outcome is Outcome.LOST_AFTER_DATA


def test_the_worker_itself_never_loads_apprise() -> None:
    assert is_installed()
    code = "import sys, gevinst_notifications.worker; print('apprise' in sys.modules)"

    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert said.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("family", "address", "is_fine"),
    [
        (socket.AF_INET, ("8.8.8.8", 53), True),
        (socket.AF_INET, ("127.0.0.1", 53), True),
        (socket.AF_INET, ("10.0.0.1", 53), False),
        (socket.AF_INET, ("hooks.example.no", 53), False),
        (socket.AF_INET6, ("::1", 53, 0, 0), False),
        (socket.AF_INET6, ("2a00:1450:4005::1", 53, 0, 0), True),
        (socket.AF_UNIX, "/run/docker.sock", False),
        (socket.AF_INET, None, True),
    ],
)
def test_the_guard_knows_names_sockets_and_addresses(
    family: socket.AddressFamily, address: object, is_fine: bool
) -> None:
    with socket.socket(family) as caller:
        assert may_call(caller, address, LOOPBACK) is is_fine


def test_the_child_starts_no_other_process(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    code = (
        "from gevinst_notifications.clients.apprise_child import guard\n"
        "import os, subprocess\n"
        "guard([])\n"
        "for start in (lambda: os.system('touch MARKER'), lambda: subprocess.run(['touch', 'MARKER'])):\n"
        "    try:\n        start()\n    except OSError:\n        print('refused')\n"
    ).replace("MARKER", str(marker))

    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert said.stdout.split() == ["refused", "refused"]
    assert not marker.exists()
