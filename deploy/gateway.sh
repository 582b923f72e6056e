#!/bin/sh
# The gateway's container: Envoy with the configuration that the settings give, the same as everywhere else.
set -eu
place=${TMPDIR:-/tmp}

# The services are up before the gateway starts, so that their documents can be shown as one.
python -c '
import asyncio, os
from gevinst_shared.cli.merged_openapi import fetch_merged_openapi
from gevinst_shared.settings import SERVICES
urls = {service: os.environ[f"GEVINST_{service.upper()}_URL"] for service in SERVICES}
print(asyncio.run(fetch_merged_openapi(urls)))
' > "$place/openapi.json"

gevinst gateway-config --out "$place/envoy.yaml" --openapi "$place/openapi.json"
exec envoy --disable-hot-restart --config-path "$place/envoy.yaml" --log-level warning
