"""The centre and its municipalities, each with the one person who does everything there, over HTTP."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from gevinst_shared.auth.development_issuer import partner_file
from gevinst_shared.sync.statements import signed_payload
from gevinst_shared.values.actor import Role
from tests.denmark.country import PRICE_YEAR, Municipality, national_case, saving
from tests.denmark.installation import Installation
from tests.support.waiting import until

Json = dict[str, Any]
MODEL = "statens-it-projektmodel"
ROLES = (Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE, Role.UNIT_LEADER)
SECONDS = 300.0
_NOT_THERE = 404
_VACANT = 409
_EACH_TIME = 0.3
STATUS = (
    *(
        "project",
        "phase_model",
        "phase",
        "state",
        "light",
        "green",
        "yellow",
        "red",
        "benefits",
        "unconfirmed",
    ),
    *("without_indicator", "indicators", "measured", "gates_waiting", "conditions_open"),
)
AMOUNTS = ("potential", "realised")
ORIGIN = ("project", "number", "localised_from", "localised_publisher", "localised_edition")
VALUES = ("currency", "price_year", "net_present_value", "results")
SHARED: Mapping[str, Sequence[str]] = {
    "project": ("name", "status", "kind", "source"),
    "status": (*STATUS, *AMOUNTS),
    "business_case": (*ORIGIN, *VALUES),
}
STATUS_ALONE: Mapping[str, Sequence[str]] = {**SHARED, "status": STATUS, "business_case": ORIGIN}
THE_CASE: Mapping[str, Sequence[str]] = {"general_case": ("name", "edition", "document", "withdrawn_at")}


@dataclass
class Body:
    """A body in an installation. `partners` are its records of others, by organisation."""

    installation: Installation
    organisation: str
    name: str
    portfolio_id: str = ""
    unit_id: str = ""
    project_id: str = ""
    thumbprint: str = ""
    partners: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.installation.address

    @cached_property
    def _headers(self) -> dict[str, str]:
        token = self.installation.token(self.organisation, *ROLES, subject="somebody")
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **query: Any) -> Json:
        return await self._done("GET", path, params=query)

    async def post(self, path: str, body: Json | None = None) -> Json:
        return await self._done("POST", path, **({} if body is None else {"json": body}))

    async def put(self, path: str, body: Json, *, revision: int | None = None) -> Json:
        match = {} if revision is None else {"If-Match": f'"{revision}"'}
        return await self._done("PUT", path, json=body, headers=match)

    async def every(self, path: str, **query: Any) -> list[Json]:
        """Every item of a list."""
        items: list[Json] = []
        cursor: Json = {}
        while True:
            page = await self.get(path, limit=100, **query, **cursor)
            items += page["items"]
            if "next_cursor" not in page:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def send(self, method: str, path: str, **rest: Any) -> Any:
        """The answer, whatever it is; paths begin with the service."""
        service, _, inside = path.partition("/")
        headers = {**self._headers, **rest.pop("headers", {})}
        address = f"{self.address}/{service}/v1/{inside}"
        return await self.installation.client.request(method, address, headers=headers, **rest)

    async def _done(self, method: str, path: str, **rest: Any) -> Json:
        answer = await self.send(method, path, **rest)
        assert answer.is_success, f"{self.name}: {method} {path}: {answer.status_code} {answer.text}"
        found: Json = answer.json() if answer.content else {}
        return found

    async def settle_in(self) -> None:
        """Its portfolio, its unit and its project, and a key to exchange with."""
        names = {"name": self.name, "currency": "DKK", "language": "da"}
        await self.put("portfolio/organisation", names)
        await self.put("portfolio/sync-identity", {"contact": "post@example.org"})
        loopback = {"network": "127.0.0.0/8", "reason": "All run on one machine"}
        await self.post("portfolio/sync-networks", loopback)
        portfolio = {"name": "Joint projects", "currency": "DKK", "price_year": PRICE_YEAR}
        self.portfolio_id = (await self.post("portfolio/portfolios", portfolio))["id"]
        self.unit_id = (await self.post("portfolio/units", {"name": "Citizens' centre"}))["id"]
        project = {"portfolio_id": self.portfolio_id, "name": f"Digital post, {self.name}"}
        self.project_id = (await self.post("portfolio/projects", project))["id"]
        self.thumbprint = (await self.get("portfolio/sync-identity"))["keys"][0]["thumbprint"]

    async def statement(self) -> Json:
        """What it says of itself to everybody."""
        address = f"{self.address}/.well-known/gevinst-federation"
        answer = await self.installation.client.get(address, params={"owner": self.organisation})
        return signed_payload(answer.text) if answer.status_code == 200 else {}

    async def speaks_for_both(self) -> bool:
        """Whether its statement names the key of its benefits service, too."""
        return bool({"portfolio", "benefits"} <= (await self.statement()).get("feeds", {}).keys())

    async def propose(self, other: "Body") -> None:
        asked = {"owner": other.organisation, "address": other.address}
        self.partners[other.organisation] = (await self.post("portfolio/sync-partners", asked))["id"]

    async def confirm(self, other: "Body") -> None:
        """Once the other is met, with what it has read out."""
        path = f"portfolio/sync-partners/{self.partners[other.organisation]}"

        async def is_met() -> bool:
            return bool((await self.get(path))["state"] == "met")

        await until(is_met, seconds=SECONDS, every=_EACH_TIME)
        await self.post(f"{path}/confirm", {"thumbprint": other.thumbprint})

    async def register(self, other: "Body") -> None:
        """As the operator does: let another installation's body get tokens here."""
        keys = (await other.statement())["keys"]["keys"]
        listed = [{name: value for name, value in key.items() if name != "exp"} for key in keys]
        file = partner_file(self.installation.keys, other.organisation)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"keys": listed}), "utf-8")

    async def share(self, other: "Body", fields: Mapping[str, Sequence[str]]) -> str:
        """A grant over the project; its id."""
        path = f"portfolio/sync-partners/{self.partners[other.organisation]}/grants"
        told = {"kind": "project", "record_id": self.project_id, "purpose": "The joint portfolio"}
        body = {
            **told,
            "until": "2099-12-31",
            "fields": {kind: list(names) for kind, names in fields.items()},
        }
        grant_id: str = (await self.post(path, body))["id"]
        return grant_id

    async def revoke(self, other: "Body", grant_id: str) -> None:
        await self.post(f"portfolio/sync-partners/{self.partners[other.organisation]}/grants/{grant_id}/end")

    async def begin(self) -> None:
        """The project follows a phase model, once the benefits service has heard of it."""
        path = f"benefits/projects/{self.project_id}/progress"
        await self._when_there(lambda: self.send("POST", path, json={"phase_model": MODEL}))

    async def _when_there(self, ask: Callable[[], Awaitable[Any]]) -> Json:
        """What is answered once the record has arrived there."""
        return await self._answered(ask, unless=_NOT_THERE)

    async def _answered(self, ask: Callable[[], Awaitable[Any]], *, unless: int) -> Json:
        found: Json = {}

        async def is_answered() -> bool:
            nonlocal found
            answer = await ask()
            if answer.status_code == unless:
                return False
            assert answer.is_success, f"{self.name}: {answer.status_code} {answer.text}"
            found = answer.json()
            return True

        await until(is_answered, seconds=SECONDS, every=_EACH_TIME)
        return found


