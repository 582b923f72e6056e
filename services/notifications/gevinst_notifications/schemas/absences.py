"""Leave and stand-ins, on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Organisation, Out, Whole


class AbsenceChangeIn(In):
    """Days away, and who hears meanwhile."""

    away_from: Day = Field(examples=["2027-07-05"])
    back_on: Day = Field(examples=["2027-07-26"], description="The first day at work again.")
    substitute_id: Maybe[Id] = Field(None, description="Who hears meanwhile, in their place.")


class AbsenceIn(AbsenceChangeIn):
    """Days away, and who hears meanwhile."""

    person_id: Maybe[Id] = Field(
        None,
        description="Whose leave; the caller's own when it is absent. Others' is entered by administrators.",
    )


class AbsenceOut(Out):
    """Days away, and who hears meanwhile."""

    id: Id
    organisation: Organisation
    person_id: Id
    away_from: Day
    back_on: Day
    substitute_id: Maybe[Id] = None
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class AbsencePageOut(Out):
    """Leave, a page at a time."""

    items: list[AbsenceOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
