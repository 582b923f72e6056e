"""The notifications service's settings."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from gevinst_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the notifications service needs beside what every service needs."""

    smtp_url: str | None = Field(
        default=None, repr=False, description="smtp://host:port; without it no mail is sent."
    )
    mail_from: str | None = Field(
        default=None, description="The address that mails come from; `gevinst` at our own host by default."
    )
    record_url: str | None = Field(
        default=None,
        description="Where people see a record, such as https://intranet.example/gevinst/{subject}.",
    )
    channel_key: str | None = Field(
        default=None,
        repr=False,
        description="Seals addresses and keys of endpoints, and makes calendar tickets: 32 characters or "
        "more. Several with spaces between: the first seals, the others still open.",
    )
    delivery_lease_seconds: float = Field(
        default=300.0, ge=1, le=3600, description="How long a worker keeps what it claimed."
    )
    delivery_batch: int = Field(default=50, ge=1, le=1000, description="How many it claims at a time.")

    delivery_connections: int = Field(
        default=4, ge=1, le=64, description="Its connections to the mail server."
    )

    @field_validator("channel_key")
    @classmethod
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None and any(len(key) < 32 for key in value.split()):
            raise ValueError("a channel key has 32 characters or more")
        return value

    @property
    def sender(self) -> str:
        return self.mail_from or f"gevinst@{urlsplit(self.public_url).hostname}"