@dataclass
class Centre(Body):
    """The central body, which publishes the national case."""

    case_id: str = ""

    async def publish(self, *, postage: str) -> Json:
        """The national case, or its next edition."""
        case = national_case(self.unit_id, postage=postage)
        version = await self.post(f"benefits/projects/{self.project_id}/business-cases", case)
        publication = {"business_case_id": version["id"], "name": "Digital post in a municipality"}
        found = await self.post("benefits/general-cases", publication)
        self.case_id = found["id"]
        return found


@dataclass
class Local(Body):
    """A municipality, which localises it."""

    municipality: Municipality = field(kw_only=True)
    grant_id: str = ""
    benefit: Json = field(default_factory=dict)

    @property
    def letters(self) -> int:
        return self.municipality.letters

    @property
    def saving(self) -> Decimal:
        """Kroner a year, by its own figures."""
        return saving(self.letters, self.municipality.postage)

    async def localise(self, centre: Centre, *, letters: int | None = None) -> Json:
        """The national case with own counts and prices, once it has arrived; again to correct it."""
        known = {"publisher": centre.organisation, "published_as": centre.case_id}
        found: list[Json] = []

        async def has_arrived() -> bool:
            found[:] = (await self.get("benefits/general-cases", **known))["items"]
            return bool(found)

        await until(has_arrived, seconds=SECONDS, every=_EACH_TIME)
        drivers = [
            {"name": "letters", "value": str(letters or self.letters), "source": "Own count"},
            {"name": "postage", "value": str(self.municipality.postage), "source": "Own price"},
        ]
        body = {"general_case_id": found[0]["id"], "unit_id": self.unit_id, "drivers": drivers}
        path = f"benefits/projects/{self.project_id}/takeovers"
        return await self._when_there(lambda: self.send("POST", path, json=body))

    async def plan(self) -> None:
        """The benefit, which its owner stands for in every other municipality."""
        body = self.planned(self.saving)
        self.benefit = await self.post(f"benefits/projects/{self.project_id}/benefits", body)
        if self.municipality.owner_confirms:
            person = await self.post("portfolio/people", {"subject": "somebody", "name": "Somebody"})
            role = {
                "person_id": person["id"],
                "role": "unit-leader",
                "scope": "unit",
                "scope_id": self.unit_id,
            }
            await self.post("portfolio/role-assignments", role)
            await self.confirm_benefit()

    async def confirm_benefit(self) -> None:
        """Once the benefits service has heard who leads the unit."""
        path = f"benefits/benefits/{self.benefit['id']}/confirmation"
        self.benefit = await self._answered(lambda: self.send("POST", path), unless=_VACANT)

    async def correct_benefit(self, amount: Decimal) -> None:
        path = f"benefits/benefits/{self.benefit['id']}"
        self.benefit = await self.put(path, self.planned(amount), revision=self.benefit["revision"])

    def planned(self, amount: Decimal) -> Json:
        money = {"amount": f"{amount:.2f}", "currency": "DKK", "price_year": PRICE_YEAR}
        return {
            "name": "Less postage",
            "mode": "budget-reduction",
            "kind": "avoided-cost",
            "owner": {"role": "unit-leader", "unit_id": self.unit_id},
            "estimate": {"ledger": "money", "money_per_year": money},
            "timing": {"hangs_on": "none", "starts_on": "2027-01-01"},
        }
