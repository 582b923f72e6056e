"""Imports on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_shared.web.shapes import Maybe, MoneyOut, Out, Year

Keep = Literal["all", "valid"]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Place = Annotated[int, Field(ge=1, le=10_000_000)]


class ImportReportOut(Out):
    """What became of a file."""

    source_name: str = Field(max_length=100, examples=["GMPP 2023"])
    year: Year
    year_source: str = Field(max_length=20, description="What told the year: labels, caller or identifiers.")
    encoding: str = Field(max_length=40, examples=["cp1252"])
    delimiter: str = Field(max_length=1, examples=[";"])
    is_transposed: bool = Field(description="One column per project, and not one row.")
    keep: Keep
    is_kept: bool = Field(description="False when faulty cells kept the whole file out.")
    project_count: Count
    created_count: Count
    updated_count: Count
    unchanged_count: Count
    older_count: Count = Field(description="Left as they are: a later year's file has spoken of them since.")
    problem_count: Count = Field(description="Places that somebody must look at.")
    cell_counts: dict[Annotated[str, Field(max_length=40)], Count] = Field(
        max_length=40, description="Cells without a value, and findings, by their state."
    )
    disclosed_cost_count: Count
    disclosed_cost: MoneyOut
    disclosed_benefit_count: Count
    disclosed_benefit: MoneyOut


class ImportCellOut(Out):
    """A place of the file that gave no value, or a doubtful one."""

    number: Place = Field(description="Its place in the report.")
    state: str = Field(
        max_length=40,
        description=(
            "Of a cell: missing, withheld, reset, not-yet, not-applicable, not-understood, implausible, "
            "contradictory, damaged. Of the file: unknown-field, repeated-field, absent-field, note, "
            "left-out, identifier-clash, name-clash, year-differs, stray-quote, uneven-row, "
            "row-set-aside."
        ),
        examples=["withheld"],
    )
    project_key: Maybe[str] = Field(None, max_length=300)
    field: Maybe[str] = Field(None, max_length=60, examples=["whole-life-cost"])
    label: Maybe[str] = Field(None, max_length=1000)
    row: Maybe[Place] = Field(None, description="In the file, from 1.")
    column: Maybe[Place] = None
    raw: str = Field(max_length=10_000, description="What stands there.")


class ImportCellPageOut(Out):
    """Places of the file in its own order, a page at a time."""

    items: list[ImportCellOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
