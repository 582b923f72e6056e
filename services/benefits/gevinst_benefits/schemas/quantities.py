"""Numbers that are not money: exact decimals, written as text."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from gevinst_benefits.domain.decimals import decimal_text

_QUANTITY = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_SHARE = r"^([0-9](\.[0-9]{1,6})?|10(\.0{1,6})?)$"
_PART = r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$"
_INDEX = r"^(?=.*[1-9])[0-9]{1,6}(\.[0-9]{1,6})?$"
_FIGURE = r"^-?[0-9]{1,40}(\.[0-9]{1,2})?$"


def _text(pattern: str, example: str) -> BeforeValidator:
    def matching(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f'must be text such as "{example}"')
        return value

    return BeforeValidator(matching)


def _schema(pattern: str, example: str, *, longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "maxLength": longest, "examples": [example]})


_PLAIN = PlainSerializer(decimal_text, return_type=str, when_used="json-unless-none")
_HUNDREDTHS = PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json-unless-none")

# A measured or estimated number in some unit of measure.
Quantity = Annotated[Decimal, _text(_QUANTITY, "12.5"), _PLAIN, _schema(_QUANTITY, "12.5", longest=20)]
# A share of a whole: 0.5 is half.
Share = Annotated[
    Decimal, _text(_SHARE, "0.5"), Field(ge=0, le=10), _PLAIN, _schema(_SHARE, "0.5", longest=9)
]
# A part of a whole: never more than all of it.
Part = Annotated[Decimal, _text(_PART, "0.5"), Field(ge=0, le=1), _PLAIN, _schema(_PART, "0.5", longest=8)]
# The value of a price index.
IndexValue = Annotated[
    Decimal, _text(_INDEX, "104.2"), Field(gt=0), _PLAIN, _schema(_INDEX, "104.2", longest=13)
]
# A computed figure in hundredths: sums over many lines and years are longer than any one amount.
Figure = Annotated[
    Decimal, _text(_FIGURE, "1250000.00"), _HUNDREDTHS, _schema(_FIGURE, "1250000.00", longest=44)
]
