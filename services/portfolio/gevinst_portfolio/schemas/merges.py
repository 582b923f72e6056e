"""Likely duplicates, and merging them, on the wire (P1)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_shared.web.shapes import Id, In, Maybe, Name, Out, Prose


class DuplicateOut(Out):
    """A project or an idea that is likely the same."""

    kind: Literal["project", "idea"]
    id: Id
    name: Name
    state: str = Field(max_length=40, description="The project's status or the idea's state.")
    portfolio_id: Maybe[Id] = None
    likeness: float = Field(ge=0, le=1, description="1: the same words.", examples=[0.82])
    shared_words: list[Annotated[str, Field(max_length=200)]] = Field(max_length=2000)


class DuplicatesOut(Out):
    """Likely duplicates, the likeliest first."""

    items: list[DuplicateOut] = Field(max_length=20)


class MergeIn(In):
    """What a project shall become part of, and why."""

    into_id: Id = Field(description="The project that survives, of the same portfolio.")
    reason: Prose = Field(min_length=1, examples=["Both want digital post."])


class UnmergeIn(In):
    """Why a merge is undone."""

    reason: Prose = Field(min_length=1, examples=["They serve different needs after all."])
