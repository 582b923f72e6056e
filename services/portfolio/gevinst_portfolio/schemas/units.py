"""Units on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out


class UnitIn(In):
    """A node in the organisation's tree."""

    name: Name = Field(examples=["Health and care"])
    parent_id: Maybe[Id] = Field(None, description="The unit above; absent at the top.")


class UnitOut(Out):
    """A unit as it stands in the tree."""

    id: Id
    organisation: Organisation
    name: Name
    parent_id: Maybe[Id] = None
    path: list[Id] = Field(max_length=30, description="From the root to the unit itself.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class UnitPageOut(Out):
    """Units, a page at a time."""

    items: list[UnitOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
