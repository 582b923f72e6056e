"""One call through a generated client, in the generator's environment: asked for and answered in JSON."""

import importlib
import json
import sys
import typing


def main() -> None:
    wanted = json.load(sys.stdin)
    package = wanted["package"]
    client_class = importlib.import_module(f"{package}.client").AuthenticatedClient
    operation = importlib.import_module(f"{package}.api.{wanted['tag']}.{wanted['operation']}")
    client = client_class(base_url=wanted["base_url"], token=wanted["token"], raise_on_unexpected_status=True)
    arguments = wanted["arguments"]
    if "body" in arguments:
        kind = typing.get_type_hints(operation.sync_detailed)["body"]
        arguments["body"] = kind.from_dict(arguments["body"])
    response = operation.sync_detailed(client=client, **arguments)
    answer = {"status": int(response.status_code)}
    if response.parsed is not None:
        answer["parsed"] = response.parsed.to_dict()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
