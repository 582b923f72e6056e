"""What a formula can be refused for; `position` counts characters from 1."""

from gevinst_shared.values.refusal import Refusal


class FormulaTooLong(Refusal):
    code = "formula-too-long"
    title = "The formula is too long"
    detail = "The formula has {length} characters; at most {most} are read. Split it over named assumptions."


class FormulaTooDeep(Refusal):
    code = "formula-too-deep"
    title = "The formula is nested too deeply"
    detail = "Parentheses are nested more than {most} deep at position {position}. Name the inner parts."


class FormulaNotUnderstood(Refusal):
    code = "formula-not-understood"
    title = "The formula is not understood"
    detail = "{found} is not expected at position {position}."


class OddCall(Refusal):
    code = "formula-odd-call"
    title = "A function is used in a way it does not work"
    detail = "At position {position}: {usage}."


class UnknownName(Refusal):
    code = "formula-unknown-name"
    title = "The formula uses a name that is not there"
    detail = "There is no assumption {name} (position {position}). Known ones: {known}."


class UnknownUnit(Refusal):
    code = "unknown-unit"
    title = "Unknown unit"
    detail = "{unit} is not a unit that is known here. Units are made of {known} with *, / and ^."


class UnitsDoNotFit(Refusal):
    code = "units-do-not-fit"
    title = "The units do not fit"
    detail = "At position {position}, {left} and {right} do not go together: only like units are {operation}."


class UnitNotExpected(Refusal):
    code = "unit-not-expected"
    title = "The formula gives another unit"
    detail = "{subject}: the formula gives {found}, and {wanted} is needed."


class DividedByZero(Refusal):
    code = "formula-divides-by-zero"
    title = "The formula divides by zero"
    detail = (
        "The divisor at position {position} is zero. Guard it with if(…, …, …), or change the assumption."
    )


class NumberTooLarge(Refusal):
    code = "formula-number-too-large"
    title = "A number of the formula becomes too large"
    detail = "The number at position {position} is larger than anything a case can hold."


class OddExponent(Refusal):
    code = "formula-odd-exponent"
    title = "The exponent is not one that can be used"
    detail = (
        "The exponent at position {position} must be a whole number from -{most} to {most} without a unit."
    )


class AssumptionCycle(Refusal):
    code = "assumption-cycle"
    title = "Assumptions depend on each other in a circle"
    detail = "{circle}. Give one of them a number."
