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
    detail = (
        "“{found}” is not expected at position {position}. Write numbers with a decimal point, names and "
        "+ - * / ^."
    )


class FormulaEndsEarly(Refusal):
    code = "formula-ends-early"
    title = "The formula ends too early"
    detail = (
        "Something is missing at the end, at position {position}: a number, a name or a closing parenthesis."
    )


class OddCall(Refusal):
    code = "formula-odd-call"
    title = "There is no such function"
    detail = "There is no function {function} (position {position}). There are {known}."


class OddArguments(Refusal):
    code = "formula-odd-arguments"
    title = "A function has too few or too many arguments"
    detail = "{function} at position {position} takes {fewest} to {most} arguments."


class OddComparison(Refusal):
    code = "formula-odd-comparison"
    title = "A comparison stands where none can"
    detail = (
        "At position {position}: a comparison stands as the first of the three arguments of if, and nowhere "
        "else, such as if(cases > 0, hours / cases, 0)."
    )


class OddRounding(Refusal):
    code = "formula-odd-rounding"
    title = "Nothing is rounded to so many decimals"
    detail = "At position {position}: round takes a whole number of decimals, from 0 to 6."


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
    detail = (
        "At position {position}, {left} and {right} do not go together. Only like units are added, compared "
        "or chosen between."
    )


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
