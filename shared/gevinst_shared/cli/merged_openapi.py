"""The OpenAPI documents of the running services as one file."""

import json
from collections.abc import Mapping

import httpx

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.web.openapi import merged


async def fetch_merged_openapi(services: Mapping[str, str]) -> str:
    """Ask each service, at its address without a path, for its document; the merged one as JSON."""
    documents = {}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for service, url in services.items():
            answer = await client.get(f"{url}/{service}/v1/openapi.json")
            if answer.status_code != 200:
                raise CannotStart(f"{service} did not show its OpenAPI document: see its log.")
            documents[service] = answer.json()
    return json.dumps(merged(documents), ensure_ascii=False)
