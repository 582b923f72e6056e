"""Runs one service's application on uvicorn."""

import uvicorn
from fastapi import FastAPI

from gevinst_shared.logs import write_json_lines
from gevinst_shared.settings import ServiceSettings


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT; open requests get ten seconds to end."""
    write_json_lines(settings.log_level)
    uvicorn.run(
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
