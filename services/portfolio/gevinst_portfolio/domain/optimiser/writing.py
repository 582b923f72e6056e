"""Writing a portfolio problem as a `gevinst-plan/1` document, which reads back as the same problem."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.file import FORMATS
from gevinst_portfolio.domain.optimiser.problem import Problem, amount_text

_FINEST = 10**30
_IN_THE_FORMAT = {
    "must_finish": "finish_in_horizon",
    "is_mandatory": "mandatory",
    "max_starts": "max_starts_per_period",
}


def problem_text(problem: Problem) -> str:
    """The problem as JSON; `problem_from_text` gives the same problem again.

    Decimals are exact. What has none (a third) is rounded to the 30 decimals that the format has.
    """
    document = {"schema": FORMATS[0], **_members(problem)}
    for name in ("projects", "resources", "budgets", "categories", "precedence"):
        document[name] = [_members(one) for one in getattr(problem, name)]
    if not problem.max_starts:
        del document["max_starts_per_period"]
    return _text(document)


def _members(part: object) -> dict[str, object]:
    """The members of a dataclass under the names of the format, without those that are not said."""
    named = {_IN_THE_FORMAT.get(one.name, one.name): one.name for one in fields(part)}  # type: ignore[arg-type]
    members = {name: getattr(part, field) for name, field in named.items()}
    return {name: value for name, value in members.items() if value is not None}


def _text(value: object) -> str:
    match value:
        case bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | Fraction():
            return amount_text(Fraction(round(value * _FINEST), _FINEST))
        case Mapping():
            return f"{{{_joined(f'{json.dumps(name)}: {_text(one)}' for name, one in value.items())}}}"
        case _:
            assert isinstance(value, Iterable)
            return f"[{_joined(map(_text, value))}]"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)
