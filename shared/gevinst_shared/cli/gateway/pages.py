"""What Envoy serves itself: the pages for people with their assets, and the merged OpenAPI document."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from gevinst_shared.cli.gateway.gallery import gallery_page, page_file, page_policy
from gevinst_shared.cli.gateway.replies import asks_first_for
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.cli.gateway.sources import file_source, own_file, watched_source
from gevinst_shared.cli.gateway.writing import permissions_page, problems_page, start_page
from gevinst_shared.web.languages import LANGUAGES

LARGEST_PAGE_BYTES = 8_388_608
_HTML = "text/html; charset=utf-8"
_ASSETS = {
    ".html": _HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NO_SCRIPT = _POLICY.format(script="'none'", style="'self'")
# A page of any origin may take the file, and check by its hash that it is the one that it knows.
_FOR_EVERY_PAGE = {"access_control_allow_origin": "*", "cross_origin_resource_policy": "cross-origin"}
# Swagger UI writes its own styles into the page; scripts come from files of ours only
_SWAGGER = _POLICY.format(script="'self'", style="'self' 'unsafe-inline'")


def page_routes(settings: GatewaySettings) -> list[dict[str, Any]]:
    """Direct answers, read or written when Envoy's configuration is made."""
    document = {} if settings.openapi_file is None else json.loads(settings.openapi_file.read_bytes())
    pages = {
        "/": start_page(settings),
        "/docs/problems": problems_page(document),
        "/docs/permissions": permissions_page(document),
    }
    routes = [_page(path, {"inline_string": text}, _HTML, _NO_SCRIPT) for path, text in pages.items()]
    routes += _gallery_routes(settings)
    component = file_source(own_file("embed.js"), is_copied=settings.is_self_contained)
    routes.append(_page("/embed.js", component, _ASSETS[".js"], _NO_SCRIPT, **_FOR_EVERY_PAGE))
    for path, file in _assets().items():
        source = file_source(file, is_copied=settings.is_self_contained)
        routes.append(_page(path, source, _ASSETS[file.suffix], _SWAGGER))
    if settings.openapi_file is not None:
        source = file_source(settings.openapi_file, is_copied=settings.is_self_contained)
        routes.append(_page("/openapi.json", source, "application/json", _NO_SCRIPT))
    return routes


def _gallery_routes(settings: GatewaySettings) -> list[dict[str, Any]]:
    """The language that is chosen, then the one that the reader asks for first, then English."""
    chosen = [
        ({"query_parameters": [{"name": "language", "string_match": {"exact": one}}]}, one)
        for one in LANGUAGES
    ]
    asked = [({"headers": [asks_first_for(one)]}, one) for one in LANGUAGES if one != "en"]
    policy = _NO_SCRIPT if settings.gallery is None else page_policy(settings)
    routes = []
    for match, language in [*chosen, *asked, ({}, "en")]:
        source = {"inline_string": gallery_page(settings, language, ())}
        if settings.gallery is not None:
            source = watched_source(page_file(settings.gallery, language))
        others = {"content_language": language, "vary": "Accept-Language"}
        route = _page("/gallery", source, _HTML, policy, **others)
        routes.append({**route, "match": {"path": "/gallery", **match}})
    return routes


def _assets() -> dict[str, Path]:
    swagger = Path(str(files("fastapi_swagger.resources")))
    return {
        "/docs": own_file("index.html"),
        **{f"/docs/{name}": own_file(name) for name in ("start.js", "pages.css", "icon.svg")},
        **{f"/docs/{name}": swagger / name for name in ("swagger-ui.css", "swagger-ui-bundle.js")},
    }


def _page(path: str, body: dict[str, Any], content_type: str, policy: str, **others: str) -> dict[str, Any]:
    headers = {"content-type": content_type, "content-security-policy": policy, "cache-control": "no-cache"}
    headers |= {name.replace("_", "-"): value for name, value in others.items()}
    return {
        "match": {"path": path},
        "direct_response": {"status": 200, "body": body},
        "response_headers_to_add": [
            {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for key, value in headers.items()
        ],
    }
