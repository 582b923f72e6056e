"""Wire shapes: what every `…In` and `…Out` model is made of.

pydantic is generous with types (0 becomes a date, "1" a number); these are not. Text is Unicode in NFC
without control characters; optional members are absent, never null.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from gevinst_shared.values.money import CURRENCIES, Money

T = TypeVar("T")
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
# What has no width, such as U+200B: text of these and blanks alone says nothing.
UNSEEN = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
ONE_LINE = rf"^[^{_CONTROL}]*[^{_CONTROL}\s{UNSEEN}][^{_CONTROL}]*$"
LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
_SEEN = re.compile(rf"[^{_CONTROL}\s{UNSEEN}]")
AMOUNT = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$"


class In(BaseModel):
    """What callers write: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _with_whole_numbers(cls, members: object) -> object:
        """In JSON 2026.0 is the whole number 2026."""
        if not isinstance(members, dict):
            return members
        return {name: _whole(value) for name, value in members.items()}


class Out(BaseModel):
    """What we answer. A member that is None is absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_absent(cls, members: object) -> object:
        if not isinstance(members, dict):
            return members
        return {name: value for name, value in members.items() if value is not None}


class _Absent:
    """The member may be left away; null is refused."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's hook
        inner = handler(next(one for one in source.__args__ if one is not type(None)))
        # Nullable for the default, which serialises; a null from outside does not get that far.
        return core_schema.no_info_before_validator_function(_not_null, core_schema.nullable_schema(inner))

    def __get_pydantic_json_schema__(
        self,
        schema: Any,  # noqa: ANN401 - what was built above
        handler: GetJsonSchemaHandler,
    ) -> JsonSchemaValue:
        return handler({**schema, "schema": schema["schema"]["schema"]})


def _not_null(value: object) -> object:
    if value is None:
        raise PydanticCustomError("null_sent", "leave the member away instead of sending null")
    return value


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [_whole(one) if isinstance(one, float) else one for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("text_wanted", "must be text")
    return value


def _day(value: object) -> object:
    if not isinstance(value, str) or len(value) != 10:
        raise PydanticCustomError("day_wanted", "must be a day such as 2026-11-21")
    return value


def _storable(value: date) -> date:
    """asyncpg sends the first and the last day of the calendar as minus and plus infinity."""
    if value in {date.min, date.max}:
        raise PydanticCustomError("day_too_far", "must be a day after 0001-01-01 and before 9999-12-31")
    return value


def _moment(value: object) -> object:
    if not isinstance(value, str) or "T" not in value:
        raise PydanticCustomError(
            "moment_wanted", "must be a moment with an offset such as 2026-11-21T19:24:00Z"
        )
    return value


def _with_offset(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("offset_missing", "must have an offset, such as Z or +01:00")
    return value


def composed(value: str) -> str:
    """The text in NFC without blanks around it; nothing, where there is nothing in it that can be seen."""
    text = unicodedata.normalize("NFC", value).strip()
    return text if _SEEN.search(text) else ""


def filled(value: str) -> str:
    """The text, unless it is empty."""
    if not value:
        raise PydanticCustomError("empty", "must not be empty")
    return value


def _decimal_text(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(AMOUNT, value):
        raise PydanticCustomError("text_such_as", "must be text such as {example}", {"example": "1250000.00"})
    return value


# The absent default of an optional member passes through the serializer when the schema is made.
Maybe = Annotated[T | None, _Absent()]

Name = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=ONE_LINE),
    AfterValidator(composed),
    AfterValidator(filled),
]
Prose = Annotated[str, Field(max_length=10_000, pattern=LINES), AfterValidator(composed)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Id = Annotated[UUID, BeforeValidator(_text)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_storable)]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    AfterValidator(_with_offset),
    PlainSerializer(lambda value: f"{value:%Y-%m-%dT%H:%M:%S.%f}Z", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}),
]
Whole = Annotated[int, Strict()]
Year = Annotated[int, Strict(), Field(ge=1990, le=2200)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal_text),
    Field(max_digits=17, decimal_places=2),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "maxLength": 19, "examples": ["1250000.00"]}),
]
Currency = Annotated[
    str, Field(pattern=f"^({'|'.join(CURRENCIES)})$", min_length=3, max_length=3, examples=["NOK"])
]
Organisation = Annotated[
    str, Field(pattern=r"^[0-9]{4}:[0-9]{8,10}$", max_length=15, examples=["0192:958935420"])
]


class MoneyIn(In):
    """An amount in one currency at one year's price level."""

    amount: Amount = Field(examples=["1250000.00"])
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])

    def value(self) -> Money:
        return Money(self.amount, self.currency, self.price_year)


class MoneyOut(Out):
    """An amount in one currency at one year's price level."""

    amount: Amount = Field(examples=["1250000.00"])
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])
