"""Marks of what changed of shared records: left by the database in the change's own transaction, so that no
write can forget one.

A table with `info={"shared_as": [Marked(…), …]}` gets triggers that put (organisation, kind, record) into
`sync_mark`, once for each record that a statement touched. A mark says only that something of the record may
have changed; what a partner gets of it is worked out when the partner asks.
"""

from typing import NotRequired, TypedDict

from sqlalchemy import Connection, MetaData, Table, text

# The kind of a mark on everything under a root, such as all that is shared of a programme.
EVERYTHING_UNDER = "everything-under"


class Marked(TypedDict):
    """A row of the table marks a record of `kind`: the one that the column `by` names, or its own `id`.

    With `through`, `by` names a row of that table, whose column `to` names the record; with `then`, it names
    a row of the first table there, and so on ([[table, column], …]). With `of`, an update marks only when one
    of these columns changed. With `partner`, that column names the only partner whom the mark concerns. (A
    plain dictionary, because migrations write it down.)
    """

    kind: str
    by: NotRequired[str]
    through: NotRequired[str]
    to: NotRequired[str]
    then: NotRequired[list[list[str]]]
    of: NotRequired[list[str]]
    partner: NotRequired[str]


def mark_shared(connection: Connection, metadata: MetaData) -> None:
    """Give every table that is shared its triggers; again changes nothing."""
    if "sync_mark" not in metadata.tables:
        return
    for table in metadata.sorted_tables:
        marks: list[Marked] = table.info.get("shared_as", [])
        if marks:
            connection.execute(text(_function(table, marks)))
            for trigger in _triggers(table):
                connection.execute(text(trigger))


_SEEN = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


def _triggers(table: Table) -> list[str]:
    """One for each kind of statement: PostgreSQL wants that where a trigger sees all the rows at once."""
    return [
        f'CREATE OR REPLACE TRIGGER mark_shared_{statement.lower()} AFTER {statement} ON "{table.name}" '
        f'{seen} FOR EACH STATEMENT EXECUTE FUNCTION "mark_shared_{table.name}"()'
        for statement, seen in _SEEN.items()
    ]


def _function(table: Table, marks: list[Marked]) -> str:
    """Statements that are fixed, and so planned once for each connection."""
    after, before, both = (
        "\n".join(f"        {_statement(table, mark, seen)}" for mark in marks)
        for seen in (["new_rows"], ["old_rows"], ["old_rows", "new_rows"])
    )
    return f"""
CREATE OR REPLACE FUNCTION "mark_shared_{table.name}"() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
{after}
    ELSIF TG_OP = 'UPDATE' THEN
{both}
    ELSE
{before}
    END IF;
    RETURN NULL;
END $$
"""


def _statement(table: Table, mark: Marked, seen: list[str]) -> str:
    """Mark what rows name; of an update both as they were and as they are: a row that moves touches both."""
    records = " UNION ".join(_records(table, mark, rows, seen) for rows in seen)
    partner = ", partner_id" if "partner" in mark else ""
    return f"INSERT INTO sync_mark (organisation_id, kind, record_id{partner}) {records};"


def _records(table: Table, mark: Marked, rows: str, seen: list[str]) -> str:
    """A SELECT DISTINCT; names are those of tables and columns in the code."""
    by = mark.get("by", "id")
    record, source = f'changed."{by}"', f"{rows} AS changed"
    ways = [[mark["through"], mark.get("to", "id")]] if "through" in mark else []
    for place, (name, column) in enumerate([*ways, *mark.get("then", [])]):
        way = f"way_{place}"
        source += (
            f' JOIN "{name}" AS {way} ON {way}.organisation_id = changed.organisation_id '
            f"AND {way}.id = {record}"
        )
        record = f'{way}."{column}"'
    if "of" in mark and len(seen) == 2:
        other = next(each for each in seen if each != rows)
        key = " AND ".join(f'other."{column.name}" = changed."{column.name}"' for column in table.primary_key)
        source += f" JOIN {other} AS other ON {key}"
    partner = f', changed."{mark["partner"]}"' if "partner" in mark else ""
    found = f"SELECT DISTINCT changed.organisation_id, '{mark['kind']}', {record}{partner} FROM {source}"  # noqa: S608
    return f"{found} WHERE {record} IS NOT NULL{_difference(mark, seen)}"


def _difference(mark: Marked, seen: list[str]) -> str:
    if "of" not in mark or len(seen) < 2:
        return ""
    differing = (f'other."{name}" IS DISTINCT FROM changed."{name}"' for name in mark["of"])
    return f" AND ({' OR '.join(differing)})"
