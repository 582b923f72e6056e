"""Runs one service's application on uvicorn."""

import contextlib
import gc
import signal
import socket
import sys

import uvicorn
from fastapi import FastAPI

from gevinst_shared.logs import write_json_lines
from gevinst_shared.settings import ServiceSettings

_COULD_NOT_START = 3


class Server(uvicorn.Server):
    """Lets those go who wait for news when it is told to stop, so that it need not wait for them."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.house.doorbell.end_waiting()
        await super().shutdown(sockets)


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; open requests get ten seconds to end.

    Waiting long polls and streams end at once, and their readers come back to whoever serves then.
    """
    write_json_lines(settings.log_level)
    # What the application is made of lives as long as the process: without this, every full collection
    # walks through it again, and every request waits a tenth of a second.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="auto",
        http="httptools",
        access_log=False,
        server_header=False,
        date_header=True,
        log_config=None,
        timeout_graceful_shutdown=10,
        # Longer than the gateway keeps a connection, so that it never meets a closed one.
        timeout_keep_alive=75,
    )
    # uvicorn raises the signal once more when it has ended: then we leave as programs do that end, rather
    # than die with what others still have to put away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    server = Server(app, config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_COULD_NOT_START)
