"""Puts one service's application together: its routes, and what every service shares."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from gevinst_shared.web import health
from gevinst_shared.web.edge import Edge, without_query
from gevinst_shared.web.house import House
from gevinst_shared.web.idempotency import Replayed, replayed
from gevinst_shared.web.languages import Texts
from gevinst_shared.web.openapi import finished
from gevinst_shared.web.permissions import refuse_undeclared
from gevinst_shared.web.problem_table import problem_table
from gevinst_shared.web.problems import SHARED_STATUSES, Problems, Statuses
from gevinst_shared.web.remembering import Remembering


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service this service. Hot routers come first: routes are tried in order."""

    name: str
    title: str
    description: str
    package: str
    routers: Sequence[APIRouter]
    statuses: Statuses
    tags: dict[str, str]


class Application(FastAPI):
    """Whatever records requests outside of our own layers sees them without their query: it may hold a ticket
    or what somebody searched for. The outermost of our layers puts it back."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(without_query(scope), receive, send)


def create_application(
    service: Service, open_house: Callable[[], AbstractAsyncContextManager[House]], *, public_url: str
) -> FastAPI:
    """The application; `open_house` makes what it runs on when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house() as house:
            app.state.house = house
            yield

    app = Application(
        title=service.title,
        description=service.description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"operation_spans": False},
    )
    app.state.service, app.state.public_url = service.name, public_url
    # Flat, because an included router costs each request a walk through every router before its own.
    for router in (*service.routers, health.router):
        app.router.routes.extend(router.routes)
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.unique_id = route.name
    refuse_undeclared(app.routes)
    texts = Texts(["gevinst_shared", service.package])
    Problems(service.statuses, texts, public_url).install(app)
    app.add_exception_handler(Replayed, replayed)
    app.add_middleware(Remembering)
    app.add_middleware(Edge, root_path=f"/{service.name}/v1")
    refused = problem_table({**SHARED_STATUSES, **service.statuses}, texts)
    app.openapi = lambda: finished(app, service.name, service.tags, refused)  # type: ignore[method-assign]
    return app
