"""Is it alive, is it ready, what is it."""

import pytest

from tests.portfolio.world import World


@pytest.mark.parametrize(
    ("path", "member"), [("/livez", "status"), ("/readyz", "status"), ("/status", "service")]
)
async def test_a_service_that_lacks_nothing_says_so_by_silence(world: World, path: str, member: str) -> None:
    answer = await world.office.get(path)

    assert answer.status_code == 200, answer.text
    assert member in answer.json()
    assert "lacks" not in answer.json()
