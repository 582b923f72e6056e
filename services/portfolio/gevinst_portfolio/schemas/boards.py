"""Groups and project boards on the wire (P10)."""

from pydantic import Field

from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Organisation, Out


class GroupIn(In):
    """People who hold roles together, such as a region's chief executives."""

    name: Name = Field(examples=["The region's chief executives"])
    member_ids: list[Id] = Field(default=[], max_length=200, description="People of the organisation.")


class GroupOut(Out):
    """A group as it is registered."""

    id: Id
    organisation: Organisation
    name: Name
    member_ids: list[Id] = Field(max_length=200)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class GroupPageOut(Out):
    """Groups, a page at a time."""

    items: list[GroupOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SeatHolderIn(In):
    """Who holds a role in a project's board; with neither, nobody does."""

    person_id: Maybe[Id] = None
    group_id: Maybe[Id] = None
    since: Maybe[Day] = Field(None, description="Absent: today.")


class BoardSeatIn(SeatHolderIn):
    """A named role in a project's board, and who holds it."""

    role: Code = Field(
        description="project-owner, project-manager, chair, board-member, senior-user, senior-supplier, …",
        examples=["senior-user"],
    )


class BoardSeatOut(Out):
    """A role in a project's board. Without a person or a group it is vacant."""

    id: Id
    organisation: Organisation
    project_id: Id
    role: Code = Field(examples=["senior-user"])
    person_id: Maybe[Id] = None
    group_id: Maybe[Id] = None
    is_vacant: bool = Field(description="Nobody holds it, or a group without members.")
    since: Day = Field(description="Since when it is held, or vacant.")
    ended_on: Maybe[Day] = Field(None, description="When it was taken out of the board.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class BoardSeatPageOut(Out):
    """Roles of a project's board, a page at a time."""

    items: list[BoardSeatOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
