"""The look of the organisation's charts, in the database."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from gevinst_portfolio.tables.organisations import theme
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.charts.themes import HOUSE, Theme
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def theme_document(c: Columns) -> ColumnElement[Any]:
    """`ThemeOut`, as PostgreSQL writes it."""
    return document(
        organisation=c.organisation_id,
        light=func.to_jsonb(c.light),
        dark=func.to_jsonb(c.dark),
        font=c.font,
        logo=c.logo,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


_ITS = theme.c.organisation_id == bindparam("organisation_id")
_GET = Query(select(theme_document(theme.c).label("document"), theme.c.revision).where(_ITS))
_FIND = Query(select(theme).where(_ITS))
_ADD = outbox.insert(theme, theme_document)
_CHANGE = outbox.update(theme, theme_document, columns=("light", "dark", "font", "logo"))


async def get_document(connection: Connection, organisation_id: str) -> Stored:
    """The theme's JSON, or `Unknown` until somebody chooses one."""
    row = await _GET.find(connection, organisation_id=organisation_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def find_theme(connection: Connection, organisation_id: str) -> Theme:
    """The organisation's theme; the house's until somebody chooses one."""
    row = await _FIND.find(connection, organisation_id=organisation_id)
    if row is None:
        return HOUSE
    logo = None if row["logo"] is None else b64decode(row["logo"])
    return Theme(tuple(row["light"]), tuple(row["dark"]), row["font"], logo)


async def put_theme(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Keep the theme in the place of the one that was; `values` are its columns."""
    new = {f"new_{name}": values[name] for name in ("light", "dark", "font", "logo")}
    row = await _CHANGE.find(connection, expected=None, **new, **record)
    if row is None:
        row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])
