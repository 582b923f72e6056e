"""The look of an organisation's charts on the wire."""

from typing import Annotated

from pydantic import Field

from gevinst_shared.charts.themes import MOST_COLOURS
from gevinst_shared.web.shapes import In, Maybe, Moment, Organisation, Out

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$", min_length=7, max_length=7, examples=["#1f5fa8"])]
Font = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 -]*$", max_length=60, examples=["Oslo Sans"])]
Logo = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9+/]+={0,2}$",
        max_length=32_000,
        examples=[
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mPgmHASAAIIAURsYIPgAAAAAElFTkSuQmCC"
        ],
    ),
]


class ThemeIn(In):
    """Colours of marks, in order; where there are fewer than six, the house's follow."""

    light: list[Colour] = Field(
        default=[],
        max_length=MOST_COLOURS,
        description="On white: each stands out by at least 3:1.",
        examples=[["#1f5fa8"]],
    )
    dark: list[Colour] = Field(
        default=[],
        max_length=MOST_COLOURS,
        description="On #15191e: each stands out by at least 3:1.",
        examples=[["#6fb1ff"]],
    )
    font: Maybe[Font] = Field(
        None, description="A family that readers have; the house's own stand behind it."
    )
    logo: Maybe[Logo] = Field(None, description="A PNG in Base64, at most 24 kB.")


class ThemeOut(Out):
    """How the organisation's charts look."""

    organisation: Organisation
    light: list[Colour] = Field(max_length=MOST_COLOURS)
    dark: list[Colour] = Field(max_length=MOST_COLOURS)
    font: Maybe[Font] = None
    logo: Maybe[Logo] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
