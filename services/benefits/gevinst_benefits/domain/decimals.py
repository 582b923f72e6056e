"""Exact numbers as text."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

MILLIONTH = Decimal("0.000001")


def decimal_text(value: Decimal) -> str:
    """The number without exponent and without trailing zeros: 2.50 is "2.5", -0 is "0"."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def millionths(value: Decimal) -> Decimal:
    """The number with six decimals, rounded half-even."""
    with localcontext(prec=50):
        return value.quantize(MILLIONTH, ROUND_HALF_EVEN)
