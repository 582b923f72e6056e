"""Examples for the OpenAPI document, put together from the examples of the members."""

from typing import Any

_BY_FORMAT = {
    "uuid": "0198b6a4-7c1e-7000-8000-000000000001",
    "date": "2026-11-21",
    "date-time": "2026-11-21T19:24:00.000000Z",
    "uri": "https://gevinst.example/",
}


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """A value that the schema allows."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    for given in ("example", "const", "default"):
        if schema.get(given) is not None:
            return schema[given]
    for choice in ("allOf", "anyOf", "oneOf"):
        if schema.get(choice):
            return example_of(schema[choice][0], schemas)
    return _by_type(schema, schemas)


def _by_type(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    match schema.get("type"):
        case "object":
            return {name: example_of(part, schemas) for name, part in schema.get("properties", {}).items()}
        case "array":
            count = max(1, schema.get("minItems", 1))
            return [example_of(schema["items"], schemas)] * count if "items" in schema else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return _BY_FORMAT.get(schema.get("format", ""), "text")
