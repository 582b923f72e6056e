"""Settings: one frozen model per process, read once from the environment and passed in."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SERVICES = ("portfolio", "benefits", "notifications")


class SettingsMissing(Exception):  # noqa: N818 - said to the person who starts the service
    """A setting is missing or wrong; the text names the variable."""


class ServiceSettings(BaseModel):
    """What every service needs. Variables carry the prefix of `from_environment`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    # Addresses carry passwords: nothing that prints the settings may show them.
    database_url: str = Field(repr=False, description="Login role without bypass of row-level security.")
    owner_database_url: str | None = Field(
        default=None, repr=False, description="Owner of the schema; `migrate` only."
    )
    host: str = "127.0.0.1"
    port: int = 0
    pool_size: int = Field(default=10, ge=1, le=100)
    chart_processes: int = Field(default=2, ge=1, le=32, description="Started when pictures are asked for.")
    chart_cache_bytes: int = Field(
        default=32_000_000, ge=0, description="Of pictures that are kept, and of answers with them."
    )
    embed_key: str | None = Field(
        default=None,
        repr=False,
        description="Seals embed tickets: 32 characters or more; the newest first, with spaces between.",
    )
    sync_key: str | None = Field(
        default=None,
        repr=False,
        description="Seals what the exchange with other bodies keeps secret, the same for all services: 32 "
        "characters or more; the newest first, with spaces between.",
    )
    sync_token_url: str | None = Field(
        default=None, description="Where other bodies get their tokens, as it is reached from outside."
    )
    sync_url: str | None = Field(
        default=None, description="Where other bodies reach the feeds, if it is not the public address."
    )
    sync_certificate_file: Path | None = Field(
        default=None,
        description="Certificate and key (PEM) that are shown to other bodies whose feeds ask for one.",
    )
    maskinporten_file: Path | None = Field(
        default=None,
        description="The clients at Maskinporten whose tokens open other bodies' feeds; portfolio only.",
    )
    sync_most_partners: int = Field(
        default=500, ge=1, le=100_000, description="How many bodies an organisation may exchange with."
    )
    sync_most_records: int = Field(
        default=200_000, ge=1, description="How many records are taken of each of them."
    )
    sync_most_bytes: int = Field(
        default=500_000_000, ge=1, description="How much is taken of each of them, as text."
    )
    client_id: str
    client_key_file: Path | None = None
    public_url: str = "http://127.0.0.1:8080"
    audience: str
    issuers_file: Path
    token_url: str | None = None
    log_level: str = "INFO"
    portfolio_url: str | None = None
    benefits_url: str | None = None
    notifications_url: str | None = None

    @property
    def root_path(self) -> str:
        return f"/{self.service}/v1"


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def from_environment(model: type[SettingsT], service: str, environment: Mapping[str, str]) -> SettingsT:
    """The settings of `service`: `GEVINST_<SERVICE>_NAME`, else `GEVINST_NAME`, else the default.

    Each may be given as `…_FILE`, a path to a file that holds the value, so that secrets need not be in
    the environment.
    """
    values: dict[str, str] = {"service": service, "client_id": f"gevinst-{service}"}
    for name in model.model_fields:
        found = _find(environment, f"GEVINST_{service.upper()}_{name.upper()}")
        found = found if found is not None else _find(environment, f"GEVINST_{name.upper()}")
        if found is not None:
            values[name] = found
    values.setdefault("audience", values.get("public_url", "http://127.0.0.1:8080"))
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SettingsMissing(_sentence(service, error)) from error


def _find(environment: Mapping[str, str], variable: str) -> str | None:
    if variable in environment:
        return environment[variable]
    path = environment.get(f"{variable}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsMissing(f"{variable}_FILE names {path}, which cannot be read: {error}") from error


def _sentence(service: str, error: ValidationError) -> str:
    faults = []
    for fault in error.errors():
        name = str(fault["loc"][0]).upper()
        said = "not set" if fault["type"] == "missing" else fault["msg"]
        faults.append(f"GEVINST_{service.upper()}_{name} or GEVINST_{name}: {said}")
    return f"Settings are missing or wrong. {'; '.join(faults)}."
