"""The mails that the house has sent."""

import asyncio
from email import message_from_bytes, policy
from pathlib import Path

from gevinst_shared.cli.api import Document
from gevinst_shared.cli.demo.stage import Stage


async def mails_when_sent(stage: Stage) -> list[Document] | None:
    """All mails in the order of their arrival, or None while a delivery waits."""
    deliveries = [each async for each in stage["administrator"].every("notifications/deliveries")]
    mails = await asyncio.to_thread(_read, stage.house.mail)
    is_quiet = deliveries and all(each["state"] == "sent" for each in deliveries)
    return mails if is_quiet and len(mails) >= len(deliveries) else None


def _read(folder: Path) -> list[Document]:
    found = []
    for file in sorted(folder.glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        found.append({"id": mail["Message-ID"], "to": str(mail["To"]), "subject": str(mail["Subject"])})
    return found
