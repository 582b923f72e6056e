"""The joint portfolio on the wire: how projects of many bodies stand and what they promise (X4)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.joint_portfolio import COUNTS, SUMS, WORDS, Figures, Key, Known, Shown
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.schemas.quantities import Total
from gevinst_shared.web.joint_bodies import Count, HeldBodyOut, JointBodyCountsOut, JointBodyOut
from gevinst_shared.web.shapes import Maybe, Moment, Out, Whole

Word = Annotated[str, Field(max_length=100)]
AnyYear = Annotated[Whole, Field(ge=1900, le=2300, examples=[2026])]
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$", max_length=3, examples=["DKK"])]
MOST = 10_000


class JointPhaseOut(Out):
    """How many projects are in a phase of their phase model."""

    phase: Word = Field(examples=["plan"])
    count: Count


class JointStateOut(Out):
    """How many projects are in a state."""

    state: Word = Field(examples=["running"])
    count: Count


class JointLightOut(Out):
    """How many projects have this light, the worst of their indicators."""

    light: Colour
    count: Count


class JointCountsOut(Out):
    """Counts of all projects together, as far as they were shared; `missing` says of how many not."""

    green: Count = Field(description="Indicators in this light.")
    yellow: Count
    red: Count
    benefits: Count = Field(description="Neither closed nor moved away.")
    unconfirmed: Count = Field(description="No owner stands for them (B2).")
    without_indicator: Count = Field(description="Nothing will show them (B6).")
    indicators: Count
    measured: Count
    gates_waiting: Count
    conditions_open: Count


class JointUnitOut(Out):
    """Figures of one ledger and one unit; no two of these are ever added (C7, C1)."""

    ledger: Ledger
    currency: Maybe[CurrencyCode] = None
    price_year: Maybe[AnyYear] = None
    unit_of_measure: Maybe[Word] = Field(None, examples=["hours"])
    projects: Count = Field(description="Of how many projects.")
    bodies: Count = Field(description="Of how many bodies.")


class JointPotentialOut(JointUnitOut):
    """What benefits give in a full year, each body's part of them counted once (B11)."""

    confirmed: Total = Field(description="What owners stand for: what counts (B2).")
    unconfirmed: Total
    in_transit: Maybe[Total] = Field(
        None,
        description="Under way between bodies and counted by nobody. At most: both sides of an agreement may "
        "show the same. Absent when nothing is.",
    )


class JointRealisedOut(JointUnitOut):
    """What controllers found realised in a year."""

    year: AnyYear
    amount: Total


class JointValueOut(Out):
    """Net present values of business cases together, in one currency and one price year."""

    currency: CurrencyCode
    price_year: AnyYear
    amount: Total
    projects: Count
    bodies: Count


class JointPlannedOut(Out):
    """What business cases plan for a year, in one currency and one price year."""

    currency: CurrencyCode
    price_year: AnyYear
    year: AnyYear
    costs: Total
    benefits: Total
    projects: Count
    bodies: Count


class JointMissingOut(Out):
    """Of what is known of the others, how much is missing. `silent_bodies` have told it of none of their
    projects; `GET /joint-portfolio/bodies?missing=` lists them."""

    what: Shown
    projects: Count
    bodies: Count = Field(description="Whose projects they are.")
    silent_bodies: Count


class JointFiguresOut(Out):
    """How projects stand and what they come to. What is missing is in no figure."""

    project_count: Count
    undecided: Count = Field(
        description="More projects, in no other figure: from what their cases were localised was not shared."
    )
    phases: list[JointPhaseOut] = Field(max_length=MOST)
    states: list[JointStateOut] = Field(max_length=MOST)
    lights: list[JointLightOut] = Field(max_length=len(Colour))
    counts: JointCountsOut
    potential: list[JointPotentialOut] = Field(max_length=MOST)
    realised: list[JointRealisedOut] = Field(max_length=MOST)
    net_present_value: list[JointValueOut] = Field(max_length=MOST)
    planned: list[JointPlannedOut] = Field(max_length=MOST)
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


def figure_members(found: Figures) -> dict[str, Any]:
    """The members of `JointFiguresOut`."""
    return {
        "project_count": found.projects,
        "undecided": found.undecided,
        **{f"{what}s": _words(what.value, found.words[what]) for what in WORDS},
        "counts": {what.value: found.counts[what] for what in COUNTS},
        **{
            what.value: [_sum(what, *one) for one in sorted(found.sums[what].items(), key=_order)]
            for what in SUMS
        },
        "missing": [
            {"what": what, "projects": one.projects, "bodies": one.bodies, "silent_bodies": one.silent}
            for what, one in found.missing.items()
            if one.projects
        ],
    }


def _words(what: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{what: word, "count": counts[word]} for word in sorted(counts)]


def _order(item: tuple[Key, Known]) -> tuple[str, str, int, int]:
    key = item[0]
    return key.ledger, key.unit, key.price_year or 0, key.year or 0


def _sum(what: Shown, key: Key, known: Known) -> dict[str, Any]:
    """Cases are always of money, so they do not say which ledger they are of."""
    ledger = {"ledger": key.ledger} if what in {Shown.POTENTIAL, Shown.REALISED} else {}
    unit = {"currency": key.unit, "price_year": key.price_year}
    return {
        **ledger,
        **({"unit_of_measure": key.unit} if key.price_year is None else unit),
        **({} if key.year is None else {"year": key.year}),
        **{name: decimal_text(figure) for name, figure in known.figures.items()},
        "projects": known.projects,
        "bodies": known.bodies,
    }
