"""The issuers that this installation trusts, as its operator wrote them down."""

import ipaddress
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from gevinst_shared.auth.claims import TokenRules
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import OddOrganisationNumber, organisation_id
from gevinst_shared.values.refusal import Refusal

_Text = Annotated[str, Field(min_length=1, max_length=2048)]


class IssuerKind(StrEnum):
    """How an issuer says whom a token acts for (DOMAIN.md §5)."""

    OIDC = "oidc"  # any OpenID Connect provider; claims are named in the settings
    MASKINPORTEN = "maskinporten"  # Norway, between systems
    ANSATTPORTEN = "ansattporten"  # Norway, people for an organisation


# What the kinds say when the operator does not; an empty `typ` allows a header without one.
_TYPES = {
    IssuerKind.OIDC: ("at+jwt",),
    IssuerKind.MASKINPORTEN: ("at+jwt", "jwt", ""),
    IssuerKind.ANSATTPORTEN: ("at+jwt", "jwt"),
}
_ROLES_CLAIM = {IssuerKind.OIDC: "roles", IssuerKind.MASKINPORTEN: "scope", IssuerKind.ANSATTPORTEN: "scope"}


def _own_form(text: str) -> str:
    try:
        return organisation_id(text)
    except OddOrganisationNumber as refusal:
        raise ValueError(str(refusal)) from refusal


def _safe_address(text: str) -> str:
    """Keys fetched in the clear can be swapped on the way: only inside our own network."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return text
    if parts.scheme != "http" or not host or not _is_inside(host):
        raise ValueError(
            "must be an https address (http is allowed to this machine and to internal names only)"
        )
    return text


def _is_inside(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localhost"))


SafeAddress = AfterValidator(_safe_address)
OrganisationId = Annotated[str, AfterValidator(_own_form)]


class TrustedIssuer(BaseModel):
    """One issuer: how its tokens look, where its keys are, and what its claims mean here.

    A claim may be a dotted path (`resource_access.gevinst.roles`); a claim whose whole name contains the
    dots wins. `role_map` turns a claim's value into a role; when absent the values are the roles' own
    names. `service_clients` names our own services by client id: their tokens act for no organisation.
    `organisations` limits whom the issuer may speak for; empty means any.
    `subject_prefix` keeps the people of two issuers apart, because a subject is unique at its issuer only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    issuer: _Text
    kind: IssuerKind = IssuerKind.OIDC
    jwks_url: Annotated[_Text, SafeAddress] | None = None
    jwks_file: Path | None = None
    audience: _Text
    typ: tuple[str, ...] = ()
    max_life_seconds: Annotated[int, Field(ge=60, le=86_400)] = 43_200
    organisation_claim: _Text = "organisation"
    roles_claim: str = ""
    role_map: dict[str, Role] | None = None
    service_clients: dict[_Text, _Text] = {}
    scopes: tuple[str, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    subject_prefix: str | None = None

    @model_validator(mode="after")
    def _has_one_key_source(self) -> Self:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("give either jwks_url or jwks_file")
        if self.kind is not IssuerKind.OIDC and self.role_map is None:
            raise ValueError(f"{self.kind} needs role_map: its claims do not carry our roles' names")
        return self

    @property
    def rules(self) -> TokenRules:
        return TokenRules(
            issuer=self.issuer,
            audiences=frozenset({self.audience}),
            types=frozenset(
                one.lower().removeprefix("application/") for one in self.typ or _TYPES[self.kind]
            ),
            max_life_seconds=self.max_life_seconds,
            # Maskinporten's tokens have no `sub`: a system acts, and its client is what they name.
            subject_claim="client_id" if self.kind is IssuerKind.MASKINPORTEN else "sub",
        )

    @property
    def roles_path(self) -> str:
        return self.roles_claim or _ROLES_CLAIM[self.kind]

    @property
    def prefix(self) -> str:
        if self.subject_prefix is not None:
            return self.subject_prefix
        return "" if self.kind is IssuerKind.OIDC else f"{self.kind}:"


class OddIssuers(Refusal):
    """The operator's file of issuers cannot be used; the service does not start."""

    code = "odd-issuers"
    title = "The file of trusted issuers cannot be used"
    detail = "{path}: {problem}"


_LISTED = TypeAdapter(tuple[TrustedIssuer, ...])


def read_issuers(path: Path) -> tuple[TrustedIssuer, ...]:
    """The issuers in a JSON list; a relative `jwks_file` stands beside it. `OddIssuers` when unusable."""
    try:
        issuers = _LISTED.validate_json(path.read_bytes())
        _refuse_twins(issuers)
    except (OSError, ValueError) as error:
        raise OddIssuers(path=path, problem=error) from error
    return tuple(
        one if one.jwks_file is None else one.model_copy(update={"jwks_file": path.parent / one.jwks_file})
        for one in issuers
    )


def _refuse_twins(issuers: Iterable[TrustedIssuer]) -> None:
    names: set[str] = set()
    prefixes: set[str] = set()
    for one in issuers:
        if one.issuer in names:
            raise ValueError(f"the issuer {one.issuer} is listed twice")
        if one.prefix in prefixes:
            raise ValueError(f"give {one.issuer} a subject_prefix of its own: two issuers share one")
        names.add(one.issuer)
        prefixes.add(one.prefix)
    if not names:
        raise ValueError("no issuer is listed, so nobody could sign in")
