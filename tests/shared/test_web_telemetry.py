"""What OpenTelemetry is told of a request: its path and route, never its query, where tickets stand."""

import httpx
from fastapi import Request
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gevinst_shared.web.application import Application
from gevinst_shared.web.edge import Edge

TICKET = "kD1u0sVeryLongAndSecretTicket"


async def test_a_ticket_stands_in_no_span_and_still_arrives() -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app = Application(telemetry={"tracer_provider": provider, "operation_spans": True})
    app.add_middleware(Edge, root_path="/benefits/v1")

    @app.get("/embedded/{form}")
    async def show(form: str, ticket: str, request: Request) -> dict[str, str]:
        if form == "broken":
            raise ValueError
        return {"form": form, "ticket": ticket, "url": str(request.url)}

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gevinst.test") as browser:
        answers = [
            await browser.get(f"/benefits/v1/{path}", params={"ticket": TICKET})
            for path in ("embedded/page", "embedded/broken", "nowhere")
        ]

    told = [str((span.name, span.attributes, span.events)) for span in spans.get_finished_spans()]
    assert [answer.status_code for answer in answers] == [200, 500, 404]
    assert answers[0].json()["ticket"] == TICKET
    assert TICKET in answers[0].json()["url"]
    assert len(told) >= 3
    assert any("/embedded/{form}" in one for one in told)
    assert not [one for one in told if TICKET in one or "url.query" in one]
