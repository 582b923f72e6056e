"""Kinds of records that can be shared, and the fields of each: nothing else can leave (X1)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Uuid, any_, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON, array

from gevinst_shared.db.arrays import each_of
from gevinst_shared.db.query import Query
from gevinst_shared.values.ids import is_id

LONGEST_TEXT = 20_000
LONGEST_NUMBER = 40
DEEPEST_DOCUMENT = 16
LARGEST_DOCUMENT = 2_000_000
HIDDEN = "hidden:"
_HIDDEN = re.compile(r"hidden:[A-Za-z0-9_-]{22}")
# Only these spellings: what reads others' text later may know fewer than Python does.
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class FieldType(StrEnum):
    """What a value looks like in JSON. A decimal is text; a reference is an id, or an opaque one.

    A document is an object or a list with anything in it, so its field should say more (`is_good`).
    """

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    WHOLE = "whole"
    DECIMAL = "decimal"
    YES_NO = "yes-no"
    MONEY = "money"
    REFERENCE = "reference"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class SharedField:
    """One value of a record. A reference says which kind it `refers_to`; its `value` is then the plain id.

    `is_good` says of another body's value, which is one of the type, whether it can be taken.
    """

    type: FieldType
    value: ColumnElement[Any]
    refers_to: str | None = None
    is_good: Callable[[Any], bool] | None = None

    def takes(self, value: object) -> bool:
        """Whether the JSON value is one of this field."""
        return is_value(self.type, value) and (self.is_good is None or self.is_good(value))


@dataclass(frozen=True, eq=False)
class SharedKind:
    """What of a kind of records can leave, and how it is read.

    `source` is a table or a join with one row for each record, found by `record_id`. `roots` are columns with
    ids of records, such as its programme, whose grants bring the record along; `root_lists` are columns with
    arrays of such ids. A kind that is not `is_served`
    is only known here so that references to it can be told from hidden ones; another service shares it.
    """

    name: str
    source: FromClause
    organisation_id: ColumnElement[Any]
    record_id: ColumnElement[Any]
    fields: Mapping[str, SharedField]
    roots: Sequence[ColumnElement[Any]] = ()
    root_lists: Sequence[ColumnElement[Any]] = ()
    is_served: bool = True
    records: Query = field(init=False)
    within: Query = field(init=False)

    def __post_init__(self) -> None:
        """Compile what is read of the kind, once."""
        ids = select(self.record_id.label("id"), self.all_roots.label("roots")).select_from(self.source)
        body = self.body.label("body")
        named = self.record_id == any_(_ids("ids"))
        under = or_(
            *(one.in_(each_of("roots")) for one in (self.record_id, *self.roots)),
            *(many.op("&&", is_comparison=True)(_ids("roots")) for many in self.root_lists),
        )
        object.__setattr__(self, "records", Query(ids.add_columns(body).where(named)))
        object.__setattr__(
            self, "within", Query(select(self.record_id.label("id")).select_from(self.source).where(under))
        )

    @property
    def body(self) -> ColumnElement[Any]:
        """All fields of a record that have a value, before anything is cut."""
        values: list[Any] = []
        for name, one in self.fields.items():
            values += [literal_column(f"'{name}'"), one.value]
        return func.json_strip_nulls(func.json_build_object(*values), type_=JSON)

    @property
    def all_roots(self) -> ColumnElement[Any]:
        """The record itself, and what it belongs to."""
        found: ColumnElement[Any] = array([self.record_id, *self.roots])
        for many in self.root_lists:
            found = func.array_cat(found, many, type_=ARRAY(Uuid))
        return found

    def is_under(self, root: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a grant of `root` brings the record along."""
        return or_(
            *(root == one for one in (self.record_id, *self.roots)),
            *(root == any_(many) for many in self.root_lists),
        )


def is_value(type_: FieldType, value: object) -> bool:
    """Whether the JSON value is one of the type; what another body sends may be anything."""
    if type_ is FieldType.YES_NO:
        return isinstance(value, bool)
    if type_ is FieldType.WHOLE:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    if type_ in _SHAPES:
        return _SHAPES[type_](value)
    return isinstance(value, str) and _is_text(value) and _TEXTS[type_](value)


def has_sound_documents(kind: SharedKind, body: Mapping[str, Any], length: int) -> bool:
    """Whether a reader could take the documents of a body of ours, which is so many letters long as JSON.

    Nothing counts for more than ten times its letters, so that short ones need no look.
    """
    return length * 10 < LARGEST_DOCUMENT or all(
        is_value(FieldType.DOCUMENT, value)
        for name, value in body.items()
        if kind.fields[name].type is FieldType.DOCUMENT
    )


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep it: no NUL, and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _ids(name: str) -> Any:  # noqa: ANN401 - a bound array, which the typing of any_ does not know
    return bindparam(name, type_=ARRAY(Uuid))


def _is_text(value: str) -> bool:
    return len(value) <= LONGEST_TEXT and ((value.isascii() and "\x00" not in value) or is_storable(value))


def _is_money(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"amount", "currency", "price_year"}:
        return False
    amount, currency, year = value["amount"], value["currency"], value["price_year"]
    return (
        isinstance(amount, str)
        and _is_decimal(amount)
        and isinstance(currency, str)
        and re.fullmatch(r"[A-Z]{3}", currency) is not None
        and is_value(FieldType.WHOLE, year)
    )


def _is_document(value: object) -> bool:
    """An object or a list that can be stored and read again: not too deep, not too large, no odd numbers."""
    left = LARGEST_DOCUMENT
    waiting = [(value, DEEPEST_DOCUMENT)] if isinstance(value, dict | list) else []
    while waiting and left > 0:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            inside = [*one.keys(), *one.values()] if isinstance(one, dict) else one
            waiting += [(each, depth - 1) for each in inside]
            left -= 2 if depth else left
        else:
            left -= _size(one)
    return not waiting and left > 0 and isinstance(value, dict | list)


def _size(value: object) -> int:
    """How much of a document a plain value is; more than any document when it cannot be kept."""
    if isinstance(value, str):
        return len(value) + 3 if _is_text(value) else LARGEST_DOCUMENT
    if isinstance(value, bool) or value is None:
        return 5
    is_sound = is_value(FieldType.WHOLE, value) or (isinstance(value, float) and isfinite(value))
    return 20 if is_sound else LARGEST_DOCUMENT


def _is_decimal(value: str) -> bool:
    return len(value) <= LONGEST_NUMBER and _DECIMAL.fullmatch(value) is not None


def _is_day(value: str) -> bool:
    return _DAY.fullmatch(value) is not None and _reads(date.fromisoformat, value)


def _is_moment(value: str) -> bool:
    return _MOMENT.fullmatch(value) is not None and _reads(datetime.fromisoformat, value)


def _is_reference(value: str) -> bool:
    return _HIDDEN.fullmatch(value) is not None or is_id(value)


def _reads(read: Any, value: str) -> bool:  # noqa: ANN401 - a constructor that refuses by ValueError
    try:
        read(value)
    except ValueError:
        return False
    return True


_TEXTS = {
    FieldType.TEXT: lambda _: True,
    FieldType.DAY: _is_day,
    FieldType.MOMENT: _is_moment,
    FieldType.DECIMAL: _is_decimal,
    FieldType.REFERENCE: _is_reference,
}
_SHAPES: Mapping[FieldType, Callable[[object], bool]] = {
    FieldType.MONEY: _is_money,
    FieldType.DOCUMENT: _is_document,
}
