"""Roll-out in waves on the wire (P12)."""

from pydantic import Field

from gevinst_portfolio.schemas.profiles import WaveIn, WaveOut
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_shared.web.shapes import Id, In, Maybe, Out, Prose, Whole


class WavesIn(In):
    """The whole roll-out, in order."""

    waves: list[WaveIn] = Field(max_length=100)


class RolloutStopIn(In):
    """Which wave is the first that is not carried out, and why."""

    number: Whole = Field(ge=1, le=100, description="Counted from 1.", examples=[2])
    reason: Prose = Field(min_length=1, examples=["Operation in the first unit is not stable."])


class PlacedWaveOut(Out):
    """A wave where it falls when the project starts as it says."""

    number: int = Field(ge=1, le=100)
    wave: WaveOut
    offset: Maybe[int] = Field(
        None, ge=0, le=10_000, description="Quarters after the project's start; absent when stopped."
    )
    first_quarter: Maybe[QuarterText] = Field(None, description="Absent when the start is not known.")
    last_quarter: Maybe[QuarterText] = None


class RolloutOut(Out):
    """P12: the waves of a project in time."""

    project_id: Id
    waves: list[PlacedWaveOut] = Field(max_length=100)
