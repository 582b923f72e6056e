"""What changed from one version of a business case to another, on the wire (G4)."""

from pydantic import Field

from gevinst_benefits.domain.case.case_difference import Change, Part
from gevinst_benefits.schemas.case_assumptions import MOST_ASSUMPTIONS, AssumptionName
from gevinst_benefits.schemas.case_lines import MOST_LINES, FormulaText
from gevinst_benefits.schemas.quantities import Figure
from gevinst_shared.web.shapes import Id, Maybe, Name, Out


class LineChangeOut(Out):
    """One line's change; totals are not discounted, and in the line's own unit."""

    line_id: Id
    name: Name
    change: Change
    total_before: Figure
    total_after: Figure
    effect_on_npv: Figure
    members: list[str] = Field(max_length=30, description="What of it differs.", examples=[["amounts"]])


class LineEffectOut(Out):
    """What an assumption's change did through one line."""

    line_id: Id
    name: Name
    effect_on_npv: Figure


class AssumptionChangeOut(Out):
    """One assumption's change and every line that it changed; their effects are its own (C2)."""

    name: AssumptionName
    change: Change
    value_before: Maybe[FormulaText] = None
    value_after: Maybe[FormulaText] = None
    effect_on_npv: Figure
    lines: list[LineEffectOut] = Field(max_length=MOST_LINES)
    members: list[str] = Field(max_length=30, description="What of it differs.", examples=[["value"]])


class PartChangeOut(Out):
    """What a change of the frame, the risk pool, the recommendation or the financing did."""

    part: Part
    effect_on_npv: Figure


class CaseDifferenceOut(Out):
    """From one version to another, in the later one's currency and prices.

    The effects of parts, assumptions and lines add up exactly to `effect_on_npv`.
    """

    before_number: int = Field(ge=1, le=1_000_000)
    after_number: int = Field(ge=1, le=1_000_000)
    npv_before: Figure
    npv_after: Figure
    effect_on_npv: Figure
    frame_effect: Figure = Field(
        description="What the new years, prices and regime did; their parts together."
    )
    parts: list[PartChangeOut] = Field(max_length=10)
    assumptions: list[AssumptionChangeOut] = Field(max_length=2 * MOST_ASSUMPTIONS)
    lines: list[LineChangeOut] = Field(max_length=2 * MOST_LINES)
