"""The pages that Envoy serves itself: /docs with its assets, and the merged OpenAPI document."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import swagger_ui_bundle

from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.cli.gateway.sources import file_source

LARGEST_PAGE_BYTES = 8_388_608
# Swagger UI writes its own styles into the page; scripts come from files of ours only
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page_routes(settings: GatewaySettings) -> list[dict[str, Any]]:
    """Direct answers, read from their files when Envoy starts."""
    own = Path(str(files("gevinst_shared.cli.gateway"))) / "docs"
    bundle = Path(str(swagger_ui_bundle.swagger_ui_path))
    pages = [
        ("/docs", own / "index.html", "text/html; charset=utf-8"),
        ("/docs/start.js", own / "start.js", "text/javascript; charset=utf-8"),
        ("/docs/swagger-ui.css", bundle / "swagger-ui.css", "text/css; charset=utf-8"),
        ("/docs/swagger-ui-bundle.js", bundle / "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("/docs/favicon.png", bundle / "favicon-32x32.png", "image/png"),
    ]
    if settings.openapi_file is not None:
        pages.append(("/openapi.json", settings.openapi_file, "application/json"))
    return [_page(*page, is_copied=settings.is_self_contained) for page in pages]


def _page(path: str, file: Path, content_type: str, *, is_copied: bool) -> dict[str, Any]:
    headers = {"content-type": content_type, "content-security-policy": _POLICY, "cache-control": "no-cache"}
    return {
        "match": {"path": path},
        "direct_response": {"status": 200, "body": file_source(file, is_copied=is_copied)},
        "response_headers_to_add": [
            {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for key, value in headers.items()
        ],
    }
