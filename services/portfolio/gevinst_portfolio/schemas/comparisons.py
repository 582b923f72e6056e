"""Pairwise comparisons of criteria on the wire (P6)."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from gevinst_portfolio.domain.pairwise import MOST_COMPARED, STRONGEST, Judgement, Priorities, Suspect
from gevinst_portfolio.domain.pairwise_groups import PairTogether
from gevinst_portfolio.store.comparisons import StoredComparison
from gevinst_portfolio.usecases.comparing import FoundComparison
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose

MOST_PAIRS = MOST_COMPARED * (MOST_COMPARED - 1) // 2
Strength = Annotated[
    float,
    Field(
        ge=1,
        le=STRONGEST,
        allow_inf_nan=False,
        examples=[3],
        description="How many times more it matters: 1 equally, 3 moderately, 5 strongly, 7 very strongly, 9 "
        "extremely more; what lies between are steps between. The other way around it is the reciprocal, 1/9 "
        "at least.",
    ),
]
Times = Annotated[float, Field(ge=1, le=1e15, examples=[2.2])]
Ratio = Annotated[float, Field(ge=0, le=1000, examples=[0.06])]


class CriteriaComparisonIn(In):
    """A comparison of the criteria that the model now has."""

    name: Name = Field(examples=["Weights for 2027"])


class JudgementIn(In):
    """One pair of criteria, and which of them matters more."""

    preferred_id: Id = Field(description="The criterion that matters more, or as much.")
    over_id: Id = Field(description="The other one.")
    strength: Strength = Field(strict=True)

    def said(self) -> Judgement:
        return Judgement(self.preferred_id, self.over_id, self.strength)


class JudgementsIn(In):
    """All that the caller says of the criteria; not every pair must be judged."""

    judgements: list[JudgementIn] = Field(max_length=MOST_PAIRS)
    reason: Maybe[Prose] = None


class WeightsIn(In):
    """Why the model gets the comparison's weights."""

    reason: Maybe[Prose] = None


class ComparedCriterionOut(Out):
    """A criterion that is compared."""

    id: Id
    name: Name


