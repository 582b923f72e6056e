"""The joint portfolio on the wire: what the projects of many bodies come to, and what is missing (X4)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.joint_portfolio import SUMMED, Figures, Known, Shown, Unit
from gevinst_shared.web.joint_bodies import (
    Count,
    HeldBodyOut,
    JointBodyCountsOut,
    JointBodyOut,
)
from gevinst_shared.web.shapes import Day, Id, Maybe, Moment, Organisation, Out, Whole

Word = Annotated[str, Field(max_length=100)]
Told = Annotated[str, Field(max_length=500)]
PriceYear = Annotated[Whole, Field(ge=1900, le=2300, examples=[2026])]
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$", max_length=3, examples=["DKK"])]
_MOST_UNITS = 10_000


class JointSumOut(Out):
    """Amounts of one currency and one price year; no two of these are ever added (C1)."""

    amount: str = Field(pattern=r"^-?[0-9]{1,28}\.[0-9]{2}$", max_length=32, examples=["1250000.00"])
    currency: CurrencyCode
    price_year: PriceYear
    projects: Count = Field(description="Of how many projects.")
    bodies: Count = Field(description="Of how many bodies.")


class JointStatusOut(Out):
    """How many projects have a status."""

    status: Word = Field(examples=["running"])
    count: Count


class JointPhaseOut(Out):
    """How many current projects are in a phase."""

    phase: Word = Field(examples=["plan"])
    count: Count


class JointMissingOut(Out):
    """Of what is known of the others, how much is missing. `silent_bodies` have told it of none of their
    projects; `GET /joint-portfolio/bodies?missing=` lists them."""

    what: Shown
    projects: Count
    bodies: Count = Field(description="Whose projects they are.")
    silent_bodies: Count


class JointFiguresOut(Out):
    """What projects come to. The status is asked of all of them, everything else of the current ones, which
    are those known to be proposed, approved, running or paused. What is missing is in no figure."""

    project_count: Count
    undecided: Count = Field(
        description="More projects, in no other figure: what the filters ask for was not shared of them."
    )
    current_count: Count
    statuses: list[JointStatusOut] = Field(max_length=_MOST_UNITS)
    phases: list[JointPhaseOut] = Field(max_length=_MOST_UNITS)
    cost: list[JointSumOut] = Field(max_length=_MOST_UNITS, description="Empty where none is known.")
    benefit: list[JointSumOut] = Field(max_length=_MOST_UNITS, description="Empty where none is known.")
    first_start: Maybe[Day] = None
    last_end: Maybe[Day] = None
    missing: list[JointMissingOut] = Field(max_length=len(Shown), description="Only what is missing.")


class JointPortfolioOut(Out):
    """The joint portfolio at a glance. While somebody is `held` there is no `total`: it would be wrong, and
    nobody could see by how much."""

    bodies: JointBodyCountsOut
    oldest_contact_at: Maybe[Moment] = Field(None, description="The partner that was silent longest.")
    own: Maybe[JointFiguresOut] = Field(None, description="Of you alone.")
    total: Maybe[JointFiguresOut] = Field(None, description="Of all bodies, yours counted once.")
    held: list[HeldBodyOut] = Field(max_length=100_000)


class JointLineOut(JointBodyOut):
    """One body's line; `GET /joint-portfolio/projects` has what it is made of."""

    figures: Maybe[JointFiguresOut] = Field(None, description="Absent while the body is held.")


class JointLinePageOut(Out):
    """Bodies: you first, then by name."""

    items: list[JointLineOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class JointMoneyOut(Out):
    """An amount as its owner told it."""

    amount: str = Field(pattern=r"^-?[0-9]{1,16}\.[0-9]{2}$", max_length=20, examples=["1250000.00"])
    currency: CurrencyCode
    price_year: PriceYear


class JointProjectOut(Out):
    """A project as its owner shares it. What is absent was not shared, or is not known there; what begins
    with `hidden:` is a record that you are not given."""

    id: Id
    organisation: Organisation = Field(description="Whose it is.")
    sync_partner_id: Maybe[Id] = None
    is_own: bool
    is_held: bool = Field(description="In no figure, until the partner was read anew.")
    name: Maybe[Told] = None
    kind: Maybe[Word] = None
    status: Maybe[Word] = None
    phase: Maybe[Word] = None
    source: Maybe[Word] = None
    category: Maybe[Told] = None
    is_statutory: Maybe[bool] = None
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    deadline: Maybe[Day] = None
    cost: Maybe[JointMoneyOut] = None
    benefit: Maybe[JointMoneyOut] = None
    programme: Maybe[Word] = Field(None, examples=["0198b6a4-7c1e-7000-8000-000000000001"])
    merged_into: Maybe[Word] = Field(None, examples=["0198b6a4-7c1e-7000-8000-000000000002"])
    number: Maybe[Count] = Field(None, description="Of the revision in the partner's feed.")
    revision_hash: Maybe[str] = Field(
        None, max_length=64, description="SHA-256 of the signed revision, as it came."
    )
    said_at: Maybe[Moment] = Field(None, description="When its owner said so.")
    received_at: Maybe[Moment] = None


class JointProjectPageOut(Out):
    """Projects, those of one body together."""

    items: list[JointProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def figure_members(found: Figures) -> dict[str, Any]:
    """The members of `JointFiguresOut`."""
    days = {"first_start": found.first_start, "last_end": found.last_end}
    return {
        "project_count": found.projects,
        "undecided": found.undecided,
        "current_count": found.current,
        "statuses": [{"status": word, "count": found.statuses[word]} for word in sorted(found.statuses)],
        "phases": [{"phase": word, "count": found.phases[word]} for word in sorted(found.phases)],
        **{
            what.value: [_sum(unit, known) for unit, known in sorted(found.sums[what].items())]
            for what in SUMMED
        },
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        "missing": [
            {"what": what, "projects": one.projects, "bodies": one.bodies, "silent_bodies": one.silent}
            for what, one in found.missing.items()
            if one.projects
        ],
    }


def _sum(unit: Unit, known: Known) -> dict[str, Any]:
    whole, hundredths = divmod(abs(known.minor), 100)
    sign = "-" if known.minor < 0 else ""
    return {
        "amount": f"{sign}{whole}.{hundredths:02d}",
        "currency": unit[0],
        "price_year": unit[1],
        "projects": known.projects,
        "bodies": known.bodies,
    }
