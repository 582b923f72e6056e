"""Where a benefit's dates stand in the database (B9)."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, case, cast, func

from gevinst_benefits.domain.plan.timing import HangsOn, Ramp, RampKind, Timing
from gevinst_shared.db.documents import document
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import Columns


def timing_document(c: Columns) -> ColumnElement[Any]:
    """`TimingOut`, as PostgreSQL writes it."""
    shares = func.to_json(cast(c.ramp_shares, ARRAY(Text)))
    return document(
        hangs_on=c.hangs_on,
        offset_months=c.offset_months,
        starts_on=c.starts_on,
        delivery_id=c.delivery_id,
        ramp=document(
            kind=c.ramp,
            months=case((c.ramp_months > 0, c.ramp_months)),
            shares=case((c.ramp == RampKind.TABLE.value, shares)),
        ),
        duration_months=c.duration_months,
        ends_on=c.ends_on,
        erosion_per_year=cast(func.trim_scale(c.erosion_per_year), Text),
    )


def timing_from(row: Mapping[str, Any]) -> Timing:
    """The domain's timing of a benefit's columns."""
    return Timing(
        hangs_on=HangsOn(row["hangs_on"]),
        offset_months=row["offset_months"],
        starts_on=row["starts_on"],
        delivery_id=row["delivery_id"],
        ramp=Ramp(RampKind(row["ramp"]), row["ramp_months"], tuple(row["ramp_shares"])),
        duration_months=row["duration_months"],
        ends_on=row["ends_on"],
        erosion_per_year=row["erosion_per_year"],
    )


def timing_json(timing: Timing) -> dict[str, Any]:
    """The timing as it is kept beside what was promised."""
    kept: dict[str, Any] = json.loads(json.dumps(timing_columns(timing), default=wire))
    return kept


def timing_of_json(kept: Mapping[str, Any]) -> Timing:
    """What `timing_json` kept."""
    return timing_from(
        {
            **kept,
            "starts_on": _day(kept["starts_on"]),
            "ends_on": _day(kept["ends_on"]),
            "delivery_id": None if kept["delivery_id"] is None else UUID(kept["delivery_id"]),
            "ramp_shares": [Decimal(share) for share in kept["ramp_shares"]],
            "erosion_per_year": Decimal(kept["erosion_per_year"]),
        }
    )


def timing_columns(timing: Timing) -> dict[str, Any]:
    """The columns of a benefit that its timing decides."""
    return {
        "hangs_on": timing.hangs_on.value,
        "offset_months": timing.offset_months,
        "starts_on": timing.starts_on,
        "delivery_id": timing.delivery_id,
        "ramp": timing.ramp.kind.value,
        "ramp_months": timing.ramp.months,
        "ramp_shares": list(timing.ramp.shares),
        "duration_months": timing.duration_months,
        "ends_on": timing.ends_on,
        "erosion_per_year": timing.erosion_per_year,
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
