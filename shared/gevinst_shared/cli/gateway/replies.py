"""Envoy's own refusals as problem documents (RFC 9457)."""

from typing import Any

from gevinst_shared.cli.gateway.settings import GatewaySettings

_SENTENCES = {
    400: (
        "malformed",
        "Malformed request",
        "The request is not valid HTTP, or its path is not in a plain form.",
    ),
    401: (
        "bad-token",
        "Not signed in",
        "The access token is missing or not valid. Get a new one and try again.",
    ),
    404: ("unknown", "Not found", "There is no such record, or it is not yours."),
    405: ("method-not-allowed", "Method not allowed", "This address does not know the method."),
    408: (
        "too-slow",
        "Request too slow",
        "The request did not arrive in time: send it again without pauses.",
    ),
    413: ("too-large", "Request too large", "The body is larger than this address takes."),
    415: (
        "wrong-media-type",
        "Media type not supported",
        "Send the body in a media type that the operation names.",
    ),
    426: ("upgrade-required", "Upgrade required", "Use HTTP/1.1 or HTTP/2."),
    429: (
        "too-many-requests",
        "Too many requests",
        "Wait for the seconds in Retry-After, then go on more slowly.",
    ),
    431: ("headers-too-large", "Headers too large", "Send fewer or shorter headers."),
    503: (
        "unavailable",
        "Temporarily unavailable",
        "The service does not answer now: try again in a few seconds.",
    ),
    504: ("timed-out", "Timed out", "The service did not answer in time: ask for less, or try again later."),
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
    mappers += [_mapper(settings, asked=status, answered=status) for status in _SENTENCES]
    mappers.append(_mapper(settings, asked=500, answered=503, is_or_above=True))
    return {"mappers": mappers}


def _mapper(
    settings: GatewaySettings, *, asked: int, answered: int, is_or_above: bool = False
) -> dict[str, Any]:
    code, title, detail = _SENTENCES[answered]
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
                "type": f"{settings.problem_types}{code}",
                "title": title,
                "status": answered,
                "detail": detail,
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
