"""Ideas, and what proposals lack, on the wire (P1)."""

from pydantic import Field

from gevinst_portfolio.domain.ideas import IdeaAnswer, IdeaState
from gevinst_shared.web.shapes import Code, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class IdeaIn(In):
    """An idea: a name and a need are enough."""

    name: Name = Field(examples=["One form for all kindergarten applications"])
    need: Prose = Field(
        min_length=1, description="What is to be solved, not how.", examples=["Parents fill in five forms."]
    )
    source: Code = Field(
        "own-idea",
        description="own-idea, legal-duty, national-plan, joint-project, existing-activity, …",
    )
    reference: Maybe[Name] = Field(
        None, description="Where in the source: a measure, a paragraph, a case.", examples=["Measure 12"]
    )
    portfolio_id: Maybe[Id] = Field(None, description="Where it would belong, when that is known.")
    unit_id: Maybe[Id] = Field(None, description="The unit that has the need.")


class IdeaAnswerIn(In):
    """What is answered to an idea, and why."""

    answer: IdeaAnswer
    reason: Prose = Field(min_length=1, examples=["After the new pay system is in operation."])


class IdeaProposalIn(In):
    """Where an idea becomes a proposal."""

    portfolio_id: Id


class IdeaOut(Out):
    """An idea as it stands."""

    id: Id
    organisation: Organisation
    portfolio_id: Maybe[Id] = None
    unit_id: Maybe[Id] = None
    name: Name
    need: Prose
    source: Code = Field(examples=["own-idea"])
    reference: Maybe[Name] = None
    submitted_by: str = Field(max_length=300)
    supporters: list[str] = Field(max_length=1000)
    state: IdeaState
    answer: Maybe[Prose] = Field(None, description="Why it was parked or rejected.")
    answered_by: Maybe[str] = Field(None, max_length=300)
    project_id: Maybe[Id] = Field(None, description="What it has become.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class IdeaPageOut(Out):
    """Ideas, a page at a time."""

    items: list[IdeaOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class LackingOut(Out):
    """Something that a proposal does not say yet."""

    member: str = Field(max_length=60, description="The member of the project, or `scores`.")
    is_needed: bool = Field(description="Without it the proposal cannot be planned with.")


class ReadinessOut(Out):
    """What is missing before a proposal can be prioritised."""

    project_id: Id
    is_ready: bool = Field(description="Nothing that is needed is missing.")
    lacking: list[LackingOut] = Field(max_length=100)
