"""Rules that cannot be kept together, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from gevinst_portfolio.routes.analysis_sentences import Saying

_CURRENCY_OF = "total_cost"


def told_contradictions(plan: Mapping[str, Any], say: Saying) -> list[dict[str, Any]]:
    """The contradictions of a stored plan, each with its sentence."""
    currency = plan[_CURRENCY_OF]["currency"]
    return [one | {"text": _sentence(one, currency, say)} for one in plan["contradictions"]]


def _sentence(one: Mapping[str, Any], currency: str, say: Saying) -> str:
    rule = _rule(one, currency, say)
    if "lacking_alone" not in one:
        return rule
    lacking = say.obstacles(one["lacking_alone"])
    return say.text("rule-alone", rule=rule, quarter=one["start_alone"], obstacles=lacking)


def _rule(one: Mapping[str, Any], currency: str, say: Saying) -> str:
    rule, names, values = one["rule"], one["names"], one["values"]
    name = names[0] if names else ""
    if rule == "budget":
        name = say.text(f"kind-{name}")
    days = [
        say.text(f"days-{key}", quarter=values[key])
        for key in ("earliest", "latest", "deadline")
        if key in values
    ]
    return say.text(
        f"rule-{rule}",
        name=name,
        names=", ".join(names),
        before=name,
        after=names[-1] if names else "",
        quarter=one.get("quarter", ""),
        amount=values.get("amount", ""),
        days=", ".join(days),
        currency=currency,
    )
