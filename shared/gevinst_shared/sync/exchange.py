"""What an installation says of itself to other bodies, and the secret that its part of the exchange is sealed
with."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from gevinst_shared.auth.claim_mapping import SYNC_SCOPE
from gevinst_shared.auth.issuers import IssuerKind, OddIssuers, TrustedIssuer, read_issuers
from gevinst_shared.auth.secret_box import SecretBox, secrets_of
from gevinst_shared.settings import SERVICES, ServiceSettings, SettingsMissing
from gevinst_shared.sync.limits import Limits
from gevinst_shared.sync.maskinporten import MaskinportenClient, TokenFor, covers, read_clients
from gevinst_shared.sync.statements import SPEAKS
from gevinst_shared.values.actor import Role
from gevinst_shared.values.web_address import OddWebAddressError, web_address


@dataclass(frozen=True, slots=True)
class Exchange:
    """`public_url` is where others reach the installation, `token_url` where tokens for `audience` are.

    `feeds_url` is where the feeds are, `certificate` a PEM file of what is shown to others who ask for it.
    `maskinporten` is what a token from there has to be for; `clients` get such tokens for others' feeds.
    """

    secrets: tuple[str, ...] = field(repr=False)
    public_url: str
    audience: str
    token_url: str | None
    limits: Limits = field(default_factory=Limits)
    feeds_url: str | None = None
    certificate: Path | None = None
    maskinporten: TokenFor | None = None
    clients: tuple[MaskinportenClient, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Exchange | None":
        """From the settings; None where they have no key for it. `OddIssuers` or `OddClients` for files that
        cannot be used: of the service that speaks for the body, which alone gets tokens (decision 0039)."""
        secrets = secrets_of(settings.sync_key)
        if not secrets:
            return None
        limits = Limits(settings.sync_most_partners, settings.sync_most_records, settings.sync_most_bytes)
        exchange = cls(
            secrets,
            settings.public_url.rstrip("/"),
            settings.audience,
            settings.sync_token_url,
            limits,
            feeds_url=None if settings.sync_url is None else settings.sync_url.rstrip("/"),
            certificate=settings.sync_certificate_file,
        )
        exchange.box("check")
        return exchange._speaking(settings) if settings.service == SPEAKS else exchange

    def _speaking(self, settings: ServiceSettings) -> "Exchange":
        file = settings.maskinporten_file
        stated = _stated(read_issuers(settings.issuers_file))
        feeds = self.feeds(SERVICES).values()
        if stated is not None and not all(covers(stated.resource, _normal(feed)) for feed in feeds):
            problem = f"the audience of {stated.issuer} must be an address that {self.feeds_base} lies under"
            raise OddIssuers(path=settings.issuers_file, problem=problem)
        return replace(self, maskinporten=stated, clients=() if file is None else read_clients(file))

    def box(self, purpose: str) -> SecretBox:
        """Seals for one purpose; what one service has sealed, the others open."""
        return SecretBox(self.secrets, f"gevinst sync {purpose}")

    @property
    def feeds_base(self) -> str:
        return self.feeds_url or self.public_url

    def feeds(self, services: Iterable[str]) -> dict[str, str]:
        """Service → the address of its feed."""
        return {service: f"{self.feeds_base}/{service}/v1/sync-feed" for service in services}

    def tls(self) -> ssl.SSLContext:
        """How other installations are spoken to; `SettingsMissing` for a certificate that cannot be shown."""
        context = ssl.create_default_context()
        if self.certificate is not None:
            try:
                context.load_cert_chain(self.certificate)
            except OSError as error:  # also `ssl.SSLError`
                named = f"GEVINST_SYNC_CERTIFICATE_FILE names {self.certificate}"
                raise SettingsMissing(f"{named}, which is no certificate with its key: {error}") from error
        return context

    @property
    def token(self) -> dict[str, str]:
        """How a partner gets a token; empty where the settings do not say."""
        if self.token_url is None:
            return {}
        return {"endpoint": self.token_url, "audience": self.audience, "scope": SYNC_SCOPE}


def _stated(issuers: Iterable[TrustedIssuer]) -> TokenFor | None:
    """What a token of Maskinporten has to be for to read our feeds; None where none does."""
    for issuer in issuers:
        scopes = [scope for scope, role in (issuer.role_map or {}).items() if role is Role.SYNC_PARTNER]
        if issuer.kind is IssuerKind.MASKINPORTEN and scopes:
            return TokenFor(issuer.issuer, scopes[0], issuer.audience)
    return None


def _normal(address: str) -> str:
    """As partners read it in our statement."""
    try:
        return str(web_address(address))
    except OddWebAddressError:
        return ""
