"""Reading a version of a business case, and what changed since another one, out of their documents."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gevinst_benefits.papers.gate.facts import CaseChange, CaseFacts, DrawnFacts, LineFacts

Json = Mapping[str, Any]


def case_facts(document: Json, simulation: Json | None = None) -> CaseFacts:
    """The figures of a `BusinessCaseOut`, as they were computed when the version was written, and of its
    `SimulationOut` if it has one."""
    results, regime, ratio = (
        document["results"],
        document["regime"],
        document["results"].get("benefit_cost_ratio"),
    )
    appraisal = results["appraisal"]
    rate = appraisal.get("internal_rate_of_return")
    return CaseFacts(
        number=document["number"],
        currency=document["currency"],
        price_year=document["price_year"],
        regime=f"{regime['id']}: {regime['authority']}, {regime['source']}",
        index=_index(document.get("price_index")),
        years=tuple(results["years"]),
        costs=_amounts(results["costs"]),
        benefits=_amounts(results["benefits"]),
        net=_amounts(results["net"]),
        accumulated=_amounts(results["accumulated"]),
        present_cost=Decimal(results["present_cost"]),
        present_benefit=Decimal(results["present_benefit"]),
        net_present_value=Decimal(results["net_present_value"]),
        present_tax_financing=Decimal(results["present_tax_financing"]),
        after_tax_financing=Decimal(results["net_present_value_after_tax_financing"]),
        benefit_cost_ratio=None if ratio is None else Decimal(ratio),
        payback_year=results.get("payback_year"),
        discounted_payback_year=appraisal.get("discounted_payback", {}).get("year"),
        internal_rate_of_return=None if rate is None else Decimal(rate),
        no_rate=appraisal.get("no_rate"),
        drawn=None if simulation is None else _drawn(simulation),
        factors=_factors(document),
    )


def case_change(difference: Json) -> CaseChange | None:
    """What a `PapersDifferenceOut` says of the case, or nothing when it has none."""
    found = difference.get("case")
    if found is None:
        return None
    return CaseChange(
        net_present_value=(Decimal(found["npv_before"]), Decimal(found["npv_after"])),
        present_cost=_moved(difference["present_cost"]),
        present_benefit=_moved(difference["present_benefit"]),
        frame_effect=Decimal(found["frame_effect"]),
        effect=Decimal(found["effect_on_npv"]),
        lines=tuple(
            LineFacts(
                name=line["name"],
                change=line["change"],
                before=Decimal(line["total_before"]),
                after=Decimal(line["total_after"]),
                effect=Decimal(line["effect_on_npv"]),
            )
            for line in found["lines"]
        ),
    )


def _factors(document: Json) -> tuple[tuple[str, int], ...]:
    """The factors that something hangs on."""
    counted = Counter(hangs["factor"] for one in document["assumptions"] for hangs in one.get("loadings", ()))
    return tuple((one["name"], counted[one["code"]]) for one in document["factors"] if counted[one["code"]])


def _drawn(simulation: Json) -> DrawnFacts:
    p10, p50, p90, above = (
        Decimal(simulation[name]["value"]) for name in ("p10", "p50", "p90", "probability_above_zero")
    )
    return DrawnFacts(simulation["computed"], p10, p50, p90, above)


def _index(index: Json | None) -> str | None:
    return None if index is None else f"{index['name']}, {index['source']}"


def _amounts(amounts: list[str]) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def _moved(figure: Json) -> tuple[Decimal, Decimal]:
    return Decimal(figure["before"]), Decimal(figure["after"])
