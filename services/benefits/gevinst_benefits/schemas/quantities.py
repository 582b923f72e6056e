"""Numbers that are not money: exact decimals, written as text."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from gevinst_benefits.domain.decimals import decimal_text

_QUANTITY = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_UNSIGNED = _QUANTITY.replace("-?", "")
_TOTAL = r"^-?[0-9]{1,24}(\.[0-9]{1,6})?$"
_SHARE = r"^([0-9](\.[0-9]{1,6})?|10(\.0{1,6})?)$"
_PART = r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$"
_CORRELATION = f"^-?{_PART[1:]}"
_POSITIVE_AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
_INDEX = r"^(?=.*[1-9])[0-9]{1,6}(\.[0-9]{1,6})?$"
_RATIO = r"^-?[0-9]{1,40}(\.[0-9]{1,6})?$"
_WEIGHT = r"^(?=.*[1-9])[0-9]{1,12}(\.[0-9]{1,6})?$"
_FIGURE = r"^-?[0-9]{1,40}(\.[0-9]{1,2})?$"


def _text(pattern: str, example: str) -> BeforeValidator:
    def matching(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise PydanticCustomError("text_such_as", "must be text such as {example}", {"example": example})
        return value

    return BeforeValidator(matching)


def _schema(pattern: str, example: str, *, longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "maxLength": longest, "examples": [example]})


_PLAIN = PlainSerializer(decimal_text, return_type=str, when_used="json-unless-none")
_HUNDREDTHS = PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json-unless-none")

# A measured or estimated number in some unit of measure.
Quantity = Annotated[Decimal, _text(_QUANTITY, "12.5"), _PLAIN, _schema(_QUANTITY, "12.5", longest=20)]
# The same, of what cannot be negative.
UnsignedQuantity = Annotated[
    Decimal, _text(_UNSIGNED, "12.5"), _PLAIN, _schema(_UNSIGNED, "12.5", longest=19)
]
# A planned or summed number: longer than any that is written.
Total = Annotated[Decimal, _text(_TOTAL, "1250000.5"), _PLAIN, _schema(_TOTAL, "1250000.5", longest=32)]
# What stands behind a measured number, such as cases: above zero.
Weight = Annotated[Decimal, _text(_WEIGHT, "120"), Field(gt=0), _PLAIN, _schema(_WEIGHT, "120", longest=19)]
# A share of a whole: 0.5 is half.
Share = Annotated[
    Decimal, _text(_SHARE, "0.5"), Field(ge=0, le=10), _PLAIN, _schema(_SHARE, "0.5", longest=9)
]
# A part of one whole, or how probable something is: 0 to 1.
Part = Annotated[Decimal, _text(_PART, "0.5"), _PLAIN, _schema(_PART, "0.5", longest=8)]
# How far two numbers go together: -1 to 1.
Correlation = Annotated[Decimal, _text(_CORRELATION, "0.6"), _PLAIN, _schema(_CORRELATION, "0.6", longest=9)]
# An amount of money that takes nothing away.
PositiveAmount = Annotated[
    Decimal,
    _text(_POSITIVE_AMOUNT, "500000.00"),
    _HUNDREDTHS,
    _schema(_POSITIVE_AMOUNT, "500000.00", longest=18),
]
# The value of a price index, or another number above zero.
IndexValue = Annotated[
    Decimal, _text(_INDEX, "104.2"), Field(gt=0), _PLAIN, _schema(_INDEX, "104.2", longest=13)
]
# A computed ratio or rate: 0.065 is 6.5 %.
Ratio = Annotated[Decimal, _text(_RATIO, "0.065"), _PLAIN, _schema(_RATIO, "0.065", longest=48)]
# A computed figure in hundredths: sums over many lines and years are longer than any one amount.
Figure = Annotated[
    Decimal, _text(_FIGURE, "1250000.00"), _HUNDREDTHS, _schema(_FIGURE, "1250000.00", longest=44)
]
# SHA-256 of what was written, in hexadecimal.
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64, examples=["0" * 64])]
