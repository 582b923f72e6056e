"""Envoy's routes: which path goes to which service, with which limits, and which paths need no token."""

from typing import Any

from gevinst_shared.cli.gateway.pages import LARGEST_PAGE_BYTES, page_routes
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.cli.gateway.tokens import NO_TOKEN

BODY_BYTES = 1_000_000
IMPORT_BODY_BYTES = 20 * BODY_BYTES
_PUBLIC = ("status", "livez", "readyz", "openapi.json", "oembed")
# What carries its own secret instead of a token, or is published.
_PUBLIC_OF = {"notifications": ("calendar", "unsubscription")}
_PUBLIC_BELOW = (".well-known", "embedded", "public")
_NOTHING = {"direct_response": {"status": 404}, "typed_per_filter_config": NO_TOKEN}
_SAFE = {"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD"}}}
_STREAM = {"name": "accept", "string_match": {"contains": "text/event-stream"}}
_NEVER_SENT = "connect-failure,refused-stream"  # the service has seen nothing: any method may go again
_ASKED_HEADERS = (
    "authorization",
    "content-type",
    "accept-language",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
)
_READ_HEADERS = (
    "etag",
    "link",
    "location",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-request-id",
)


def route_configuration(settings: GatewaySettings) -> dict[str, Any]:
    routes = page_routes(settings)
    if settings.partners is not None:
        # Only who shows a certificate comes to the feeds, at the other door.
        routes += [{"match": {"path": path}, **_NOTHING} for path in _feeds(settings)]
    for service in settings.services:
        routes += _service_routes(service)
    owner = next(iter(settings.services))  # the first service speaks for the installation
    routes.append(_route({"prefix": "/.well-known/"}, owner, is_public=True))
    routes += [
        _route({"path": path}, _service_of(path, settings), is_public=True) for path in settings.public_paths
    ]
    if settings.issuer_upstream is not None:
        routes.append(_route({"prefix": "/issuer/"}, "issuer", is_public=True))
    found = _configuration(
        "gevinst", [_without_token(route) if "direct_response" in route else route for route in routes]
    )
    if settings.cors_origins:
        found["virtual_hosts"][0]["typed_per_filter_config"] = {"envoy.filters.http.cors": _cors(settings)}
    return found


def partners_configuration(settings: GatewaySettings) -> dict[str, Any]:
    """The feeds for other bodies and nothing else, for the door that asks for certificates."""
    return _configuration(
        "partners", [_route({"path": path}, _service_of(path, settings)) for path in _feeds(settings)]
    )


def _configuration(name: str, routes: list[dict[str, Any]]) -> dict[str, Any]:
    # the rest needs no token: a wrong address is told as such
    host = {"name": name, "domains": ["*"], "routes": [*routes, {"match": {"prefix": "/"}, **_NOTHING}]}
    return {
        "name": name,
        "virtual_hosts": [host],
        "max_direct_response_body_size_bytes": LARGEST_PAGE_BYTES,
    }


def _feeds(settings: GatewaySettings) -> list[str]:
    return [f"/{service}/v1/{name}" for service in settings.services for name in ("sync-feed", "sync-hints")]


def _service_routes(service: str) -> list[dict[str, Any]]:
    """The most particular first: Envoy takes the first that fits."""
    base = f"/{service}/v1"
    all_below = {"path_separated_prefix": base}
    public = (*_PUBLIC, *_PUBLIC_OF.get(service, ()))
    routes = [_route({"path": f"{base}/{name}"}, service, is_public=True) for name in public]
    routes += [_route({"prefix": f"{base}/{name}/"}, service, is_public=True) for name in _PUBLIC_BELOW]
    routes.append(
        _streaming({"safe_regex": {"regex": f"{base}/(.+/)?(events|stream)"}, "headers": [_SAFE]}, service)
    )
    routes.append(_streaming({**all_below, "headers": [_SAFE, _STREAM]}, service))
    routes.append(_with_retries(_route({**all_below, "headers": [_SAFE]}, service)))
    if service == "portfolio":
        imports = _route({"path_separated_prefix": f"{base}/imports"}, service)
        imports["route"] |= {"timeout": "120s", "idle_timeout": "60s"}
        imports["typed_per_filter_config"] = {"envoy.filters.http.buffer": _buffer(IMPORT_BODY_BYTES)}
        routes.append(imports)
    return [*routes, _route(all_below, service)]


def _route(match: dict[str, Any], cluster: str, *, is_public: bool = False) -> dict[str, Any]:
    action = {
        "cluster": cluster,
        "timeout": "30s",
        "retry_policy": {"retry_on": _NEVER_SENT, "num_retries": 2},
    }
    route: dict[str, Any] = {"match": match, "route": action}
    return _without_token(route) if is_public else route


def _without_token(route: dict[str, Any]) -> dict[str, Any]:
    return {**route, "typed_per_filter_config": NO_TOKEN}


def _streaming(match: dict[str, Any], cluster: str) -> dict[str, Any]:
    """A long poll answers late, a stream of server-sent events never ends: only silence ends them."""
    route = _route(match, cluster)
    route["route"] |= {"timeout": "0s", "idle_timeout": "120s"}
    return route


def _with_retries(route: dict[str, Any]) -> dict[str, Any]:
    route["route"]["retry_policy"] = {
        "retry_on": f"{_NEVER_SENT},reset-before-request,retriable-status-codes",
        "retriable_status_codes": [503],
        "num_retries": 3,
        "per_try_timeout": "10s",
        "retry_back_off": {"base_interval": "0.1s", "max_interval": "1s"},
    }
    return route


def _buffer(largest: int) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute",
        "buffer": {"max_request_bytes": largest},
    }


def _service_of(path: str, settings: GatewaySettings) -> str:
    first = path.split("/")[1]
    return first if first in settings.services else next(iter(settings.services))


def _cors(settings: GatewaySettings) -> dict[str, Any]:
    """Exact origins, and no credentials: a caller brings its token in a header."""
    return {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"exact": origin} for origin in settings.cors_origins],
        "allow_methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "allow_headers": ", ".join(_ASKED_HEADERS),
        "expose_headers": ", ".join(_READ_HEADERS),
        "max_age": "600",
        "forward_not_matching_preflights": False,
    }
