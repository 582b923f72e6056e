"""How published embeds are made for the tests of every operation."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.support.operations import operation

if TYPE_CHECKING:
    from tests.support.records import Organisation

_NOBODYS = "/portfolios/0198b6a4-7c1e-7000-8000-00000000dead/charts/roadmap"
_SHOWN = {"resource": _NOBODYS, "origins": ["https://intranet.example"]}
EMBED_MEMBERS: dict[str, dict[str, Any]] = {"publish_embed": _SHOWN, "make_embed_ticket": _SHOWN}


async def _embed(organisation: "Organisation") -> str:
    """The roadmap of a portfolio, for everybody."""
    resource = f"/portfolios/{await organisation.make('portfolio_id')}/charts/roadmap"
    one = operation("portfolio", "publish_embed")
    answer = await organisation.client.post(organisation.url(one), json=_SHOWN | {"resource": resource})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


EMBED_MAKERS: dict[str, Callable[["Organisation"], Awaitable[str]]] = {"embed_id": _embed}
