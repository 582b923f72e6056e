"""Numbers that are not money: exact decimals, written as text."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from gevinst_benefits.domain.decimals import decimal_text

_QUANTITY = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_SHARE = r"^[0-9]{1,2}(\.[0-9]{1,6})?$"
_RESULT = r"^-?[0-9]{1,40}(\.[0-9]{1,2})?$"


def _matching(pattern: str, said: str) -> BeforeValidator:
    def decimal_text(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"must be text such as {said}")
        return value

    return BeforeValidator(decimal_text)


def _schema(pattern: str, longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "maxLength": longest})


_PLAIN = PlainSerializer(decimal_text, return_type=str, when_used="json")

# A measured or estimated number in some unit of measure.
Quantity = Annotated[Decimal, _matching(_QUANTITY, '"12.5"'), _PLAIN, _schema(_QUANTITY, 20)]
# A share of a whole (0.5 is half), or the value of a price index.
Share = Annotated[Decimal, _matching(_SHARE, '"0.5"'), Field(ge=0, le=10), _PLAIN, _schema(_SHARE, 9)]
IndexValue = Annotated[
    Decimal,
    _matching(r"^[0-9]{1,6}(\.[0-9]{1,6})?$", '"104.2"'),
    Field(gt=0),
    _PLAIN,
    _schema(r"^[0-9]{1,6}(\.[0-9]{1,6})?$", 13),
]
# A computed figure in hundredths: sums over many lines and years are longer than any one amount.
Figure = Annotated[
    Decimal,
    _matching(_RESULT, '"1250000.00"'),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
    _schema(_RESULT, 44),
]