class CriteriaComparisonRecordOut(Out):
    """A comparison of criteria."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    criteria: list[ComparedCriterionOut] = Field(max_length=MOST_COMPARED)
    begun_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000, description="Counts what was said; for `If-Match`.")
    created_at: Moment


class CriteriaComparisonPageOut(Out):
    """Comparisons, a page at a time."""

    items: list[CriteriaComparisonRecordOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class JudgementOut(Out):
    """One pair of criteria, and which of them matters more."""

    preferred_id: Id
    over_id: Id
    strength: Times


class SuspectOut(JudgementOut):
    """A judgement that fits the others worst, and what they say of its pair."""

    factor: Times = Field(description="How many times it is off from the weights that come out.")
    implied: Maybe[JudgementOut] = Field(None, description="What all the other judgements say of the pair.")
    nearest_on_scale: Maybe[Strength] = Field(
        None, description="The whole step of the scale that is nearest to `implied`."
    )
    text: str = Field(max_length=2000, description="The same in words.")


class PairOut(JudgementOut):
    """A pair as all judges together see it: the geometric mean of their judgements."""

    count: int = Field(ge=1, le=1_000_000, description="How many judged it.")
    disagreement: Times = Field(description="How many times the highest judgement is the lowest.")


class WeightOut(Out):
    """The weight of a criterion; all sum to 1."""

    criterion_id: Id
    weight: float = Field(ge=0, le=1, examples=[0.33])


class PrioritiesOut(Out):
    """Weights from judgements: the principal eigenvector of their matrix (Saaty; Harker for what is not
    judged)."""

    weights: list[WeightOut] = Field(max_length=MOST_COMPARED)
    largest_eigenvalue: float = Field(ge=0, le=1e9)
    consistency_ratio: Maybe[Ratio] = Field(
        None, description="Above 0.1 look again; absent where the judgements cannot contradict each other."
    )
    is_consistent_enough: bool = Field(description="False is a warning, not a refusal.")
    most_inconsistent: list[SuspectOut] = Field(
        max_length=MOST_PAIRS, description="Several where they are equally far off."
    )


class JudgeOut(Out):
    """What one judge last said."""

    judge: str = Field(max_length=300)
    judged_at: Moment
    reason: Maybe[Prose] = None
    judgements: list[JudgementOut] = Field(max_length=MOST_PAIRS)
    priorities: Maybe[PrioritiesOut] = Field(
        None, description="Absent while the judge's judgements do not hang together."
    )


class JudgedOut(Out):
    """What a judge said at one time."""

    id: Id
    judge: str = Field(max_length=300)
    judged_at: Moment
    reason: Maybe[Prose] = None
    judgements: list[JudgementOut] = Field(max_length=MOST_PAIRS)


class JudgedPageOut(Out):
    """All that was ever said, a page at a time."""

    items: list[JudgedOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class CriteriaComparisonOut(CriteriaComparisonRecordOut):
    """A comparison, what each judge said, and what it all comes to."""

    priorities: Maybe[PrioritiesOut] = Field(
        None, description="Absent while the judgements do not hang all criteria together."
    )
    parts: list[Annotated[list[Id], Field(max_length=MOST_COMPARED)]] = Field(
        max_length=MOST_COMPARED,
        description="Criteria in groups that judgements hold together; one is enough.",
    )
    pairs: list[PairOut] = Field(max_length=MOST_PAIRS)
    most_disputed: Maybe[PairOut] = Field(None, description="The pair on which the judges differ most.")
    judges: list[JudgeOut] = Field(max_length=10_000)


def comparison(read: FoundComparison) -> dict[str, Any]:
    """The members of `CriteriaComparisonOut`, but for the organisation."""
    stored, found = read.stored, read.found
    disputed = found.most_disputed
    return {
        "id": stored.id,
        "portfolio_id": stored.portfolio_id,
        "name": stored.name,
        "criteria": [{"id": key, "name": name} for key, name in stored.criteria.items()],
        "begun_by": stored.begun_by,
        "revision": stored.revision,
        "created_at": stored.created_at,
        "priorities": _priorities(stored, found.group),
        "parts": [list(part) for part in found.parts],
        "pairs": [_pair(pair) for pair in found.pairs],
        "most_disputed": None if disputed is None else _pair(disputed),
        "judges": [
            {
                "judge": each.judge,
                "judged_at": each.judged_at,
                "reason": each.reason,
                "judgements": [_judgement(one) for one in each.judgements],
                "priorities": _priorities(stored, found.own[each.judge]),
            }
            for each in read.judged
        ],
    }


def _priorities(stored: StoredComparison, found: Priorities | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "weights": [{"criterion_id": key, "weight": weight} for key, weight in found.weights.items()],
        "largest_eigenvalue": found.largest_eigenvalue,
        "consistency_ratio": found.consistency_ratio,
        "is_consistent_enough": found.is_consistent_enough,
        "most_inconsistent": [_suspect(stored.criteria, one) for one in found.suspects],
    }


def _suspect(names: Mapping[UUID, str], one: Suspect) -> dict[str, Any]:
    said = f"{_said(names, one.said)} is said."
    if one.implied is None:
        told: dict[str, Any] = {"text": f"{said} The other judgements say nothing of the pair."}
    else:
        step = min(int(STRONGEST), max(1, round(one.implied.strength)))
        others = _said(names, one.implied)
        told = {
            "implied": _judgement(one.implied),
            "nearest_on_scale": step,
            "text": f"{said} The other judgements together say {others}: {step} on the scale.",
        }
    return {**_judgement(one.said), "factor": one.factor, **told}


def _said(names: Mapping[UUID, str], one: Judgement) -> str:
    return f"“{names[one.preferred]}” {one.strength:.3g} times “{names[one.over]}”"


def _pair(pair: PairTogether) -> dict[str, Any]:
    return {**_judgement(pair.together), "count": pair.count, "disagreement": max(1.0, pair.disagreement)}


def _judgement(one: Judgement) -> dict[str, UUID | float]:
    return {"preferred_id": one.preferred, "over_id": one.over, "strength": max(1.0, one.strength)}
