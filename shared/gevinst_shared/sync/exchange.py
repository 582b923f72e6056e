"""What an installation says of itself to other bodies, and the secret that its part of the exchange is sealed
with."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gevinst_shared.auth.claim_mapping import SYNC_SCOPE
from gevinst_shared.auth.secret_box import SecretBox, secrets_of
from gevinst_shared.settings import ServiceSettings
from gevinst_shared.sync.limits import Limits


@dataclass(frozen=True, slots=True)
class Exchange:
    """`public_url` is where others reach the installation, `token_url` where tokens for `audience` are."""

    secrets: tuple[str, ...] = field(repr=False)
    public_url: str
    audience: str
    token_url: str | None
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Exchange | None":
        """From the settings; None where they have no key for it."""
        secrets = secrets_of(settings.sync_key)
        if not secrets:
            return None
        limits = Limits(settings.sync_most_partners, settings.sync_most_records, settings.sync_most_bytes)
        exchange = cls(
            secrets, settings.public_url.rstrip("/"), settings.audience, settings.sync_token_url, limits
        )
        exchange.box("check")
        return exchange

    def box(self, purpose: str) -> SecretBox:
        """Seals for one purpose; what one service has sealed, the others open."""
        return SecretBox(self.secrets, f"gevinst sync {purpose}")

    def feeds(self, services: Iterable[str]) -> dict[str, str]:
        """Service → the address of its feed."""
        return {service: f"{self.public_url}/{service}/v1/sync-feed" for service in services}

    @property
    def token(self) -> dict[str, str]:
        """How a partner gets a token; empty where the settings do not say."""
        if self.token_url is None:
            return {}
        return {"endpoint": self.token_url, "audience": self.audience, "scope": SYNC_SCOPE}
