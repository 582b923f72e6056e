"""E1: `gevinst audit` over real HTTP, and on a file without any server."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gevinst_shared.cli.main import app
from gevinst_shared.values.actor import Role
from tests.notifications.world import served
from tests.support.callers import Desk
from tests.support.trails import as_owner, change, seal, taken_home


async def run(desk: Desk, *arguments: str, role: Role = Role.AUDITOR) -> Result:
    """The command, called by a person with this role of the desk's organisation."""
    async with served(desk.app) as url:
        token = desk.installation.token(desk.organisation, role)
        environment = {"GEVINST_PUBLIC_URL": url, "GEVINST_TOKEN": token}
        whole = ["audit", *arguments, "--organisation", desk.organisation]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, whole, env=environment))


def offline(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", *arguments])


@pytest.fixture
async def sealed(portfolio: Desk) -> Desk:
    """Two seals over three rows, and a row that is not sealed yet."""
    database = portfolio.app.state.house.database
    for names in (["a", "b"], ["c"]):
        await change(database, portfolio.organisation, *names)
        await seal(portfolio)
    await change(database, portfolio.organisation, "d")
    return portfolio


@pytest.mark.slow
async def test_a_chain_that_holds_is_said_to_hold_with_its_head(sealed: Desk) -> None:
    done = await run(sealed, "verify", "--service", "portfolio")

    assert done.exit_code == 0, done.output
    assert f"portfolio of {sealed.organisation}: 2 seals over 3 rows fit, 1 rows are not" in done.stdout
    head = done.stdout.strip().rpartition("head ")[2]
    again = await run(sealed, "verify", "--service", "portfolio", "--head", head)
    other = await run(sealed, "verify", "--service", "portfolio", "--head", f"2:{'a' * 64}")
    assert again.exit_code == 0
    assert other.exit_code == 1
    assert "portfolio: Seal 2 is not the one that is known outside" in other.stderr


@pytest.mark.slow
async def test_what_was_touched_is_named_with_exit_code_1(sealed: Desk) -> None:
    await as_owner(
        sealed.installation, sealed.organisation, "UPDATE audit SET actor = 'ola' WHERE after->>'name' = 'c'"
    )

    done = await run(sealed, "verify", "--service", "portfolio")

    assert done.exit_code == 1
    assert "was changed: seal 2 has another hash of it" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.slow
async def test_an_exported_trail_is_checked_without_a_server(sealed: Desk, tmp_path: Path) -> None:
    file = tmp_path / "trail.ndjson"
    written = await run(sealed, "export", str(file), "--service", "portfolio")
    assert written.exit_code == 0, written.output
    lines = file.read_text("utf-8").splitlines()
    row = json.loads(lines[3])
    touched = tmp_path / "touched.ndjson"
    row["row"]["after"]["name"] = "z"
    touched.write_text("\n".join([*lines[:3], json.dumps(row), *lines[4:]]), encoding="utf-8")

    whole, changed = offline("--file", str(file)), offline("--file", str(touched))

    assert [next(iter(json.loads(line))) for line in lines] == ["seal", "seal", "row", "row", "row", "row"]
    assert (whole.exit_code, changed.exit_code) == (0, 1), whole.output
    assert f"Row {row['row']['id']} (" in changed.stderr


@pytest.mark.slow
async def test_who_may_not_read_the_trail_gets_the_services_own_sentence(sealed: Desk) -> None:
    done = await run(sealed, "verify", "--service", "portfolio", role=Role.READER)

    assert done.exit_code == 1
    assert "auditor" in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no json\n", "Line 1 is neither a seal nor a row."),
        (b"[]\n", "Line 1 is neither a seal nor a row."),
        (b'{"row":{"id":"x"},"seal":{}}\n', "Line 1 is neither a seal nor a row."),
        (b'{"seal":7}\n', "A seal cannot be read: 7"),
        (b'{"row":[]}\n', "A row cannot be read: []"),
        (b'{"row":{"id":"x","transaction":1e400}}\n', "A row cannot be read"),
        (b"\xff\n", "Line 1 is neither a seal nor a row."),
    ],
)
def test_a_file_that_is_no_trail_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "trail"
    file.write_bytes(content)

    done = offline("--file", str(file))

    assert done.exit_code == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--file", "/no/such/file"], "/no/such/file cannot be read"),
        (["--head", "7"], "7 is no head: write the seal's number, a colon and its hash."),
        (["--head", f"7:{'a' * 64}"], "name it with --service"),
        (["--service", "mail"], "mail is no service: name one of portfolio, benefits, notifications."),
    ],
)
def test_what_the_person_can_put_right_is_one_sentence(arguments: list[str], sentence: str) -> None:
    done = offline(*arguments)

    assert done.exit_code == 1
    assert sentence in done.stderr


async def test_numbers_come_home_with_every_digit(portfolio: Desk, tmp_path: Path) -> None:
    """A double would round 9007199254740993, and hide that somebody made it one less."""
    database = portfolio.app.state.house.database
    await change(database, portfolio.organisation, "a")
    big = 'UPDATE audit SET after = \'{"minor": 9007199254740993, "rate": 0.10000000000000000001}\''
    await as_owner(portfolio.installation, portfolio.organisation, big)
    await seal(portfolio)

    file = await taken_home(portfolio, tmp_path / "trail")

    assert '{"minor":9007199254740993,"rate":0.10000000000000000001}' in file.read_text("utf-8")
    assert offline("--file", str(file)).exit_code == 0
