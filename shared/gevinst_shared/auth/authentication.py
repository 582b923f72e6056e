"""From a bearer token to the actor: the one thing that a request needs from this package."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from gevinst_shared.auth.claim_mapping import actor_from
from gevinst_shared.auth.issuers import TrustedIssuer
from gevinst_shared.auth.jwks import Fetch, PublishedKeys, from_file
from gevinst_shared.auth.tokens import TokenVerifier
from gevinst_shared.values.actor import Actor

MOST_ACTORS = 10_000


class Authenticator:
    """Knows the trusted issuers. Made once per process; `fetch` reads key sets, `clock` gives UTC time."""

    def __init__(
        self, issuers: Iterable[TrustedIssuer], *, fetch: Fetch, clock: Callable[[], datetime]
    ) -> None:
        self._issuers = {one.issuer: one for one in issuers}
        self._verifier = TokenVerifier(
            [(one.rules, _keys(one, fetch, clock)) for one in self._issuers.values()], clock=clock
        )
        self._actors: dict[tuple[int, str | None], tuple[Mapping[str, Any], Actor]] = {}

    async def authenticate(self, token: str, *, organisation: str | None = None) -> Actor:
        """The verified caller; `organisation` is the one asked for, when the token stands for several.

        Refuses with `BadToken`, `KeysUnavailable`, `MissingScope`, `RepresentsNobody`,
        `SeveralOrganisations`, `OtherOrganisation`, or `OddOrganisationNumber` for what was asked for.
        """
        claims = await self._verifier.verify(token)
        known = self._actors.get((id(claims), organisation))
        # The verifier gives the same claims for as long as it remembers the token, and no longer.
        if known is not None and known[0] is claims:
            return known[1]
        actor = actor_from(claims, self._issuers[claims["iss"]], organisation=organisation)
        if len(self._actors) >= MOST_ACTORS:
            self._actors.clear()
        self._actors[id(claims), organisation] = (claims, actor)
        return actor


def _keys(issuer: TrustedIssuer, fetch: Fetch, clock: Callable[[], datetime]) -> PublishedKeys:
    if issuer.jwks_file is not None:
        return PublishedKeys(str(issuer.jwks_file), fetch=from_file, clock=clock)
    return PublishedKeys(str(issuer.jwks_url), fetch=fetch, clock=clock)
