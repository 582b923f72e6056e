"""Reviews of and comments on proposed gates, on the wire."""

from pydantic import Field

from gevinst_benefits.domain.gates.reviews import Advice
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Out, Prose


class ReviewIn(In):
    """A reviewer's advice, and why."""

    advice: Advice
    reason: Name = Field(examples=["The saving rests on a count that is two years old."])


class ReviewOut(Out):
    """A reviewer's advice on a proposed gate."""

    id: Id
    gate_id: Id
    reviewer_id: Id = Field(description="A person.")
    advice: Advice
    reason: Name
    reviewed_by: str = Field(max_length=300)
    reviewed_at: Moment


class CommentIn(In):
    """Something to say about a proposed gate."""

    text: Prose = Field(min_length=1, examples=["Which centres are counted?"])


class CommentOut(Out):
    """What somebody said about a proposed gate."""

    id: Id
    gate_id: Id
    text: Prose
    created_by: str = Field(max_length=300)
    created_at: Moment


class CommentPageOut(Out):
    """Comments, a page at a time."""

    items: list[CommentOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class WithdrawalIn(In):
    """Why a proposal is taken back."""

    reason: Name = Field(examples=["The supplier has changed its price."])


class WithdrawalOut(Out):
    """A proposal taken back by its proposer."""

    reason: Name
    withdrawn_by: str = Field(max_length=300)
    withdrawn_at: Moment
