"""The criteria models that come with the product (P6)."""

import json
from functools import cache
from importlib.resources import files

from gevinst_portfolio.domain.criteria_templates import CriteriaTemplate, parse_template
from gevinst_shared.values.refusal import Unknown

_ORDER = ("simple-five", "municipal-digitalisation", "value-and-effort")


@cache
def shipped_templates(language: str) -> tuple[CriteriaTemplate, ...]:
    """Every shipped model in that language (en, nb, nn, da or sv), the simplest first."""
    folder = files("gevinst_portfolio.domain") / "criteria_templates"
    texts = [(folder / f"{code}.json").read_text(encoding="utf-8") for code in _ORDER]
    return tuple(parse_template(json.loads(text), language) for text in texts)


def get_template(code: str, language: str) -> CriteriaTemplate:
    """The shipped model of that code, or `Unknown`."""
    for template in shipped_templates(language):
        if template.code == code:
            return template
    raise Unknown(pointer="/body/template")
