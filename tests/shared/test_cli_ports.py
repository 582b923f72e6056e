"""Ports on this machine: free ones are told apart, and a taken one is told by its holder (A8)."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.ports import free_port, free_ports, require_free

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
LISTEN = """
import socket, sys
with socket.create_server((sys.argv[1], int(sys.argv[2]))):
    print("listens", flush=True)
    sys.stdin.read()
"""


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(200)
    assert len(set(ports)) == 200
    for port in ports[:20]:
        require_free(port, setting="GEVINST_PORT")


@pytest.mark.parametrize("host", [HERE, "localhost", "0.0.0.0"])
def test_the_holder_of_a_port_is_named_and_not_who_has_its_number_elsewhere(host: str) -> None:
    port = free_port()
    with socket.create_server((HERE, port)), listening(ELSEWHERE, port) as other:
        assert told(port, host) & {os.getpid(), other} == told(port, host)
        assert host == "0.0.0.0" or told(port, host) == {os.getpid()}
    with socket.create_server((ELSEWHERE, port)), listening(HERE, port) as other:
        assert host == "0.0.0.0" or told(port, host) == {other}


def test_a_listener_on_every_address_holds_each() -> None:
    port = free_port()
    with listening("0.0.0.0", port) as other:
        assert told(port, HERE) == {other}


def test_a_listener_on_both_families_holds_each() -> None:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        assert told(server.getsockname()[1], HERE) == {os.getpid()}


def told(port: int, host: str) -> set[int]:
    with pytest.raises(CannotStart, match=r"set GEVINST_PORT\.$") as refusal:
        require_free(port, setting="GEVINST_PORT", host=host)
    return {int(refusal.value.args[0].partition("(process ")[2].partition(")")[0])}


@contextmanager
def listening(host: str, port: int) -> Iterator[int]:
    command = [sys.executable, "-c", LISTEN, host, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listens\n"
        yield process.pid
        assert process.stdin is not None
        process.stdin.close()
