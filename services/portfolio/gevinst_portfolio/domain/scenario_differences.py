"""What a scenario supposes, one thing at a time, so that it can be told and compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Supply

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Supposed:
    """One thing that a scenario supposes: `code` is its sentence, `values` what the sentence names.

    `ids` are the projects and resources that it is about.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()


def everything_supposed(said: Said, names: Mapping[str, str], supply: Supply) -> list[Supposed]:
    """What the scenario's members say, over the portfolio's own budget and capacity.

    `said` are the members of `ScenarioIn`, as JSON; `names` tells projects and resources by id.
    """
    assumed = said["assumptions"]
    found = [
        _supposed("horizon", (), first=said["first_quarter"], quarters=said["quarters"]),
        _supposed(
            f"maximise-{assumed['value']}",
            (),
            percentile=assumed.get("value_percentile", ""),
            mix=assumed.get("value_mix", ""),
        ),
        _supposed("delay-rate", (), rate=_percent(assumed["delay_rate"])),
    ]
    found += _of_money(assumed, supply)
    found += _of_capacity(assumed, names, supply)
    found += _of_projects(assumed, names)
    found += _of_categories(assumed)
    return found


def _of_money(assumed: Said, supply: Supply) -> Iterable[Supposed]:
    for one in assumed["budgets"]:
        registered = supply.money.get((one["year"], CostKind(one["kind"])))
        values = {"year": one["year"], "kind": one["kind"], "amount": one["amount"]}
        if registered is None:
            yield _supposed("other-budget", (), **values)
        else:
            before = f"{Decimal(registered).scaleb(-2):.2f}"
            yield _supposed("changed-budget", (), before=before, **values)
    if rolls := assumed.get("roll_over"):
        cap = {"cap": rolls["cap"]} if "cap" in rolls else {}
        yield _supposed(f"roll-over-{rolls['carry']}", (), **cap)


def _of_capacity(assumed: Said, names: Mapping[str, str], supply: Supply) -> Iterable[Supposed]:
    registered = {str(resource.id): resource.capacity for resource in supply.resources}
    for one in assumed["capacity"]:
        key = one["resource_id"]
        before = registered.get(key, {}).get(Quarter.read(one["quarter"]))
        values = {
            "name": names.get(key, key),
            "quarter": one["quarter"],
            "amount": f"{one['amount']:g}" if one["change"] == "replace" else f"{one['amount']:+g}",
        }
        if before is None:
            yield _supposed("other-capacity", (key,), **values)
        else:
            yield _supposed("changed-capacity", (key,), before=f"{before.normalize():f}", **values)


def _of_projects(assumed: Said, names: Mapping[str, str]) -> Iterable[Supposed]:
    for member, code in (("forced_in", "forced-in"), ("forced_out", "forced-out")):
        for key in assumed[member]:
            yield _supposed(code, (key,), name=names.get(key, key))
    for one in assumed["pinned"]:
        key = one["project_id"]
        yield _supposed("chosen-start", (key,), name=names.get(key, key), quarter=one["quarter"])
    for member, code in (("all_or_none", "all-or-none"), ("exclusive", "exclusive")):
        for group in assumed[member]:
            keys = sorted(group["project_ids"])
            told = ", ".join(sorted(names.get(key, key) for key in keys))
            yield _supposed(code, tuple(keys), names=told)
    for goal in assumed["second_goals"]:
        yield _supposed(f"then-{goal}", (), given_up=_percent(assumed["given_up"]))
    if "most_starts" in assumed:
        yield _supposed("most-starts", (), most=assumed["most_starts"])


def _of_categories(assumed: Said) -> Iterable[Supposed]:
    for one in assumed["categories"]:
        category = one["category"]
        for member, code in (("min_share", "least-share"), ("max_share", "most-share")):
            if member in one:
                yield _supposed(code, (), category=category, share=_percent(one[member]))
        if "max_spend" in one:
            yield _supposed("most-spent", (), category=category, amount=one["max_spend"])


def _supposed(code: str, ids: tuple[str, ...], **values: object) -> Supposed:
    return Supposed(code, tuple((name, str(value)) for name, value in sorted(values.items())), ids)


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).normalize():f}"
