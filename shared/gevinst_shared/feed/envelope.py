"""Facts and how they travel: CloudEvents 1.0, structured JSON."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened; a subclass per kind, whose fields are the event's data.

    `type` is the CloudEvents type, such as `gevinst.benefits.gate-decided.v1`.
    """

    type: ClassVar[str]

    @property
    def data(self) -> str:
        """The fields as JSON; absent rather than null."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return json.dumps(
            {name: value for name, value in fields.items() if value is not None},
            default=wire,
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """A fact as a consumer reads it. `data` is the publisher's: read what is known, ignore the rest."""

    id: UUID
    organisation: str
    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]

    @classmethod
    def read(cls, envelope: Mapping[str, Any]) -> "Event":
        """From the CloudEvents document of a feed page."""
        return cls(
            id=UUID(envelope["id"]),
            organisation=str(envelope["source"]).removeprefix(SOURCE_PREFIX),
            type=envelope["type"],
            subject=envelope["subject"],
            time=datetime.fromisoformat(envelope["time"]),
            data=envelope.get("data", {}),
        )


SOURCE_PREFIX = "urn:gevinst:organisation:"


def wire(value: object) -> object:
    """How values that JSON does not know are written; for `json.dumps(default=…)`."""
    if isinstance(value, Money):
        return {"amount": f"{value.amount:.2f}", "currency": value.currency, "price_year": value.price_year}
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no wire form")
