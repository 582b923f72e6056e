"""Figures about the running system, sent by OpenTelemetry to whoever watches it.

Modules make their instruments with `opentelemetry.metrics.get_meter`, which costs next to nothing as long as
nobody watches. Attributes name channels, sources and outcomes; never people, records or organisations.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import metrics

_ADDRESSES = ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


@contextmanager
def sent_metrics(service: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Send this process's figures for as long as the context is open, if the environment names a collector.

    The variables are OpenTelemetry's own (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_METRIC_EXPORT_INTERVAL`,
    `OTEL_RESOURCE_ATTRIBUTES` …). What has not been sent is sent when the context closes.
    """
    if not any(environment.get(name) for name in _ADDRESSES):
        yield
        return
    # Only here, since they cost a tenth of a second at every start.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter  # noqa: PLC0415
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    provider = MeterProvider(
        [PeriodicExportingMetricReader(OTLPMetricExporter())],
        Resource.create({"service.name": f"gevinst-{service}"}),
    )
    metrics.set_meter_provider(provider)
    try:
        yield
    finally:
        provider.shutdown()
