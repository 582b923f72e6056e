"""What the centre should see of the municipalities, counted one by one from what each says of itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tests.denmark.bodies import SECONDS, Centre, Json, Local
from tests.support.waiting import until

# By then every benefit is there in full.
FULL_YEAR = 2028
_EVERY = 0.5
Sums = dict[Any, Decimal]


class Shares(StrEnum):
    """What a municipality lets the centre see."""

    EVERYTHING = "everything"
    STATUS = "status"
    NOTHING = "nothing"


@dataclass
class Figures:
    """Words and what is `missing` are counts of projects; `of` is how many projects stand behind each sum."""

    projects: int = 0
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    sums: Sums = field(default_factory=dict)
    of: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def potential(self) -> Decimal:
        """Kroner in a full year, whether somebody stands for them or not."""
        return self.sums["potential", "confirmed"] + self.sums["potential", "unconfirmed"]

    @property
    def worth(self) -> Decimal:
        """The net present values."""
        return self.sums["net_present_value", None]

    def add(self, what: str, amounts: Mapping[Any, str]) -> None:
        self.of[what] += 1
        for key, amount in amounts.items():
            self.sums[what, key] = self.sums.get((what, key), Decimal(0)) + Decimal(amount)


@dataclass(frozen=True, slots=True)
class Own:
    """What a municipality's own services say."""

    status: str
    progress: Json
    potential: Mapping[str, str]
    unconfirmed: int
    results: Json | None


async def own(local: Local) -> Own:
    """Asked of its own API, as somebody there would."""
    at = f"benefits/projects/{local.project_id}"
    plan = await local.get(f"{at}/benefit-plan")
    totals = [one for one in plan["totals"] if one["year"] == FULL_YEAR]
    versions = (await local.get(f"{at}/business-cases", limit=1))["items"]
    results = None
    if versions:
        results = (await local.get(f"benefits/business-cases/{versions[0]['id']}"))["results"]
    return Own(
        (await local.get(f"portfolio/projects/{local.project_id}"))["status"],
        await local.get(f"{at}/progress"),
        {name: sum_of(totals, name) for name in ("confirmed", "unconfirmed")},
        sum("confirmed_by" not in one for one in plan["items"]),
        results,
    )


def sum_of(items: Iterable[Json], name: str) -> str:
    return str(sum((Decimal(one[name]) for one in items), Decimal(0)))


def expected(said: Mapping[str, Own], shares: Mapping[str, Shares]) -> tuple[Figures, Counter[str]]:
    """The figures of benefits and the statuses of portfolio, as far as each organisation shares them."""
    total, statuses = Figures(), Counter[str]()
    for organisation, one in said.items():
        shared = shares.get(organisation, Shares.EVERYTHING)
        if shared is not Shares.NOTHING:
            _count(total, one, shared)
            statuses[one.status] += 1
    return total, statuses


def _count(total: Figures, said: Own, shares: Shares) -> None:
    total.projects += 1
    for what in ("phase", "state"):
        total.words[what, said.progress[what]] += 1
    total.counts["benefits"] += 1
    total.counts["unconfirmed"] += said.unconfirmed
    if shares is Shares.EVERYTHING:
        total.add("potential", said.potential)
    else:
        total.missing.update(("potential", "realised"))
    if shares is Shares.EVERYTHING and said.results is not None:
        total.add("net_present_value", {None: said.results["net_present_value"]})
        years = said.results["years"]
        planned = {
            (year, name): said.results[name][place]
            for place, year in enumerate(years)
            for name in ("costs", "benefits")
        }
        total.add("planned", planned)
    else:
        total.missing.update(("net_present_value", "planned"))


def seen(told: Json) -> Figures:
    """`JointFiguresOut` as figures; all of it is in kroner of one year, and a body has one project."""
    found = Figures(projects=told["project_count"])
    for what in ("phase", "state"):
        found.words.update({(what, one[what]): one["count"] for one in told[f"{what}s"]})
    found.counts.update({what: told["counts"][what] for what in ("benefits", "unconfirmed")})
    for name, what, keys in (
        ("potential", "potential", ("confirmed", "unconfirmed")),
        ("net_present_value", "net_present_value", ("amount",)),
    ):
        for one in told[name]:
            assert (one["currency"], one["price_year"], one["bodies"]) == ("DKK", 2026, one["projects"])
            found.of[what] += one["projects"]
            found.sums |= {(what, None if key == "amount" else key): Decimal(one[key]) for key in keys}
    for one in told["planned"]:
        found.of["planned"] = one["projects"]
        found.sums |= {("planned", (one["year"], key)): Decimal(one[key]) for key in ("costs", "benefits")}
    for one in told["missing"]:
        assert one["projects"] == one["bodies"] == one["silent_bodies"]
        found.missing[one["what"]] = one["projects"]
    return found


async def looked(centre: Centre, **query: Any) -> Figures:
    """What the centre sees of the municipalities."""
    return seen((await centre.get("benefits/joint-portfolio", own=False, **query))["total"])


async def agreed(centre: Centre, said: Mapping[str, Own], shares: Mapping[str, Shares]) -> Figures:
    """The figures, once the centre sees in both services what the municipalities say."""
    wanted = expected(said, shares)
    found = None

    async def is_seen() -> bool:
        nonlocal found
        found = (await looked(centre), await _statuses(centre))
        return found == wanted

    with suppress(TimeoutError):
        await until(is_seen, seconds=SECONDS, every=_EVERY)
    assert found == wanted
    return wanted[0]


async def _statuses(centre: Centre) -> Counter[str]:
    found = (await centre.get("portfolio/joint-portfolio", own=False))["total"]
    return Counter({one["status"]: one["count"] for one in found["statuses"]})
