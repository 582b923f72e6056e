"""An installation for tests: a real PostgreSQL with all databases migrated, and an issuer's keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from gevinst_shared.auth.development_issuer import ensure_keys, issue_token, jwks
from gevinst_shared.cli.databases import ServiceDatabase, make_databases
from gevinst_shared.db import migrations
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.web.clock import utc_now

AUDIENCE = "https://gevinst.test"
ISSUER = "https://gevinst.test/issuer"
EMBED_KEY = "an-embed-key-for-tests-of-32-characters-and-more"
SYNC_KEY = "a-sync-key-for-tests-of-32-characters-and-more"
CHANNEL_KEY = "a-channel-key-for-tests-of-32-characters-and-more"


@dataclass(frozen=True, slots=True)
class Installation:
    home: Path
    databases: dict[str, ServiceDatabase]

    @property
    def issuers_file(self) -> Path:
        return self.home / "issuers.json"

    @property
    def keys(self) -> Path:
        return self.home / "issuer"

    def environment(self, service: str) -> dict[str, str]:
        """The variables that the service's processes read."""
        found = {
            "GEVINST_AUDIENCE": AUDIENCE,
            "GEVINST_ISSUERS_FILE": str(self.issuers_file),
            "GEVINST_PUBLIC_URL": AUDIENCE,
            "GEVINST_EMBED_KEY": EMBED_KEY,
            "GEVINST_SYNC_KEY": SYNC_KEY,
            "GEVINST_SYNC_TOKEN_URL": f"{ISSUER}/token",
        }
        if service == "notifications":
            found["GEVINST_NOTIFICATIONS_CHANNEL_KEY"] = CHANNEL_KEY
        database = self.databases[service]
        found[f"GEVINST_{service.upper()}_DATABASE_URL"] = database.url
        found[f"GEVINST_{service.upper()}_OWNER_DATABASE_URL"] = database.owner_url
        return found

    def token(self, organisation: str, *roles: Role, subject: str = "kari") -> str:
        """A token for a person of the organisation."""
        actor = Actor(subject, organisation, frozenset(roles))
        return issue_token(
            self.keys, actor, issuer=ISSUER, audience=AUDIENCE, now=utc_now(), lifetime=timedelta(hours=8)
        )


async def install(admin_url: str, home: Path, *, services: Sequence[str] = SERVICES) -> Installation:
    """Make the databases, migrate those of the services, and write the file of trusted issuers."""
    databases = await make_databases(admin_url, home / "secrets")
    for service in services:
        program = import_module(f"gevinst_{service}.__main__").PROGRAM
        await migrations.migrate(databases[service].owner_url, program.metadata, program.versions)
    installation = Installation(home, databases)
    ensure_keys(installation.keys, [f"gevinst-{service}" for service in SERVICES])
    jwks_file = home / "jwks.json"
    jwks_file.write_text(json.dumps(jwks(installation.keys)), encoding="utf-8")
    clients = {f"gevinst-{service}": service for service in SERVICES}
    issuer = {
        "issuer": ISSUER,
        "jwks_file": str(jwks_file),
        "audience": AUDIENCE,
        "service_clients": clients,
    }
    installation.issuers_file.write_text(json.dumps([issuer]), encoding="utf-8")
    return installation
