"""The development issuer as a process: `python -m gevinst_shared.cli.issuer`, started by `gevinst up`.

Started with the addresses as arguments, because it belongs to one house and has no settings of its own.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from gevinst_shared.auth.development_issuer import create_issuer_app


def main(
    keys: Path,
    *,
    port: Annotated[int, typer.Option()],
    issuer: Annotated[str, typer.Option()],
    audience: Annotated[str, typer.Option()],
    token_url: Annotated[str, typer.Option()],
    client: Annotated[list[str], typer.Option()],
) -> None:
    """Serve keys and tokens on loopback under /issuer."""
    issuer_app = create_issuer_app(
        keys,
        issuer=issuer,
        audience=audience,
        clients=client,
        clock=lambda: datetime.now(UTC),
        token_url=token_url,
    )
    uvicorn.run(issuer_app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    typer.run(main)
