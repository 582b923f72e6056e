"""What one person must do or decide, on the wire (N1)."""

from pydantic import Field

from gevinst_benefits.domain.duties import DutyKind
from gevinst_shared.web.shapes import Day, Id, Maybe, Out, Prose


class MyDutyOut(Out):
    """Something that the caller must do or decide."""

    kind: DutyKind
    id: Id = Field(description="Of the record that it is about; for a report, of the project.")
    name: Prose
    project_id: Id
    due_on: Maybe[Day] = Field(None, description="Absent where nobody has said a day.")
    is_late: bool
    path: str = Field(
        max_length=200,
        description="Where it is done or looked at, under this API's root.",
        examples=["/actions/0198b6a4-7c1e-7000-8000-000000000001"],
    )


class DutyCountOut(Out):
    """How many duties of a kind there are, and how many of them have passed their day."""

    kind: DutyKind
    count: int = Field(ge=1, le=10_000_000)
    late: int = Field(ge=0, le=10_000_000)


class MyDutiesOut(Out):
    """The caller's duties, a page at a time: late ones first, those without a day last; and all, counted."""

    items: list[MyDutyOut] = Field(max_length=100)
    counts: list[DutyCountOut] = Field(max_length=len(DutyKind))
    next_cursor: Maybe[str] = Field(None, max_length=500)
