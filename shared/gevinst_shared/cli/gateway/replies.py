"""Envoy's own refusals as problem documents (RFC 9457), in the caller's language."""

from typing import Any

from gevinst_shared.auth.claims import BadToken
from gevinst_shared.cli.gateway import refusals
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.languages import LANGUAGES, Texts
from gevinst_shared.web.refusals import NoRoute, TooLarge

STATUSES: dict[type[Refusal], int] = {
    refusals.OddRequest: 400,
    BadToken: 401,
    NoRoute: 404,
    refusals.TooSlow: 408,
    TooLarge: 413,
    refusals.TooManyRequests: 429,
    refusals.HeadersTooLarge: 431,
    refusals.Unavailable: 503,
    refusals.TimedOut: 504,
}
TEXTS = Texts(["gevinst_shared"])
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_CHALLENGE = 'Bearer realm="gevinst"'
_NAMES = {"nb": "nb|no"}  # what `Accept-Language` calls a language, where that is not its own name


def local_replies(settings: GatewaySettings) -> dict[str, Any]:
    """One mapper per status and language. No format stands at the top: it would also rewrite our pages."""
    # the token filter says 403 for a token made for another instance: the caller is not known here, so 401
    mappers = _mappers(settings, BadToken, asked=403)
    for refusal, status in STATUSES.items():
        mappers += _mappers(settings, refusal, asked=status)
    mappers += _mappers(settings, refusals.Unavailable, asked=500, is_or_above=True)
    return {"mappers": mappers}


def _mappers(
    settings: GatewaySettings, refusal: type[Refusal], *, asked: int, is_or_above: bool = False
) -> list[dict[str, Any]]:
    """The first that fits answers, so English, which fits everyone, stands last."""
    comparison = {
        "op": "GE" if is_or_above else "EQ",
        "value": {"default_value": asked, "runtime_key": "none"},
    }
    has_status = {"status_code_filter": {"comparison": comparison}}
    translated = [
        {
            "filter": {
                "and_filter": {
                    "filters": [has_status, {"header_filter": {"header": asks_first_for(language)}}]
                }
            },
            **_answer(settings, refusal, language),
        }
        for language in LANGUAGES
        if language != "en"
    ]
    return [*translated, {"filter": has_status, **_answer(settings, refusal, "en")}]


def _has(header: dict[str, Any]) -> dict[str, Any]:
    return {"header_filter": {"header": header}}


def asks_first_for(language: str) -> dict[str, Any]:
    """The header of a request; weights are left to the services: nearly everyone writes the best first."""
    pattern = rf"(?i)\s*({_NAMES.get(language, language)})\b.*"
    return {"name": "accept-language", "string_match": {"safe_regex": {"regex": pattern}}}


def _answer(settings: GatewaySettings, refusal: type[Refusal], language: str) -> dict[str, Any]:
    status = STATUSES[refusal]
    return {
        "status_code": status,
        "headers_to_add": _headers(status, language),
        "body_format_override": {
            "content_type": "application/problem+json",
            "json_format": {
                "type": f"{settings.public_url}/docs/problems#{refusal.code}",
                "title": TEXTS.title(refusal.code, language, refusal.title),
                "status": status,
                "detail": TEXTS.detail(refusal.code, language, refusal.detail),
                "instance": "urn:uuid:%REQ(X-REQUEST-ID)%",
            },
        },
    }


def _headers(status: int, language: str) -> list[dict[str, Any]]:
    # a request that is refused before the filters never meets theirs
    headers = {**SECURITY_HEADERS, "content-language": language}
    if status == 401:
        headers["www-authenticate"] = _CHALLENGE
    if status in {429, 503}:
        headers["retry-after"] = "1"
    return [
        {"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        for key, value in headers.items()
    ]
