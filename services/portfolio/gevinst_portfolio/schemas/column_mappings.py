"""Column mappings on the wire: how a file of others is to be read."""

from typing import Literal

from pydantic import Field

from gevinst_shared.web.shapes import Code, Id, In, Maybe, Moment, Name, Organisation, Out, Whole

_PLAIN = "key|name|need|category|is_statutory|unit|start|end|cost|benefit"
MEMBER = rf"^({_PLAIN}|cost:[0-9]{{4}}:(investment|operation))$"


class MappedColumn(In):
    """One heading, and what stands under it."""

    heading: Name = Field(examples=["Prosjektnavn"])
    member: str = Field(
        pattern=MEMBER,
        max_length=40,
        description="`key` tells the project from all others of its source; `cost:2027:investment` is the "
        "cost of a year.",
        examples=["name"],
    )


class ColumnMappingIn(In):
    """How the rows of a file become projects."""

    name: Name = Field(examples=["Export from the project tool"])
    source: Code = Field(
        description="Where the projects come from (P1); a key counts within its source.",
        examples=["project-tool"],
    )
    sheet: Maybe[Name] = Field(None, description="The tab of a workbook; the first one when absent.")
    heading_row: Whole = Field(1, ge=1, le=1000, description="The row of the headings, from 1.")
    decimal_sign: Literal[".", ","] = Field(",", description="In numbers that come as text.")
    columns: list[MappedColumn] = Field(
        min_length=2,
        max_length=200,
        examples=[[{"heading": "Nr", "member": "key"}, {"heading": "Prosjektnavn", "member": "name"}]],
    )


class ColumnMappingOut(Out):
    """A mapping as it is kept."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    source: Code = Field(examples=["project-tool"])
    sheet: Maybe[Name] = None
    heading_row: int = Field(ge=1, le=1000)
    decimal_sign: Literal[".", ","]
    columns: list[MappedColumn] = Field(max_length=200)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ColumnMappingPageOut(Out):
    """Mappings, a page at a time."""

    items: list[ColumnMappingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
