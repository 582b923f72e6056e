"""From a verified token's claims to the actor: whom it acts for and which roles it carries (DOMAIN.md §5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gevinst_shared.auth.issuers import IssuerKind, TrustedIssuer
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.organisation import OddOrganisationNumber, organisation_id
from gevinst_shared.values.refusal import Refusal

# Who acts, and each organisation acted for with the role values that hold there only.
_Represented = tuple[str, dict[str, list[str]]]

SYNC_SCOPE = "gevinst:sync"
_OWN_NAMES = {role.value: role for role in Role}
_ISO6523 = "iso6523-actorid-upis"
_SYSTEM_USER = "urn:altinn:systemuser"


class RepresentsNobody(Refusal):
    """The person or system is known, but acts for no organisation. Answered 403."""

    code = "represents-nobody"
    title = "You represent no organisation"
    detail = "The access token names no organisation that you act for. Sign in again on behalf of one."


class OtherOrganisation(Refusal):
    """The organisation that the request names is not among those the token stands for. Answered 403."""

    code = "other-organisation"
    title = "Not your organisation"
    detail = "You do not act for {organisation}. Your access token names: {organisations}."


class SeveralOrganisations(Refusal):
    """The token stands for several organisations and the request names none. Answered 400."""

    code = "several-organisations"
    title = "Which organisation?"
    detail = (
        "You act for several organisations: say which in the header Gevinst-Organisation. {organisations}"
    )


class MissingScope(Refusal):
    """The token was not given for this product. Answered 403."""

    code = "missing-scope"
    title = "The access token lacks a scope"
    detail = "Get an access token with the scope {scopes}."


def actor_from(claims: Mapping[str, Any], issuer: TrustedIssuer, *, organisation: str | None = None) -> Actor:
    """The actor of verified claims; `organisation` chooses when the token stands for several.

    One of our own services has no organisation and no roles. Roles that the mapping does not know are
    left out; those in the roles claim hold in whichever organisation is chosen. Refuses with
    `MissingScope`, `RepresentsNobody`, `SeveralOrganisations` or `OtherOrganisation`.
    """
    service = _service(claims, issuer)
    if service is not None:
        return Actor(subject=service, organisation="", is_service=True)
    missing = set(issuer.scopes) - set(_words(claims.get("scope")))
    if missing:
        raise MissingScope(scopes=" ".join(sorted(missing)))
    subject, represented = _REPRESENTED[issuer.kind](claims, issuer)
    chosen = _chosen(_allowed(represented, issuer), organisation)
    values = [*_words(_at(claims, issuer.roles_path)), *represented[chosen]]
    roles = _roles(values, issuer.role_map)
    if Role.SYNC_PARTNER in roles or SYNC_SCOPE in _words(claims.get("scope")):
        # Whatever else its issuer says: what stands for another body may read what that body is given.
        roles &= {Role.SYNC_PARTNER}
    return Actor(subject=issuer.prefix + subject, organisation=chosen, roles=roles)


def _service(claims: Mapping[str, Any], issuer: TrustedIssuer) -> str | None:
    """The name of our own service that speaks for itself.

    A person may sign in through a service's client, and the token then names that client as well: the
    subject has to be the client too, or Keycloak's account of it.
    """
    client = claims.get("client_id")
    if not isinstance(client, str) or client not in issuer.service_clients:
        return None
    is_itself = claims.get("sub") == client or claims.get("preferred_username") == f"service-account-{client}"
    return issuer.service_clients[client] if is_itself else None


def _of_provider(claims: Mapping[str, Any], issuer: TrustedIssuer) -> _Represented:
    return claims["sub"], {one: [] for one in _valid(_words(_at(claims, issuer.organisation_claim)))}


def _of_maskinporten(claims: Mapping[str, Any], _: TrustedIssuer) -> _Represented:
    """A system user's organisation, or else the consumer, for whom a supplier may act.

    With a system user the consumer is only the vendor of the system: taking it as the organisation would
    show the vendor's customers to each other. So details of another kind are not passed over.
    """
    details = list(_objects(claims.get("authorization_details")))
    if claims.get("authorization_details"):
        if len(details) != 1 or details[0].get("type") != _SYSTEM_USER:
            raise RepresentsNobody
        owner = _numbered(details[0].get("systemuser_org"))
        users = _words(details[0].get("systemuser_id"))
        if not users or len(users[0]) > 255 or not users[0].isprintable():
            raise RepresentsNobody
        return users[0], {one: [] for one in owner}
    consumer = _numbered(claims.get("consumer"))
    # Somebody acted for the consumer: who did must be known, so a supplier that cannot be read is refused.
    actors = _numbered(claims["supplier"]) if "supplier" in claims else consumer
    if not actors:
        raise RepresentsNobody
    return actors[0], {one: [] for one in consumer}


def _of_ansattporten(claims: Mapping[str, Any], _: TrustedIssuer) -> _Represented:
    """Each organisation that the person acts for, with its rights and the resource they are for."""
    represented: dict[str, list[str]] = {}
    for detail in _objects(claims.get("authorization_details")):
        for reportee in _objects(detail.get("reportees")):
            for one in _numbered({"authority": reportee.get("Authority"), "ID": reportee.get("ID")}):
                held = represented.setdefault(one, [])
                held += [*_words(detail.get("resource")), *_words(reportee.get("Rights"))]
    return claims["sub"], represented


_REPRESENTED = {
    IssuerKind.OIDC: _of_provider,
    IssuerKind.MASKINPORTEN: _of_maskinporten,
    IssuerKind.ANSATTPORTEN: _of_ansattporten,
}


def _allowed(represented: Iterable[str], issuer: TrustedIssuer) -> list[str]:
    return [one for one in represented if not issuer.organisations or one in issuer.organisations]


def _chosen(represented: list[str], wanted: str | None) -> str:
    if not represented:
        raise RepresentsNobody
    listed = ", ".join(represented[:10])
    if wanted is not None:
        if organisation_id(wanted) not in represented:
            raise OtherOrganisation(organisation=wanted, organisations=listed)
        return organisation_id(wanted)
    if len(represented) > 1:
        raise SeveralOrganisations(organisations=listed)
    return represented[0]


def _roles(values: Iterable[str], role_map: Mapping[str, Role] | None) -> frozenset[Role]:
    known = _OWN_NAMES if role_map is None else role_map
    return frozenset(known[value] for value in values if value in known)


def _numbered(found: object) -> list[str]:
    """The organisation in an ISO 6523 object, as a list of one; empty when it is none that we know."""
    if not isinstance(found, Mapping) or found.get("authority") != _ISO6523:
        return []
    return _valid(_words(found.get("ID")))


def _valid(numbers: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for one in numbers:
        try:
            found[organisation_id(one)] = None
        except OddOrganisationNumber:
            continue
    return list(found)


def _at(claims: Mapping[str, Any], path: str) -> object:
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _words(found: object) -> list[str]:
    """The texts of a list, or of one text with spaces between them."""
    if isinstance(found, str):
        return found.split()
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _objects(found: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
