"""Rules that cannot be kept together, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[..., str]
_CURRENCY_OF = "total_cost"


def told_contradictions(plan: Mapping[str, Any], say: Say) -> list[dict[str, Any]]:
    """The contradictions of a stored plan, each with its sentence."""
    currency = plan[_CURRENCY_OF]["currency"]
    return [one | {"text": _sentence(one, currency, say)} for one in plan["contradictions"]]


def _sentence(one: Mapping[str, Any], currency: str, say: Say) -> str:
    rule, names, values = one["rule"], one["names"], one["values"]
    name = names[0] if names else ""
    if rule == "budget":
        name = say(f"kind-{name}")
    days = [
        say(f"days-{key}", quarter=values[key]) for key in ("earliest", "latest", "deadline") if key in values
    ]
    return say(
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
