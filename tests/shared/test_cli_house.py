"""The whole house: one start, one stop, nothing lost in between and nothing left behind."""

import asyncio
import json
import os
import signal
import smtplib
import subprocess
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.cli.house_settings import HouseSettings, house_settings
from gevinst_shared.cli.ports import free_port, is_taken
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.support.house import house_at, stand_in_command
from tests.support.processes import eventually, is_running, processes_below

pytestmark = [pytest.mark.slow, pytest.mark.database]
ROOT = Path(__file__).parents[2]


def test_a_house_serves_restarts_what_dies_and_leaves_nothing(home: Path) -> None:
    async def story() -> list[int]:
        async with running_house(house_at(home), command=stand_in_command, is_durable=False) as house:
            async with httpx.AsyncClient(base_url=house.base_url, trust_env=False, timeout=30) as client:
                await everything_answers(house, client)
                await mail_is_caught(house)
                await kills_are_survived(house, client)
            names = [
                "postgres",
                "issuer",
                "mail",
                "gateway",
                *SERVICES,
                *(f"{name}-worker" for name in SERVICES),
            ]
            return [house.supervisor.process_id(name) for name in names]

    processes = asyncio.run(story())
    assert len(processes) == 10
    assert [process for process in processes if is_running(process)] == []


async def everything_answers(house: House, client: httpx.AsyncClient) -> None:
    token = house.token(Role.PORTFOLIO_OFFICE, "0192:958935420")
    for service in SERVICES:
        answer = await client.get(f"/{service}/v1/echo", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    document = (await client.get("/openapi.json")).json()
    assert set(document["paths"]) >= {f"/{service}/v1/status" for service in SERVICES}
    keys = (await client.get("/issuer/jwks.json")).json()
    assert "d" not in keys["keys"][0]


async def mail_is_caught(house: House) -> None:
    port = house.blueprint.smtp_port

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.sendmail(
                "from@gevinst.example", ["to@gevinst.example"], "Subject: Måling\n\nFrist\n".encode()
            )

    await asyncio.to_thread(send)
    assert [b"Frist" in message.read_bytes() for message in house.mail.glob("*.eml")] == [True]


async def kills_are_survived(house: House, client: httpx.AsyncClient) -> None:
    for name in ("portfolio", "postgres", "gateway"):
        killed = house.kill(name)
        await house.restarted(name, killed)
    assert (await client.get("/portfolio/v1/readyz")).status_code == 200


def test_a_second_start_finds_the_data_and_the_keys_again(home: Path) -> None:
    async def start(statement: str) -> object:
        async with running_house(house_at(home), command=stand_in_command, is_durable=False) as house:
            connection = await asyncpg.connect(house.admin_url, database="gevinst_benefits")
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

    asyncio.run(start("CREATE TABLE kept AS SELECT 42 AS n"))
    keys = (home / "issuer" / "issuer.jwk.json").read_text()
    assert asyncio.run(start("SELECT n FROM kept")) == 42
    assert (home / "issuer" / "issuer.jwk.json").read_text() == keys


def test_two_houses_in_one_home_and_a_taken_port_are_one_sentence_each(home: Path) -> None:
    async def start_twice() -> None:
        settings = house_at(home)
        async with running_house(settings, command=stand_in_command, is_durable=False):
            with pytest.raises(CannotStart, match=rf"already runs in .* \(process {os.getpid()}\)"):
                async with running_house(house_at(home), command=stand_in_command):
                    pass
            with pytest.raises(
                CannotStart, match=r"Port \d+ is taken by envoy \(process \d+\).*GEVINST_PORT"
            ):
                async with running_house(
                    house_at(home.with_name("other"), settings.port), command=stand_in_command
                ):
                    pass

    asyncio.run(start_twice())


def test_issuers_that_do_not_fit_together_are_one_sentence(home: Path) -> None:
    """Each may be good alone: the operator's issuer has the development issuer's (empty) prefix."""
    file = home.with_name("issuers.json")
    entry = {"issuer": "https://other.test", "audience": "a", "jwks_url": "https://other.test/keys"}
    file.write_text(json.dumps([entry]))

    async def start() -> None:
        async with running_house(house_at(home, issuers_file=file), command=stand_in_command):
            pass

    with pytest.raises(CannotStart, match=r"https://other\.test a subject_prefix of its own"):
        asyncio.run(start())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("relation is missing", r"database of benefits could not be migrated \(relation is missing\)"),
        ("No space left on device", "is full: free some space"),
    ],
)
def test_a_migration_that_fails_is_one_sentence_and_stops_what_ran(
    home: Path, said: str, sentence: str
) -> None:
    def command(service: str, verb: str) -> tuple[str, ...]:
        failing = (sys.executable, "-c", f"raise SystemExit({said!r})")
        return failing if (service, verb) == ("benefits", "migrate") else stand_in_command(service, verb)

    async def start() -> None:
        async with running_house(house_at(home), command=command, is_durable=False):
            pass

    with pytest.raises(CannotStart, match=sentence):
        asyncio.run(start())
    assert not is_taken(int((home / "postgres.port").read_text()))


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL], ids=lambda number: number.name
)
def test_whatever_ends_the_command_ends_every_child(home: Path, number: signal.Signals) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.house", str(home), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdout is not None
        assert any("Ctrl-C" in line for line in command.stdout)
        children = processes_below(command.pid)
        assert len(children) >= 10
        command.send_signal(number)
        code = command.wait(60)
    assert code == (-signal.SIGKILL if number is signal.SIGKILL else 0)
    assert eventually(lambda: not any(is_running(child) for child in children))


def test_a_stop_during_the_start_leaves_nothing(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.house", str(home), str(free_port())],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    ) as command:
        assert eventually((home / "log" / "postgres.log").exists)
        children = processes_below(command.pid)
        command.terminate()
        assert command.wait(60) == 0
    assert eventually(lambda: not any(is_running(child) for child in children))
    assert not is_taken(int((home / "postgres.port").read_text()))


def test_settings_are_read_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "audience").write_text("https://gevinst.example\n")
    settings = house_settings(
        {
            "GEVINST_HOME": str(tmp_path),
            "GEVINST_PORT": "9001",
            "GEVINST_AUDIENCE_FILE": str(tmp_path / "audience"),
            "GEVINST_CORS_ORIGINS": "https://a.example, https://b.example",
        }
    )
    assert settings == HouseSettings(
        home=tmp_path,
        port=9001,
        public_url="http://127.0.0.1:9001",
        audience="https://gevinst.example",
        cors_origins=("https://a.example", "https://b.example"),
    )
