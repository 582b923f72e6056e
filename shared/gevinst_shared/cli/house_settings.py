"""What a start of the whole house takes from its surroundings."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """`home` holds everything that outlives a run. `port` is the gateway's, the only one for the outside.

    `issuers_file` adds trusted issuers to the development issuer. Without `smtp_url` mail is caught in
    the home. `postgres` is the directory of another PostgreSQL's programs than the one that comes along.
    """

    home: Path
    port: int
    public_url: str
    audience: str
    host: str = "127.0.0.1"
    issuers_file: Path | None = None
    smtp_url: str | None = None
    postgres: Path | None = None
    rate_limit: int = 200
    cors_origins: tuple[str, ...] = ()


def house_settings(environment: Mapping[str, str] = os.environ) -> HouseSettings:
    """Read the settings; each may also stand in a file that `<NAME>_FILE` names; else `CannotStart`."""
    read = _Reader(environment)
    port = read.number("GEVINST_PORT", 8080)
    public_url = (read.text("GEVINST_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    issuers_file = environment.get("GEVINST_ISSUERS_FILE")
    postgres = read.text("GEVINST_POSTGRES")
    return HouseSettings(
        home=Path(read.text("GEVINST_HOME") or ".gevinst").absolute(),
        port=port,
        public_url=public_url,
        audience=read.text("GEVINST_AUDIENCE") or public_url,
        host=read.text("GEVINST_HOST") or "127.0.0.1",
        issuers_file=Path(issuers_file).absolute() if issuers_file else None,
        smtp_url=read.text("GEVINST_SMTP_URL"),
        postgres=Path(postgres).absolute() if postgres else None,
        rate_limit=read.number("GEVINST_RATE_LIMIT", 200),
        cors_origins=tuple((read.text("GEVINST_CORS_ORIGINS") or "").replace(",", " ").split()),
    )


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str | None:
        file = self._environment.get(f"{name}_FILE")
        if name in self._environment or not file:
            return self._environment.get(name) or None
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise CannotStart(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from None

    def number(self, name: str, default: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not text.isdecimal() or not 0 < int(text) < 65_536:
            raise CannotStart(f"{name} is {text}: write a whole number from 1 to 65535.")
        return int(text)
