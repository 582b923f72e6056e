"""What somebody who has a body's key puts into its feed."""

import json
from typing import Any

from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.sync.revisions import Revision, signed
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.two_installations import FEED, Side, answer, changed

FORGED = "Forged"
# Above all that the body itself has given.
_NUMBER = 1_000_000


def forge(giver: Side, reader: Side, key: SigningKey, *, kind: str = "project", feed: str = FEED) -> None:
    """Add a record of the name `FORGED`, signed with the key, to each page that the giver's feed answers."""

    async def add(send: Any, status: int, body: bytes) -> None:
        page = json.loads(body)
        if status == 200:
            revision = Revision(
                epoch=page["epoch"],
                number=_NUMBER,
                kind=kind,
                id=new_id(),
                owner=giver.organisation,
                audience=reader.organisation,
                at="2026-09-01T12:00:00.000000Z",
                fields={"name": FORGED},
            )
            page["revisions"].append(signed(revision, key))
        await answer(send, status, json.dumps(page).encode())

    changed(giver.house, add, feed)


async def exchange(reader: Side, giver: Side, service: str) -> dict[str, Any]:
    """What the reader's administrator sees of its reading the giver."""
    from_here = reader.house.caller(reader.organisation, Role.ADMINISTRATOR, service=service)
    async with from_here as client:
        path = f"/sync-partners/{reader.partners[giver.organisation]}/exchange"
        answered = await client.get(path)
        assert answered.status_code == 200, answered.text
        received: dict[str, Any] = answered.json()["received"]
        return received
