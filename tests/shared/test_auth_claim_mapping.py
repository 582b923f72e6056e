"""DOMAIN.md §5: whom a token acts for, and with which roles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.auth.claim_mapping import (
    MissingScope,
    OtherOrganisation,
    RepresentsNobody,
    SeveralOrganisations,
    actor_from,
)
from gevinst_shared.auth.issuers import TrustedIssuer
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.organisation import OddOrganisationNumber
from gevinst_shared.values.refusal import Refusal
from tests.support import national_claims
from tests.support.bad_tokens import good_claims
from tests.support.clock import MovedClock
from tests.support.national_claims import AGENCY, OSLO, VENDOR, numbered

AUDIENCE = "https://gevinst.test"
NOW = MovedClock().now
JWKS = {"jwks_url": "https://issuer.test/keys", "audience": AUDIENCE}
PROVIDER = TrustedIssuer.model_validate(
    {**JWKS, "issuer": "https://issuer.test", "service_clients": {"gevinst-benefits": "benefits"}}
)
MASKINPORTEN = TrustedIssuer.model_validate(
    {
        **JWKS,
        "issuer": national_claims.MASKINPORTEN,
        "kind": "maskinporten",
        "role_map": {"gevinst:portfolio.read": "reader", "gevinst:benefits.write": "integration"},
    }
)
ANSATTPORTEN = TrustedIssuer.model_validate(
    {
        **JWKS,
        "issuer": national_claims.ANSATTPORTEN,
        "kind": "ansattporten",
        "role_map": {"Read": "reader", "urn:altinn:resource:5614:1": "portfolio-office"},
    }
)
PERSON = good_claims(issuer=PROVIDER.issuer, audience=AUDIENCE, now=NOW)
SYSTEM = national_claims.maskinporten(audience=AUDIENCE, now=NOW)
DELEGATED = national_claims.delegated(audience=AUDIENCE, now=NOW)
SYSTEM_USER = national_claims.system_user(audience=AUDIENCE, now=NOW)


def employee(*organisations: str) -> dict[str, Any]:
    return national_claims.ansattporten(*organisations, audience=AUDIENCE, now=NOW)


def provider(**members: object) -> TrustedIssuer:
    return TrustedIssuer.model_validate({**JWKS, "issuer": PROVIDER.issuer, **members})


def test_a_person_of_a_provider_acts_for_the_organisation_in_the_claim() -> None:
    actor = actor_from(PERSON, PROVIDER)

    assert actor == Actor(subject="kari", organisation=OSLO, roles=frozenset({Role.READER}))


def test_claims_may_lie_deep_and_carry_the_providers_own_role_names() -> None:
    issuer = provider(
        organisation_claim="https://claims.test/organisation",
        roles_claim="resource_access.gevinst.roles",
        role_map={"pmo": "portfolio-office", "boss": "board-member"},
    )
    claims = {
        **PERSON,
        "https://claims.test/organisation": "0184:64942212",
        "resource_access": {"gevinst": {"roles": ["pmo", "reader", 7]}},
    }

    actor = actor_from(claims, issuer)

    assert actor.organisation == "0184:64942212"
    assert actor.roles == {Role.PORTFOLIO_OFFICE}


def test_roles_may_be_a_text_with_spaces_and_unknown_ones_give_nothing() -> None:
    assert actor_from({**PERSON, "roles": "reader root finance"}, PROVIDER).roles == {
        Role.READER,
        Role.FINANCE,
    }
    assert actor_from({**PERSON, "roles": {"reader": True}}, PROVIDER).roles == frozenset()


@pytest.mark.parametrize("odd", [None, "", "958935420", "0192:958935421", "9999:1", 7, {"ID": OSLO}, []])
def test_a_person_without_a_valid_organisation_represents_nobody(odd: object) -> None:
    with pytest.raises(RepresentsNobody):
        actor_from({**PERSON, "organisation": odd}, PROVIDER)


def test_an_issuer_speaks_only_for_the_organisations_it_was_trusted_with() -> None:
    issuer = provider(organisations=[AGENCY])

    with pytest.raises(RepresentsNobody):
        actor_from(PERSON, issuer)
    assert actor_from({**PERSON, "organisation": [OSLO, AGENCY]}, issuer).organisation == AGENCY


def test_a_system_acts_for_its_consumer_with_roles_from_its_scopes() -> None:
    actor = actor_from(SYSTEM, MASKINPORTEN)

    assert actor == Actor(
        subject=f"maskinporten:{OSLO}",
        organisation=OSLO,
        roles=frozenset({Role.READER, Role.INTEGRATION}),
    )


def test_with_delegation_the_supplier_acts_for_the_consumer() -> None:
    actor = actor_from(DELEGATED, MASKINPORTEN)

    assert (actor.subject, actor.organisation) == (f"maskinporten:{VENDOR}", OSLO)


def test_a_system_user_acts_for_its_own_organisation_and_never_for_the_vendor() -> None:
    actor = actor_from(SYSTEM_USER, MASKINPORTEN)

    assert actor.organisation == OSLO
    assert actor.subject == "maskinporten:a7b9c1d3-0000-4000-8000-00000000cafe"


@pytest.mark.parametrize(
    "odd",
    [
        {"authorization_details": [{"type": "urn:other"}]},
        {"authorization_details": "urn:altinn:systemuser"},
        {"authorization_details": [*SYSTEM_USER["authorization_details"]] * 2},
        {"authorization_details": [{**SYSTEM_USER["authorization_details"][0], "systemuser_org": None}]},
        {"authorization_details": [{**SYSTEM_USER["authorization_details"][0], "systemuser_id": []}]},
        {"authorization_details": [{**SYSTEM_USER["authorization_details"][0], "systemuser_id": ["\x00"]}]},
        {"consumer": None},
        {"consumer": {"ID": OSLO}},
        {"consumer": {"authority": "other", "ID": OSLO}},
        {"consumer": numbered("0192:958935420:department:4")},
        {"consumer": [numbered(OSLO)]},
        {"supplier": None},
        {"supplier": {"authority": "iso6523-actorid-upis"}},
    ],
    ids=str,
)
def test_a_system_that_cannot_be_placed_is_not_given_the_next_best_organisation(odd: dict[str, Any]) -> None:
    with pytest.raises(RepresentsNobody):
        actor_from({**SYSTEM, **odd}, MASKINPORTEN)


def test_an_employee_acts_for_the_one_reportee() -> None:
    actor = actor_from(employee(OSLO), ANSATTPORTEN)

    assert actor == Actor(
        subject="ansattporten:pairwise-subject",
        organisation=OSLO,
        roles=frozenset({Role.READER, Role.PORTFOLIO_OFFICE}),
    )


@pytest.mark.parametrize("details", [None, [], "all", [{}], [{"reportees": []}], [{"reportees": ["me"]}]])
def test_a_person_who_represents_nobody_has_no_access(details: object) -> None:
    with pytest.raises(RepresentsNobody):
        actor_from({**employee(), "authorization_details": details}, ANSATTPORTEN)


def test_an_employee_of_several_has_to_say_which() -> None:
    claims = employee(OSLO, AGENCY)

    with pytest.raises(SeveralOrganisations, match=f"{OSLO}, {AGENCY}"):
        actor_from(claims, ANSATTPORTEN)
    assert actor_from(claims, ANSATTPORTEN, organisation=AGENCY).organisation == AGENCY
    assert actor_from(claims, ANSATTPORTEN, organisation=" 0192:991 825 827 ").organisation == AGENCY


def test_rights_for_one_organisation_are_no_rights_for_another() -> None:
    claims = employee(OSLO, AGENCY)
    claims["authorization_details"][0]["reportees"][1]["Rights"] = []
    claims["authorization_details"][0]["resource"] = "urn:other"

    assert actor_from(claims, ANSATTPORTEN, organisation=OSLO).roles == {Role.READER}
    assert actor_from(claims, ANSATTPORTEN, organisation=AGENCY).roles == frozenset()


def test_nobody_acts_for_an_organisation_that_the_token_does_not_name() -> None:
    with pytest.raises(OtherOrganisation):
        actor_from(employee(OSLO), ANSATTPORTEN, organisation=AGENCY)
    with pytest.raises(OtherOrganisation):
        actor_from(PERSON, PROVIDER, organisation=AGENCY)
    with pytest.raises(OddOrganisationNumber):
        actor_from(PERSON, PROVIDER, organisation="Oslo")


def test_a_token_without_the_needed_scope_is_refused_with_its_name() -> None:
    issuer = provider(scopes=["gevinst", "openid"])

    with pytest.raises(MissingScope, match="gevinst"):
        actor_from({**PERSON, "scope": "openid"}, issuer)
    assert actor_from({**PERSON, "scope": "openid gevinst"}, issuer)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "gevinst-benefits", "client_id": "gevinst-benefits"},
        {
            "sub": "8f0e",
            "client_id": "gevinst-benefits",
            "preferred_username": "service-account-gevinst-benefits",
        },
    ],
    ids=["client credentials", "Keycloak"],
)
def test_our_own_service_acts_for_no_organisation_and_holds_no_role(claims: dict[str, str]) -> None:
    actor = actor_from({**PERSON, **claims}, PROVIDER)

    assert actor == Actor(subject="benefits", organisation="", is_service=True)


def test_a_person_signed_in_through_a_services_client_is_still_a_person() -> None:
    actor = actor_from({**PERSON, "client_id": "gevinst-benefits"}, PROVIDER)

    assert not actor.is_service
    assert actor.organisation == OSLO


def test_a_client_of_another_issuer_with_our_services_name_is_no_service() -> None:
    claims = {**SYSTEM, "client_id": "gevinst-benefits", "sub": "gevinst-benefits"}

    assert not actor_from(claims, MASKINPORTEN).is_service


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just(numbered(OSLO)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(["organisation", "roles", "scope", "consumer", "supplier", "authorization_details"])


@given(
    st.sampled_from([(PERSON, PROVIDER), (SYSTEM_USER, MASKINPORTEN), (employee(OSLO), ANSATTPORTEN)]),
    _NAMES,
    _JSON,
)
def test_odd_claims_are_a_refusal_or_an_actor_with_an_organisation(
    start: tuple[dict[str, Any], TrustedIssuer], name: str, value: object
) -> None:
    claims, issuer = start
    try:
        actor = actor_from({**claims, name: value}, issuer)
    except Refusal:
        return
    assert actor.organisation
    assert not actor.is_service


def test_another_body_through_maskinporten_reads_its_feed_and_nothing_else() -> None:
    roles = {"gevinst:sync": "sync-partner", "gevinst:benefits.write": "integration"}
    issuer = MASKINPORTEN.model_copy(
        update={"role_map": {name: Role(value) for name, value in roles.items()}}
    )
    claims = {**SYSTEM, "scope": "gevinst:sync gevinst:benefits.write"}

    actor = actor_from(claims, issuer)

    assert actor.is_partner
    assert actor.roles == {Role.SYNC_PARTNER}


def test_whoever_is_another_body_has_no_other_role() -> None:
    actor = actor_from({**PERSON, "roles": ["administrator", "sync-partner"]}, PROVIDER)

    assert actor.roles == {Role.SYNC_PARTNER}


def test_the_scope_of_the_exchange_makes_nobody_another_body() -> None:
    """A person may ask a provider for any scope; who stands for a body is said by a role."""
    actor = actor_from({**PERSON, "roles": ["administrator"], "scope": "gevinst:sync"}, PROVIDER)

    assert actor.roles == frozenset()
    assert not actor.is_partner
