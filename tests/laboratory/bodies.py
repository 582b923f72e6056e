"""A body of the laboratory: its installation, the one person who works for it, and what it should be."""

import asyncio
import base64
import copy
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from gevinst_shared.auth.development_issuer import partner_file
from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.blueprint import KEYS_DIRECTORY
from gevinst_shared.cli.comparing import Ask
from gevinst_shared.values.actor import Role
from tests.journeys.patience import Patient
from tests.laboratory.canaries import Canaries, Followed, Windows
from tests.laboratory.counting import STEPS, Counted
from tests.laboratory.installation import Installation
from tests.laboratory.model import PLAN_KINDS, PORTFOLIO_KINDS, Held, Model, Record, plain
from tests.support.waiting import until

_MEET_SECONDS = 300.0
_HEAR_SECONDS = 120.0
_ROLES = (Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE, Role.UNIT_LEADER, Role.AUDITOR)
KINDS = {"portfolio": PORTFOLIO_KINDS, "benefits": PLAN_KINDS}


@dataclass
class Body:
    """`partners` are its records of others, by organisation; `books` is held by whoever changes it.

    `windows` say what portfolio may give at the moment, `followed` what benefits may; `counted` is what it
    counted of agreements.
    """

    name: str
    organisation: str
    installation: Installation
    canaries: Canaries
    person: Patient
    model: Model = field(default_factory=Model)
    windows: Windows = field(default_factory=Windows)
    followed: Followed = field(default_factory=Followed)
    counted: Counted = field(default_factory=Counted)
    partners: dict[str, str] = field(default_factory=dict)
    others: "dict[str, Body]" = field(default_factory=dict)
    portfolio_id: str = ""
    unit_id: str = ""
    backup: Model | None = None
    books: asyncio.Lock = field(default_factory=asyncio.Lock)

    def word(self, of: str) -> str:
        """A text with a canary in it that nobody else may have."""
        return f"Æ {self.canaries.word(self.organisation, of).text}"

    def any_of(self, rng: Random, kind: str) -> Record | None:
        """One of its records of the kind, if there is one."""
        records = self.model.of_kind(kind)
        return rng.choice(records) if records else None

    async def ask(self, path: str, asked: Document) -> Document:
        """Post to benefits, and again while it has not heard of what portfolio has acknowledged."""
        deadline = time.monotonic() + _HEAR_SECONDS
        while True:
            try:
                return await self.person.post(path, asked)
            except NotDone as refused:
                if not _is_too_early(refused) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.3)

    def note(self, began: float) -> None:
        """Keep who may have what from now on, after an act that began then."""
        for reader in self.partners:
            pieces = self.model.pieces(reader)
            self.windows.note(reader, pieces, began, time.time())
            self.followed.note(reader, pieces, self.model.changes[reader], began)

    async def settle_in(self, network: str) -> None:
        portfolio = {"name": self.word("portfolio"), "currency": "NOK", "price_year": 2026}
        organisation = {"name": f"Body {self.name}", "currency": "NOK", "language": "nb"}
        await self.person.register("portfolio/organisation", organisation)
        self.portfolio_id = (await self.person.post("portfolio/portfolios", portfolio))["id"]
        self.canaries.known(self.organisation, self.portfolio_id)
        unit = await self.person.post("portfolio/units", {"name": self.word("unit")})
        self.unit_id = unit["id"]
        self.canaries.known(self.organisation, self.unit_id)
        await self.person.register("portfolio/sync-identity", {"contact": f"{self.name}@example.org"})
        await self.person.post("portfolio/sync-networks", {"network": network, "reason": "Laboratory"})

    async def thumbprint(self) -> str:
        found: str = (await self.person.get("portfolio/sync-identity"))["keys"][0]["thumbprint"]
        return found

    async def confirm(self, organisation: str, address: str, thumbprint: str) -> None:
        """Propose another body, wait until it is met, and compare what it has read out."""
        asked = {"owner": organisation, "address": address}
        partner_id = (await self.person.post("portfolio/sync-partners", asked))["id"]
        self.partners[organisation] = partner_id
        self.canaries.known(self.organisation, partner_id)

        async def is_met() -> bool:
            return bool((await self.partner(organisation))["state"] == "met")

        await until(is_met, seconds=_MEET_SECONDS, every=0.5)
        await self.person.post(f"portfolio/sync-partners/{partner_id}/confirm", {"thumbprint": thumbprint})

    async def partner(self, organisation: str) -> Document:
        return await self.person.get(f"portfolio/sync-partners/{self.partners[organisation]}")

    async def exchange(self, organisation: str, service: str) -> Document:
        """How the exchange of one service with the partner goes."""
        return await self.person.get(f"{service}/sync-partners/{self.partners[organisation]}/exchange")

    def digest(self, organisation: str, service: str, side: str) -> Ask:
        """How one side of the exchange of a service with the partner is asked for its digest."""
        path = f"{service}/sync-partners/{self.partners[organisation]}/digest"

        async def ask(prefix: str) -> Document:
            return await self.person.get(path, side=side, prefix=prefix)

        return ask

    async def tell(self, organisation: str, verb: str) -> None:
        """Pause or resume the partner."""
        await self.person.post(f"portfolio/sync-partners/{self.partners[organisation]}/{verb}")

    def register(self, organisation: str, keys: Sequence[Document]) -> None:
        """As the operator does: let another body's keys get tokens here."""
        file = partner_file(self.installation.home / KEYS_DIRECTORY, organisation)
        file.parent.mkdir(exist_ok=True)
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps({"keys": list(keys)}), "utf-8")
        draft.replace(file)

    async def keys(self) -> list[Document]:
        """The public keys that it signs with, from its statement."""
        found = f"{self.installation.place.desk}/.well-known/gevinst-federation"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            while True:
                try:
                    answer = await client.get(found, params={"owner": self.organisation})
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code == 200:
                    break
                await asyncio.sleep(0.3)
        payload = answer.json()["payload"]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return [{k: v for k, v in key.items() if k != "exp"} for key in said["keys"]["keys"]]

    async def back_up(self) -> None:
        async with self.books:
            await self.installation.back_up()
            self.backup = copy.deepcopy(self.model)

    async def restore(self, *, is_said: bool) -> None:
        """Everything is again as it was when it was last backed up, and so is what should be."""
        async with self.books:
            assert self.backup is not None
            began = time.time()
            self.counted.keep(await self.installation.restore(STEPS, is_said=is_said))
            self.counted.restore(began)
            self.model = copy.deepcopy(self.backup)
            self.followed.forget(time.time())
            self.note(began)

    async def has(self, organisation: str, service: str) -> Held:
        """What stands in one service here of the partner's, record by record, but for agreements."""
        kinds = ", ".join(f"'{kind}'" for kind in KINDS[service])
        rows = await self.installation.rows(
            service,
            "SELECT kind, record_id::text, body::text FROM sync_replica WHERE organisation_id = "
            f"'{self.organisation}' AND partner_id = '{self.partners[organisation]}' AND kind IN ({kinds})",
        )
        return {(kind, record_id): plain(json.loads(body)) for kind, record_id, body in rows}

    async def put_aside(self) -> dict[str, int]:
        """How many revisions or pages of each partner were put aside, by the partner's owner."""
        found: dict[str, int] = {}
        for service in KINDS:
            rows: list[list[Any]] = await self.installation.rows(
                service,
                "SELECT p.owner, count(*) FROM sync_quarantine q JOIN sync_partner p ON p.id = q.partner_id "
                "GROUP BY p.owner",
            )
            found |= {owner: number + found.get(owner, 0) for owner, number in rows}
        return found


def _is_too_early(refused: NotDone) -> bool:
    return refused.status == 404 or refused.code == "agreement-partner-not-confirmed"


@asynccontextmanager
async def opened_bodies(
    installations: Sequence[Installation], organisations: Sequence[str], canaries: Canaries
) -> AsyncIterator[list[Body]]:
    """One in each installation, with somebody who may do everything there."""
    async with AsyncExitStack() as stack:
        bodies = []
        for installation, organisation in zip(installations, organisations, strict=True):
            subject = canaries.word(organisation, "subject").text
            token = installation.token(organisation, *_ROLES, subject=subject)
            caller = await stack.enter_async_context(Caller(installation.place.desk, token))
            body = Body(installation.place.name, organisation, installation, canaries, Patient(caller))
            bodies.append(body)
        for body in bodies:
            body.others = {other.organisation: other for other in bodies if other is not body}
        yield bodies
