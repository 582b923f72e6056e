#!/bin/sh
# The gateway's container: Envoy with the configuration that the settings give, the same as everywhere else.
set -eu
configuration=${TMPDIR:-/tmp}/envoy.yaml
gevinst gateway-config > "$configuration"
envoy --mode validate --config-path "$configuration" --log-level error
exec envoy --disable-hot-restart --config-path "$configuration" --log-level warning
