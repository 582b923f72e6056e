"""Clients that others generate from our documents work against the running house."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role
from tests.contracts.clients import (
    Call,
    call_with,
    install_python_generator,
    python_client,
    typescript_client,
)
from tests.contracts.judges import HERE, TOOLS, install_tools, run
from tests.support.organisations import new_organisation

pytestmark = pytest.mark.slow

ORGANISATION = {"name": "Okapi kommune", "currency": "NOK", "language": "nb"}
PORTFOLIO = {"name": "Digitisation", "currency": "NOK", "price_year": 2026}
Source = tuple[Path, str, str]


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    install_tools()
    install_python_generator()


@pytest.fixture(params=["merged", "portfolio"])
def source(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> Source:
    """A document as the house serves it, what its operations begin with, and the address that it is for."""
    whole = httpx.get(f"{house.base_url}/openapi.json", trust_env=False)
    if request.param == "merged":
        return _kept(tmp_path, whole), "portfolio_", house.base_url
    one = httpx.get(f"{house.service_url('portfolio')}/portfolio/v1/openapi.json", trust_env=False)
    return _kept(tmp_path, one), "", f"{house.base_url}/portfolio/v1"


def _kept(directory: Path, answer: httpx.Response) -> Path:
    assert answer.status_code == 200, answer.text
    file = directory / "openapi.json"
    file.write_text(answer.text, encoding="utf-8")
    return file


def administrator(house: House) -> str:
    return house.token(Role.ADMINISTRATOR, new_organisation())


async def test_a_generated_python_client_lists_gets_and_creates(
    house: House, source: Source, tmp_path: Path
) -> None:
    document, prefix, address = source
    package = python_client(document, tmp_path)
    base = Call("", "", address, administrator(house), {})

    def call(tag: str, operation: str, **arguments: Any) -> dict[str, Any]:
        made = call_with(package, replace(base, tag=tag, operation=prefix + operation, arguments=arguments))
        assert made["status"] in {200, 201}, made
        parsed: dict[str, Any] = made["parsed"]
        return parsed

    _story(call)


def _story(call: Callable[..., dict[str, Any]]) -> None:
    call("organisation", "register_organisation", body=ORGANISATION)
    portfolio = call("portfolios", "arrange_portfolio", body=PORTFOLIO)
    project = call(
        "projects", "propose_project", body={"portfolio_id": portfolio["id"], "name": "Digital post"}
    )
    assert call("projects", "get_project", project_id=project["id"]) == project
    assert call("projects", "list_projects", limit=10)["items"] == [project]


async def test_generated_types_let_a_typescript_program_list_get_and_create(
    house: House, source: Source, tmp_path: Path
) -> None:
    """The program is compiled strictly against the types, and run."""
    document, prefix, address = source
    typescript_client(document, tmp_path)
    root = "/portfolio/v1" if prefix else ""
    program = tmp_path / "program.ts"
    program.write_text((HERE / "call_typed.ts").read_text("utf-8").replace("ROOT", root), "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    options = ("--strict", "--target", "es2022", "--module", "es2022", "--lib", "es2022,dom")
    run([TOOLS / "tsc", *options, "--moduleResolution", "bundler", "--outDir", tmp_path, program])

    told = json.loads(run(["node", tmp_path / "program.js", address, administrator(house)]))

    assert told["created"] == told["got"]
    assert told["listed"] == [told["name"]] == ["Digital post"]
