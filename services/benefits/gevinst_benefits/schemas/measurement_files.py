"""Files of measurements on the wire: what they would record, and what cannot be taken."""

from typing import Annotated

from pydantic import Field

from gevinst_shared.web.shapes import Code, Out

Count = Annotated[int, Field(ge=0, le=100_000)]
MOST_FAULTS = 1000


class CellFaultOut(Out):
    """A cell that cannot be taken, and why, in the language asked for."""

    cell: str = Field(max_length=20, pattern="^[A-Z]{1,2}[0-9]{1,7}$", examples=["C7"])
    code: Code = Field(examples=["measurement-cell-not-a-number"])
    title: str = Field(max_length=200)
    detail: str = Field(max_length=2000)


class MeasurementFileOut(Out):
    """What a file comes to. With a fault nothing of it can be recorded."""

    rows_read: Count
    recorded_count: Count = Field(description="Rows that are new, corrections included.")
    corrected_count: Count = Field(description="Of those: another value for a day, with its reason.")
    unchanged_count: Count = Field(description="Rows that are on record already.")
    fault_count: Count
    faults: list[CellFaultOut] = Field(max_length=MOST_FAULTS, description="The first thousand.")
    digest: str = Field(
        pattern="^[0-9a-f]{64}$",
        max_length=64,
        examples=["0" * 64],
        description="Of what would be recorded: send it as `seen` to record just that.",
    )
