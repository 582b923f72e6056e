"""The notifications service's settings."""

from urllib.parse import urlsplit

from pydantic import Field

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
    delivery_lease_seconds: float = Field(
        default=300.0, ge=1, le=3600, description="How long a worker keeps what it claimed."
    )
    delivery_batch: int = Field(default=50, ge=1, le=1000, description="How many it claims at a time.")

    delivery_connections: int = Field(
        default=4, ge=1, le=64, description="Its connections to the mail server."
    )

    @property
    def sender(self) -> str:
        return self.mail_from or f"gevinst@{urlsplit(self.public_url).hostname}"
