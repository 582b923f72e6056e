"""A process that writes to a trail, or seals it, until it is killed.

`python -m tests.support.trail_sealer write|seal <database url> <organisation> <name>`
"""

import asyncio
import sys

from gevinst_shared.db.engine import Database
from tests.support.trails import change, sealer_of


async def main(role: str, url: str, organisation: str, name: str) -> None:
    database = await Database.open(url, size=2)
    number = 0
    while True:
        number += 1
        if role == "write":
            await change(database, organisation, f"{name}:{number}", f"{name}:{number} too")
            sys.stdout.write(f"{name}:{number}\n")
            sys.stdout.flush()
        else:
            await sealer_of(database).once()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
