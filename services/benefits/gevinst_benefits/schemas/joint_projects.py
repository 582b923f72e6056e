"""Projects and general cases of the joint portfolio on the wire (X4, E2)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.joint_cases import CaseKey, JointCase
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.schemas.joint_portfolio import MOST, AnyYear, CurrencyCode, JointValueOut, Word
from gevinst_benefits.schemas.quantities import Figure, Total
from gevinst_shared.web.joint_bodies import Count, HeldBodyOut
from gevinst_shared.web.shapes import Id, Maybe, Moment, Organisation, Out, Whole

Told = Annotated[str, Field(max_length=500)]


class JointRecordOut(Out):
    """What its owner told, and when. Without `revision_hash` it is a record of yours."""

    number_in_feed: Maybe[Count] = Field(None, description="Of the revision in the partner's feed.")
    revision_hash: Maybe[str] = Field(
        None, max_length=64, description="SHA-256 of the signed revision, as it came."
    )
    said_at: Maybe[Moment] = None
    received_at: Maybe[Moment] = None


class ToldPotentialOut(Out):
    """What a project's benefits give in a full year, as its owner counts them."""

    ledger: Ledger
    currency: Maybe[CurrencyCode] = None
    price_year: Maybe[AnyYear] = None
    unit_of_measure: Maybe[Word] = None
    confirmed: Total
    unconfirmed: Total
    in_transit: Maybe[Total] = None


class ToldRealisedOut(Out):
    """What a project's owner has had verified for a year."""

    ledger: Ledger
    currency: Maybe[CurrencyCode] = None
    price_year: Maybe[AnyYear] = None
    unit_of_measure: Maybe[Word] = None
    year: AnyYear
    amount: Total


class JointStatusOut(JointRecordOut):
    """How a project stands. What is absent was not shared, or is not known there."""

    phase_model: Maybe[Word] = None
    phase_model_version: Maybe[Word] = None
    phase: Maybe[Word] = None
    round: Maybe[Count] = None
    state: Maybe[Word] = None
    light: Maybe[Colour] = None
    green: Maybe[Count] = None
    yellow: Maybe[Count] = None
    red: Maybe[Count] = None
    benefits: Maybe[Count] = None
    unconfirmed: Maybe[Count] = None
    without_indicator: Maybe[Count] = None
    indicators: Maybe[Count] = None
    measured: Maybe[Count] = None
    gates_waiting: Maybe[Count] = None
    conditions_open: Maybe[Count] = None
    potential: Maybe[list[ToldPotentialOut]] = Field(None, max_length=1000)
    realised: Maybe[list[ToldRealisedOut]] = Field(None, max_length=1000)


class ToldMoneyOut(Out):
    """An amount as its owner told it."""

    amount: Figure
    currency: CurrencyCode
    price_year: AnyYear


class JointBusinessCaseOut(JointRecordOut):
    """A project's newest business case without its series. `localised_from` is its publisher's id of
    another body's general case, `own` one of its owner's own, or `none`."""

    number: Maybe[Count] = None
    currency: Maybe[CurrencyCode] = None
    base_year: Maybe[AnyYear] = None
    horizon_years: Maybe[Count] = None
    price_year: Maybe[AnyYear] = None
    recommended: Maybe[Word] = None
    created_at: Maybe[Moment] = None
    net_present_value: Maybe[ToldMoneyOut] = None
    general_case: Maybe[Word] = None
    localised_from: Maybe[Word] = None
    localised_publisher: Maybe[Organisation] = None
    localised_edition: Maybe[Count] = None


class JointProjectOut(Out):
    """A project as its owner shares it."""

    id: Id
    organisation: Organisation = Field(description="Whose it is.")
    sync_partner_id: Maybe[Id] = None
    is_own: bool
    is_held: bool = Field(description="In no figure, until the partner was read anew.")
    status: Maybe[JointStatusOut] = None
    business_case: Maybe[JointBusinessCaseOut] = None


class JointProjectPageOut(Out):
    """Projects, those of one body together."""

    items: list[JointProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class JointEditionOut(Out):
    """How many local cases are from an edition."""

    edition: Whole = Field(ge=1, le=1_000_000)
    projects: Count


class JointCaseFiguresOut(Out):
    """What local cases come to. `edition_missing` and `value_missing`: of so many it was not shared."""

    bodies: Count
    projects: Count
    editions: list[JointEditionOut] = Field(max_length=MOST)
    edition_missing: Count
    net_present_value: list[JointValueOut] = Field(max_length=MOST)
    value_missing: Count


class JointCaseOut(Out):
    """A general case that was localised. Id, name and newest edition are those of your register."""

    published_as: Id = Field(description="Its publisher's id for it.")
    publisher: Maybe[Organisation] = Field(None, description="Absent: it was not shared whose case it is.")
    general_case_id: Maybe[Id] = None
    name: Maybe[Told] = None
    edition: Maybe[Whole] = Field(None, ge=1, le=1_000_000)
    figures: Maybe[JointCaseFiguresOut] = Field(None, description="Absent while somebody is held.")


class JointCasePageOut(Out):
    """General cases by their publisher's id, and who is held."""

    items: list[JointCaseOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
    held: list[HeldBodyOut] = Field(max_length=100_000)


def case_members(key: CaseKey, found: JointCase | None, register: Mapping[str, Any] | None) -> dict[str, Any]:
    """The members of `JointCaseOut`; `found` is None while somebody is held."""
    known: dict[str, Any] = {"published_as": str(key.published_as)}
    if key.publisher is not None:
        known["publisher"] = key.publisher
    if register is not None:
        known |= {"general_case_id": str(register["general_case_id"])}
        known |= {name: register[name] for name in ("name", "edition")}
    figures = {} if found is None else {"figures": _figures(found)}
    return {**known, **figures}


def _figures(found: JointCase) -> dict[str, Any]:
    return {
        "bodies": len(found.bodies),
        "projects": found.projects,
        "editions": [{"edition": one, "projects": found.editions[one]} for one in sorted(found.editions)],
        "edition_missing": found.edition_missing,
        "net_present_value": [
            {
                "currency": currency,
                "price_year": price_year,
                "amount": decimal_text(worth.value),
                "projects": worth.projects,
                "bodies": len(worth.bodies),
            }
            for (currency, price_year), worth in sorted(found.worth.items())
        ],
        "value_missing": found.value_missing,
    }
