"""How the organisation's charts look, kept from the portfolio service's feed."""

from base64 import b64decode
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.themes import theme
from gevinst_shared.charts.themes import HOUSE, Theme
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_FIND = Query(select(theme).where(theme.c.organisation_id == bindparam("organisation_id")))
_insert = insert(theme).values({column.name: bindparam(column.name) for column in theme.columns})
_KEEP = Query(
    _insert.on_conflict_do_update(
        index_elements=theme.primary_key,
        set_={name: _insert.excluded[name] for name in ("light", "dark", "font", "logo")},
    )
)


async def find_theme(connection: Connection, organisation_id: str) -> Theme:
    """The organisation's theme; the house's until one is announced."""
    row = await _FIND.find(connection, organisation_id=organisation_id)
    if row is None:
        return HOUSE
    logo = None if row["logo"] is None else b64decode(row["logo"])
    return Theme(tuple(row["light"]), tuple(row["dark"]), row["font"], logo)


async def keep_theme(
    connection: Connection,
    organisation_id: str,
    *,
    light: Sequence[str],
    dark: Sequence[str],
    font: str | None,
    logo: str | None,
) -> None:
    """Keep what was announced; the same event twice changes nothing."""
    colours = {"light": list(light), "dark": list(dark)}
    await _KEEP.run(connection, organisation_id=organisation_id, font=font, logo=logo, **colours)
