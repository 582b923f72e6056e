"""The pages for people, written from the merged OpenAPI document when the gateway starts."""

import re
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gevinst_shared.cli.gateway.replies import STATUSES, TEXTS
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.web.problem_table import problem_table

LANGUAGE_NAMES = {"en": "English", "nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk", "sv": "Svenska"}


def write_page(template: str, **values: object) -> str:
    """A page from one of our templates; all values are escaped."""
    return _TEMPLATES.get_template(template).render(**values)


def start_page(settings: GatewaySettings) -> str:
    """What this is and where everything stands; how to get a token, when we issue them ourselves."""
    return write_page(
        "start.html",
        services=list(settings.services),
        url=settings.public_url,
        audience=settings.issuers[0].audience,
        is_development=settings.issuer_upstream is not None,
    )


def problems_page(document: Mapping[str, Any]) -> str:
    """Each refusal of the gateway and of the services (`x-problems`), which `type` leads to by its code."""
    problems = {**document.get("x-problems", {}), **problem_table(STATUSES, TEXTS)}
    codes_by_status = defaultdict(list)
    for code in sorted(problems):
        codes_by_status[problems[code]["status"]].append(code)
    return write_page(
        "problems.html",
        problems=dict(sorted(problems.items())),
        codes_by_status=dict(sorted(codes_by_status.items())),
        languages=LANGUAGE_NAMES,
    )


def permissions_page(document: Mapping[str, Any]) -> str:
    """By service and permission: the roles that have it and the operations that ask for it."""
    services: dict[str, dict[str, dict[str, list[str]]]] = {}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if "x-permission" not in operation:
                continue
            permission = services.setdefault(path.split("/")[1], {}).setdefault(
                operation["x-permission"], {"roles": operation["x-roles"], "operations": []}
            )
            permission["operations"].append(f"{method.upper()} {path}")
    return write_page("permissions.html", services=services)


def _status(number: int) -> str:
    """The number with its name in the standard: 409 Conflict."""
    return f"{number} {HTTPStatus(number).phrase}"


def _marked(text: str) -> Markup:
    """A refusal's sentence: `code` in its own type, {names} as what the request brings along."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"\{(\w+)\}", r"<var>\1</var>", marked))  # noqa: S704 - escaped above


_TEMPLATES = Environment(
    loader=PackageLoader("gevinst_shared.cli.gateway", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"status": _status, "marked": _marked}
