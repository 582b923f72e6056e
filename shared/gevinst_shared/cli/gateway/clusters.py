"""Envoy's upstreams: the services, the development issuer, and where remote issuers publish their keys."""

from typing import Any
from urllib.parse import urlsplit

from gevinst_shared.cli.gateway.settings import Address, GatewaySettings

CA_FILE = "/etc/ssl/certs/ca-certificates.crt"


def clusters(settings: GatewaySettings) -> list[dict[str, Any]]:
    upstreams = dict(settings.services)
    if settings.issuer_upstream is not None:
        upstreams["issuer"] = settings.issuer_upstream
    found = [_cluster(name, address) for name, address in upstreams.items()]
    for number, issuer in enumerate(settings.issuers):
        if issuer.jwks_url is not None:
            found.append(_keys_cluster(number, issuer.jwks_url))
    return found


def keys_cluster_name(number: int) -> str:
    return f"keys-{number}"


def _cluster(name: str, address: Address) -> dict[str, Any]:
    return {
        "name": name,
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_PREFERRED",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": socket(address)}}]}],
        },
        "circuit_breakers": {
            "thresholds": [
                {"max_connections": 256, "max_pending_requests": 256, "max_requests": 1024, "max_retries": 16}
            ]
        },
        "outlier_detection": {
            "consecutive_gateway_failure": 5,
            "consecutive_5xx": 20,
            "interval": "2s",
            "base_ejection_time": "5s",
            "max_ejection_percent": 50,
        },
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                # shorter than the services keep an idle connection, so that no request meets its closing
                "common_http_protocol_options": {"idle_timeout": "4s"},
                "explicit_http_config": {"http_protocol_options": {}},
            }
        },
    }


def _keys_cluster(number: int, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    cluster = _cluster(
        keys_cluster_name(number), Address(host, parts.port or (443 if parts.scheme == "https" else 80))
    )
    if parts.scheme == "https":
        cluster["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": host,
                "common_tls_context": {
                    "validation_context": {
                        "trusted_ca": {"filename": CA_FILE},
                        "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": host}}],
                    }
                },
            },
        }
    return cluster


def socket(address: Address) -> dict[str, Any]:
    return {"socket_address": {"address": address.host, "port_value": address.port}}
