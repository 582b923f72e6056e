"""What a service says of itself, and of parameters that it does not know."""

import pytest

from gevinst_shared.values.actor import Role
from tests.support.callers import Desk, problem


@pytest.mark.parametrize(
    ("path", "member"), [("/status", "service"), ("/livez", "status"), ("/readyz", "status")]
)
async def test_a_service_that_lacks_nothing_says_so_without_a_token(
    benefits: Desk, path: str, member: str
) -> None:
    answer = await benefits.with_headers().get(path)

    assert answer.status_code == 200
    assert answer.json()[member]
    assert "lacks" not in answer.json()


async def test_odd_parameters_and_values_are_named_without_their_control_characters(benefits: Desk) -> None:
    reader = benefits.caller(Role.READER)

    parameter = await reader.get("/phase-models?a%07b=1")
    value = await reader.get("/benefits/%0D")

    assert (parameter.status_code, value.status_code) == (400, 400)
    assert problem(parameter)["errors"][0]["pointer"] == "/query/a\ufffdb"
    assert "\r" not in problem(value)["errors"][0]["detail"]
