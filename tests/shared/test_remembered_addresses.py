"""Which answers are remembered is told by their addresses."""

from importlib import import_module

import pytest
from fastapi.routing import APIRoute

from gevinst_shared.settings import SERVICES, from_environment
from gevinst_shared.web.remembering import CHART, EMBED
from tests.support.installation import Installation


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_remembered_is_every_chart_and_published_embed_and_nothing_else(
    installation: Installation, service: str
) -> None:
    settings = import_module(f"gevinst_{service}.settings").Settings
    read = from_environment(settings, service, installation.environment(service))
    app = import_module(f"gevinst_{service}.app").create_app(read)
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    expected = {
        (route.path, "GET")
        for route in routes
        # Of no record; and a row that says which partner is held marks no change (0040).
        if ("/charts/" in route.path and not route.path.startswith("/joint-portfolio/"))
        or route.name == "show_published_embed"
    }

    found = {
        (route.path, method)
        for route in routes
        for method in route.methods or ()
        if any(one.fullmatch(route.path.replace("{form}", "page")) for one in (CHART, EMBED))
    }

    assert found == expected
    assert bool(found) == (service != "notifications")
