"""What is generated from the code and kept in the repository: `python -m tests.support.generated` writes it.

The OpenAPI document of each service, and the table role × operation.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from gevinst_shared.settings import SERVICES
from gevinst_shared.web.permissions import matrix
from tests.support.tree import ROOT

PERMISSIONS = ROOT / "docs" / "permissions.md"


def application(service: str) -> FastAPI:
    """The service's application, not started: enough to describe itself."""
    settings = import_module(f"gevinst_{service}.settings").Settings(
        service=service,
        database_url="postgresql+asyncpg://nobody@localhost/nowhere",
        client_id=f"gevinst-{service}",
        audience="https://gevinst.example",
        issuers_file=Path("issuers.json"),
    )
    app: FastAPI = import_module(f"gevinst_{service}.app").create_app(settings)
    return app


def openapi_file(service: str) -> Path:
    return ROOT / "services" / service / "openapi.json"


def openapi(service: str) -> dict[str, Any]:
    return application(service).openapi()


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def permissions() -> str:
    """The table role × operation of every service."""
    parts = [
        "# Who may do what\n",
        "Generated from the permission that stands beside each route. A role held in a part of the",
        "organisation (a unit with its subtree, a portfolio, a programme, a project) counts there only.\n",
    ]
    for service in SERVICES:
        parts += [f"## {service}\n", matrix(application(service).routes), ""]
    return "\n".join(parts)


def main() -> None:
    for service in SERVICES:
        openapi_file(service).write_text(written(openapi(service)), encoding="utf-8")
    PERMISSIONS.write_text(permissions(), encoding="utf-8")


if __name__ == "__main__":
    main()
