"""Envoy's JWT filter: any trusted issuer, the audience of this instance.

The token itself goes on to the service, which verifies it again; no claim is copied into a header, where a
service might believe it unread, and where an odd one (a NUL in `sub`) breaks the request on its way.
"""

from typing import Any

from gevinst_shared.cli.gateway.clusters import keys_cluster_name
from gevinst_shared.cli.gateway.settings import GatewaySettings, TrustedIssuer
from gevinst_shared.cli.gateway.sources import file_source

NO_TOKEN = {
    "envoy.filters.http.jwt_authn": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig",
        "disabled": True,
    }
}


def token_filter(settings: GatewaySettings) -> dict[str, Any]:
    """Every path needs a token unless its route says `NO_TOKEN`: a forgotten route is closed, not open."""
    providers = {
        f"issuer-{number}": _provider(issuer, number, is_self_contained=settings.is_self_contained)
        for number, issuer in enumerate(settings.issuers)
    }
    names = [{"provider_name": name} for name in providers]
    requirement = names[0] if len(names) == 1 else {"requires_any": {"requirements": names}}
    return {
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": providers,
            "rules": [{"match": {"prefix": "/"}, "requires": requirement}],
            "bypass_cors_preflight": True,
        },
    }


def _provider(issuer: TrustedIssuer, number: int, *, is_self_contained: bool) -> dict[str, Any]:
    provider: dict[str, Any] = {
        "issuer": issuer.issuer,
        "audiences": [issuer.audience],
        "require_expiration": True,
        "clock_skew_seconds": 30,
        "forward": True,  # the service verifies again
        "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
        "jwt_cache_config": {"jwt_cache_size": 1000, "jwt_max_token_size": 8192},
    }
    if issuer.jwks_file is not None:
        provider["local_jwks"] = file_source(issuer.jwks_file, is_copied=is_self_contained)
    else:
        provider["remote_jwks"] = {
            "http_uri": {"uri": issuer.jwks_url, "cluster": keys_cluster_name(number), "timeout": "5s"},
            "cache_duration": "300s",
            "async_fetch": {},
            "retry_policy": {"num_retries": 3},
        }
    return provider
