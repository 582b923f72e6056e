"""What a collector of OpenTelemetry understood of what it was sent."""

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from tests.support.http_receiver import Received

Figures = dict[tuple[str, str], float]
"""By the metric's name and its attributes, as `name=value` by name with commas between."""


def figures(requests: list[Received]) -> Figures:
    """The newest value of each; of a histogram how many were recorded. `service` is among the attributes."""
    found: Figures = {}
    for request in requests:
        sent = ExportMetricsServiceRequest.FromString(request.content)
        for resource in sent.resource_metrics:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for metric in (one for scope in resource.scope_metrics for one in scope.metrics):
                kind = metric.WhichOneof("data")
                for point in getattr(metric, str(kind)).data_points:
                    said = {one.key: one.value.string_value for one in point.attributes}
                    said["service"] = names["service.name"]
                    key = ",".join(f"{name}={value}" for name, value in sorted(said.items()))
                    found[metric.name, key] = point.count if kind == "histogram" else _number(point)
    return found


def _number(point: object) -> float:
    which = point.WhichOneof("value")  # type: ignore[attr-defined]  # made when it is imported
    return float(getattr(point, which))
