"""Phase models: those that come with the product, and the organisation's own (G1)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, cast, literal_column, select

from gevinst_benefits.domain.gates.phase_models import PhaseModel, parse_phase_model
from gevinst_benefits.tables.phase_models import phase_model, phase_model_retirement
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Known:
    """A model that projects can follow; `id` is there for the organisation's own."""

    model: PhaseModel
    id: UUID | None = None
    retired_at: datetime | None = None


def _nothing(_columns: Columns) -> Any:  # noqa: ANN401 - an SQL expression
    """The answer is made from the domain's model, in the reader's language."""
    return literal_column("''")


_own = select(
    phase_model.c.id,
    phase_model.c.code,
    cast(phase_model.c.document, Text).label("document"),
    phase_model_retirement.c.retired_at,
).outerjoin(
    phase_model_retirement,
    and_(
        phase_model_retirement.c.organisation_id == phase_model.c.organisation_id,
        phase_model_retirement.c.id == phase_model.c.id,
    ),
)
_OWN = Query(_own.order_by(phase_model.c.code, phase_model.c.id))
_OF_CODE = Query(_own.where(phase_model.c.code == bindparam("code")).order_by(phase_model.c.id))
_ADD = outbox.insert(phase_model, _nothing)
_RETIRE = outbox.insert(phase_model_retirement, _nothing)


@cache
def shipped_models() -> tuple[PhaseModel, ...]:
    """Every shipped model, by code and then version."""
    folder = files("gevinst_benefits.domain") / "phase_models"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(
        sorted(
            (parse_phase_model(json.loads(text)) for text in texts),
            key=lambda model: (model.code, model.version),
        )
    )


async def known_models(connection: Connection) -> Sequence[Known]:
    """The shipped models, then the organisation's own in the order of code and entry."""
    own = [_known(dict(row)) for row in await _OWN.rows(connection)]
    return [*(Known(model) for model in shipped_models()), *own]


async def find_model(connection: Connection, code: str, version: str | None = None) -> Known:
    """The model of that code; without a version the newest, of the organisation's own one not retired.

    `Unknown` when there is none.
    """
    found = [Known(model) for model in shipped_models() if model.code == code]
    if not found:
        found = [_known(dict(row)) for row in await _OF_CODE.rows(connection, code=code)]
    wanted = [one for one in found if version in {None, one.model.version}]
    if not wanted:
        raise Unknown
    in_use = [one for one in wanted if one.retired_at is None]
    return (in_use or wanted)[-1]


async def get_model(connection: Connection, code: str, version: str) -> PhaseModel:
    """The model that a project follows, retired or not; or `Unknown`."""
    return (await find_model(connection, code, version)).model


async def add_model(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Insert the organisation's own model with its event and audit row."""
    await _ADD.find(connection, **values, **record)


async def add_retirement(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Retire the model, once, with the event and audit row."""
    await _RETIRE.find(connection, **values, **record)


def model_json(model: PhaseModel) -> dict[str, Any]:
    """The document that `parse_phase_model` reads."""

    def gate(found: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a gate or nothing
        if found is None:
            return None
        items = [
            {"code": item.code, "is_mandatory": item.is_mandatory, "texts": dict(item.texts)}
            for item in found.items
        ]
        return {"code": found.code, "name": found.name, "names": dict(found.names), "items": items}

    return {
        "code": model.code,
        "version": model.version,
        "name": model.name,
        "names": dict(model.names),
        "language": model.language,
        "authority": model.authority,
        "sources": list(model.sources),
        "phases": [
            {
                "code": phase.code,
                "name": phase.name,
                "names": dict(phase.names),
                "may_be_skipped": phase.may_be_skipped,
                "gate": gate(phase.gate),
                "repeat_gate": gate(phase.repeat_gate),
            }
            for phase in model.phases
        ],
    }


def _known(row: Mapping[str, Any]) -> Known:
    return Known(_parsed(row["document"]), row["id"], row["retired_at"])


@lru_cache(maxsize=32)
def _parsed(document: str) -> PhaseModel:
    return parse_phase_model(json.loads(document))
