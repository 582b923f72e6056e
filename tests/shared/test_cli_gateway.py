"""The gateway's promises, kept by the real Envoy with the generated configuration."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gevinst_shared.auth.development_issuer import ensure_keys
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.configuration import gateway_configuration, gateway_yaml, validate
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, TrustedIssuer
from tests.support.gateway import AUDIENCE, ISSUER, Gateway, gateway_options, running_gateway

pytestmark = pytest.mark.slow
ECHO = "/portfolio/v1/echo"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


def is_problem(answer: object, status: int, code: str) -> bool:
    assert hasattr(answer, "json")
    assert hasattr(answer, "status_code")
    assert hasattr(answer, "headers")
    document = answer.json()
    return bool(
        answer.status_code == status == document["status"]
        and answer.headers["content-type"] == "application/problem+json"
        and document["type"] == f"https://gevinst.example/docs/problems#{code}"
        and document["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
        and {"title", "detail"} <= document.keys()
        and answer.headers["x-content-type-options"] == "nosniff"
    )


def test_a_token_of_a_trusted_issuer_is_let_in_and_goes_on_to_the_service(gateway: Gateway) -> None:
    answer = gateway.client.get(ECHO, headers=gateway.signed_in)
    seen = answer.json()["headers"]
    assert answer.status_code == 200
    assert seen["authorization"].startswith("Bearer ")  # the service verifies it again


def test_no_claim_becomes_a_header_and_an_odd_one_breaks_nothing(gateway: Gateway) -> None:
    token = gateway.token(subject="ka\0ri")
    answer = gateway.client.get(ECHO, headers={"authorization": f"Bearer {token}"})
    seen = answer.json()["headers"]
    assert answer.status_code == 200
    assert seen.pop("authorization") == f"Bearer {token}"
    assert [name for name, value in seen.items() if "0192:958935420" in value or "claim" in name] == []


def test_no_token_is_401_with_a_challenge(gateway: Gateway) -> None:
    answer = gateway.client.get(ECHO)
    assert is_problem(answer, 401, "bad-token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="gevinst"'


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "e" * 9000])
def test_a_token_that_is_none_is_401(gateway: Gateway, token: str) -> None:
    assert is_problem(
        gateway.client.get(ECHO, headers={"authorization": f"Bearer {token}"}), 401, "bad-token"
    )


def test_a_token_for_another_instance_is_401(gateway: Gateway) -> None:
    token = gateway.token(audience="https://elsewhere.example")
    answer = gateway.client.get(ECHO, headers={"authorization": f"Bearer {token}"})
    assert is_problem(answer, 401, "bad-token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="gevinst"'


def test_a_token_of_an_unknown_issuer_is_401(gateway: Gateway) -> None:
    token = gateway.token(issuer="https://stranger.example")
    assert is_problem(
        gateway.client.get(ECHO, headers={"authorization": f"Bearer {token}"}), 401, "bad-token"
    )


def test_a_token_signed_with_another_key_is_401(gateway: Gateway, tmp_path: Path) -> None:
    ensure_keys(tmp_path, [])
    token = gateway.token(keys=tmp_path)
    assert is_problem(
        gateway.client.get(ECHO, headers={"authorization": f"Bearer {token}"}), 401, "bad-token"
    )


def test_a_token_in_the_query_is_not_taken(gateway: Gateway) -> None:
    assert gateway.client.get(ECHO, params={"access_token": gateway.token()}).status_code == 401


def test_a_refusal_of_the_service_is_passed_on_as_it_is(gateway: Gateway) -> None:
    answer = gateway.client.get("/portfolio/v1/broken", headers=gateway.signed_in)
    assert (answer.status_code, answer.json()) == (403, {"said": "by the service"})


def test_request_id_and_trace_from_outside_are_removed(gateway: Gateway) -> None:
    spoofed = {
        "x-request-id": "11111111-1111-4111-8111-111111111111",
        "traceparent": "00-" + "1" * 32 + "-" + "1" * 16 + "-01",
        "tracestate": "a=b",
        "baggage": "a=b",
    }
    signed_in = gateway.client.get(ECHO, headers={**spoofed, **gateway.signed_in})
    public = gateway.client.get("/portfolio/v1/status", headers=spoofed)
    for answer in (signed_in, public):
        seen = answer.json()["headers"]
        assert not {"traceparent", "tracestate", "baggage"} & seen.keys()
        assert seen["x-request-id"] == answer.headers["x-request-id"] != spoofed["x-request-id"]


@pytest.mark.parametrize("name", ["status", "livez", "readyz", ".well-known/anything"])
def test_what_is_public_needs_no_token(gateway: Gateway, name: str) -> None:
    assert gateway.client.get(f"/benefits/v1/{name}").status_code == 200


def test_a_public_path_does_not_open_what_lies_below_it(gateway: Gateway) -> None:
    assert gateway.client.get("/benefits/v1/status/secret").status_code == 401


@pytest.mark.parametrize(
    "path", ["/nothing", "/portfoliox/v1/echo", "/portfolio", "/portfolio/v2/echo", "/portfolio/v1x"]
)
def test_an_unknown_address_is_404(gateway: Gateway, path: str) -> None:
    assert is_problem(gateway.client.get(path, headers=gateway.signed_in), 404, "no-route")


def test_a_path_is_made_plain_before_it_is_judged(gateway: Gateway) -> None:
    answer = _raw(
        gateway,
        f"GET //portfolio/./v1//x/../echo HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {gateway.token()}",
    )
    assert '"/portfolio/v1/echo"' in answer
    assert " 401 " in _raw(gateway, "GET /portfolio/v1/status/../echo HTTP/1.1\r\nhost: a")


def test_an_escaped_slash_is_400(gateway: Gateway) -> None:
    answer = _raw(gateway, "GET /portfolio/v1/status%2f..%2fecho HTTP/1.1\r\nhost: a")
    assert " 400 " in answer
    assert "application/problem+json" in answer


def test_a_body_over_one_megabyte_is_413_and_an_import_may_have_twenty(gateway: Gateway) -> None:
    large = b"x" * 1_000_001
    refused = gateway.client.post(ECHO, content=large, headers=gateway.signed_in)
    taken = gateway.client.post("/portfolio/v1/imports", content=large * 15, headers=gateway.signed_in)
    too_much = gateway.client.post("/portfolio/v1/imports", content=large * 21, headers=gateway.signed_in)
    assert is_problem(refused, 413, "too-large")
    assert taken.json()["bytes"] == len(large) * 15
    assert is_problem(too_much, 413, "too-large")


def test_headers_beyond_measure_are_431(gateway: Gateway) -> None:
    assert gateway.client.get("/portfolio/v1/status", headers={"x-much": "a" * 40_000}).status_code == 431


def test_a_known_origin_may_ask_and_an_unknown_one_gets_no_permission(gateway: Gateway) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    known = gateway.client.options(ECHO, headers={**asked, "origin": "https://intranet.example"})
    foreign = gateway.client.options(ECHO, headers={**asked, "origin": "https://evil.example"})
    answered = gateway.client.get(ECHO, headers={**gateway.signed_in, "origin": "https://intranet.example"})
    assert known.headers["access-control-allow-origin"] == "https://intranet.example"
    assert "access-control-allow-credentials" not in known.headers
    assert "access-control-allow-origin" not in foreign.headers
    assert "etag" in answered.headers["access-control-expose-headers"]


def test_a_safe_call_is_tried_again_after_503(gateway: Gateway) -> None:
    assert gateway.client.get("/portfolio/v1/flaky", headers=gateway.signed_in).status_code == 200


def test_every_answer_has_security_headers_and_the_rate_limit(gateway: Gateway) -> None:
    for answer in (
        gateway.client.get("/portfolio/v1/status"),
        gateway.client.get("/nothing"),
        gateway.client.get("/docs"),
    ):
        for name in ("x-content-type-options", "referrer-policy", "content-security-policy", "cache-control"):
            assert name in answer.headers, (answer.url, name)
        assert answer.headers["ratelimit-limit"] == "1000"
        assert {"ratelimit-remaining", "ratelimit-reset"} <= answer.headers.keys()
        assert not any(name.startswith(("x-ratelimit", "x-envoy")) for name in answer.headers)


def test_a_stream_arrives_while_it_is_written(gateway: Gateway) -> None:
    """The rest of the stream is written only after its beginning was read."""
    with gateway.client.stream(
        "GET", "/portfolio/v1/notifications/stream", headers=gateway.signed_in
    ) as answer:
        parts = answer.iter_raw()
        assert next(parts) == b"id: 0\n\n"
        gateway.client.get("/portfolio/v1/going-on", headers=gateway.signed_in)
        assert b"".join(parts) == b"id: 1\n\nid: 2\n\n"


def test_a_long_poll_is_answered_when_there_is_something(gateway: Gateway) -> None:
    answer = gateway.client.get("/benefits/v1/events", params={"wait": "1"}, headers=gateway.signed_in)
    assert answer.json() == {"items": []}


def test_long_polls_and_streams_end_by_silence_only(tmp_path: Path) -> None:
    settings = GatewaySettings(listen=Address("127.0.0.1", 1), **gateway_options(tmp_path, 2))
    listener = gateway_configuration(settings)["static_resources"]["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    routes = manager["route_config"]["virtual_hosts"][0]["routes"]
    waiting = [
        route["route"]
        for route in routes
        if "events" in json.dumps(route["match"]) or "event-stream" in json.dumps(route["match"])
    ]
    assert len(waiting) == 6
    assert all(action["timeout"] == "0s" and action["idle_timeout"] == "120s" for action in waiting)


def test_the_documentation_is_served_with_scripts_of_our_own_only(gateway: Gateway) -> None:
    page = gateway.client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for name in ("start.js", "swagger-ui.css", "swagger-ui-bundle.js", "pages.css", "icon.svg"):
        assert f"/docs/{name}" in page.text
        assert gateway.client.get(f"/docs/{name}").status_code == 200
    assert gateway.client.get("/openapi.json").json() == {"openapi": "3.1.0"}


def test_the_access_log_has_no_query(gateway: Gateway) -> None:
    gateway.client.get("/portfolio/v1/status", params={"secret": "hush-hush"})
    for _ in range(100):  # Envoy writes its log every second
        lines = [json.loads(line) for line in gateway.log.read_text().splitlines() if line.startswith("{")]
        if any(line["path"] == "/portfolio/v1/status" for line in lines):
            break
        time.sleep(0.1)
    assert any(line["path"] == "/portfolio/v1/status" and line["status"] == 200 for line in lines)
    assert "hush-hush" not in gateway.log.read_text()


def test_more_than_the_rate_is_429_with_the_time_to_wait(tmp_path: Path) -> None:
    with running_gateway(tmp_path, rate_limit=5) as gateway:
        answers = [gateway.client.get("/portfolio/v1/status") for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert is_problem(refused[0], 429, "too-many-requests")
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].headers["ratelimit-remaining"] == "0"


def test_a_service_that_is_gone_is_503(gateway: Gateway) -> None:
    answer = gateway.client.get("/notifications/v1/status")
    assert is_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "1"


def test_two_issuers_and_remote_keys_make_a_valid_self_contained_configuration(tmp_path: Path) -> None:
    options = gateway_options(tmp_path, 2)
    remote = TrustedIssuer("https://idp.example", AUDIENCE, jwks_url="https://idp.example/keys")
    settings = GatewaySettings(
        listen=Address("0.0.0.0", 8080),
        **{**options, "issuers": (*options["issuers"], remote)},
        is_self_contained=True,
        issuer_upstream=Address("issuer", 8000),
        public_paths=("/benefits/v1/embed",),
    )
    file = tmp_path / "gateway.yaml"
    file.write_text(gateway_yaml(settings))
    validate(file)
    assert str(tmp_path) not in file.read_text()


def test_a_configuration_that_envoy_does_not_take_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text("static_resources: {listeners: 1}")
    with pytest.raises(CannotStart, match="Envoy does not take the configuration"):
        validate(file)


@pytest.mark.parametrize(
    "origin", ["*", "https://a.example/", "intranet.example", "https://a.example, https://b"]
)
def test_only_an_exact_origin_is_taken(tmp_path: Path, origin: str) -> None:
    with pytest.raises(CannotStart, match="is not an origin"):
        GatewaySettings(
            listen=Address("127.0.0.1", 1), **{**gateway_options(tmp_path, 2), "cors_origins": (origin,)}
        )


def test_an_issuer_needs_its_keys_in_one_place() -> None:
    with pytest.raises(CannotStart, match="as a file or as an address"):
        TrustedIssuer(ISSUER, AUDIENCE)


def _raw(gateway: Gateway, head: str) -> str:
    """The answer to bytes that a client library would tidy up first."""
    address = (gateway.client.base_url.host, gateway.client.base_url.port)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(f"{head}\r\nconnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


@pytest.mark.parametrize("origin", ["https://intranet.example", "https://other.example"])
def test_any_page_may_take_the_component_and_check_its_hash(gateway: Gateway, origin: str) -> None:
    answer = gateway.client.get("/embed.js", headers={"origin": origin})

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert "access-control-allow-credentials" not in answer.headers
