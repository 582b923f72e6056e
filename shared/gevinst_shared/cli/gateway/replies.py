"""Envoy's own refusals as problem documents (RFC 9457)."""

from typing import Any

from gevinst_shared.auth.claims import BadToken
from gevinst_shared.cli.gateway import refusals
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.refusals import NoRoute, TooLarge

_REFUSALS: dict[int, type[Refusal]] = {
    400: refusals.OddRequest,
    401: BadToken,
    404: NoRoute,
    408: refusals.TooSlow,
    413: TooLarge,
    429: refusals.TooManyRequests,
    431: refusals.HeadersTooLarge,
    503: refusals.Unavailable,
    504: refusals.TimedOut,
}
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_CHALLENGE = 'Bearer realm="gevinst"'


def local_replies(settings: GatewaySettings) -> dict[str, Any]:
    """One mapper per status. No format stands at the top: it would also rewrite the pages of /docs."""
    # the token filter says 403 for a token made for another instance: the caller is not known here, so 401
    mappers = [_mapper(settings, asked=403, answered=401)]
    mappers += [_mapper(settings, asked=status, answered=status) for status in _REFUSALS]
    mappers.append(_mapper(settings, asked=500, answered=503, is_or_above=True))
    return {"mappers": mappers}


def _mapper(
    settings: GatewaySettings, *, asked: int, answered: int, is_or_above: bool = False
) -> dict[str, Any]:
    refusal = _REFUSALS[answered]
    comparison = {
        "op": "GE" if is_or_above else "EQ",
        "value": {"default_value": asked, "runtime_key": "none"},
    }
    return {
        "filter": {"status_code_filter": {"comparison": comparison}},
        "status_code": answered,
        "headers_to_add": _headers(answered),
        "body_format_override": {
            "content_type": "application/problem+json",
            "json_format": {
                "type": f"{settings.public_url}/docs/problems#{refusal.code}",
                "title": refusal.title,
                "status": answered,
                "detail": refusal.detail,
                "instance": "urn:uuid:%REQ(X-REQUEST-ID)%",
            },
        },
    }


def _headers(status: int) -> list[dict[str, Any]]:
    headers = dict(SECURITY_HEADERS)  # a request that is refused before the filters never meets theirs
    if status == 401:
        headers["www-authenticate"] = _CHALLENGE
    if status in {429, 503}:
        headers["retry-after"] = "1"
    return [
        {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        for key, value in headers.items()
    ]
