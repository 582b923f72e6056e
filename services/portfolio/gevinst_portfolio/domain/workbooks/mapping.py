"""Files of others: rows of projects under headings of their own, read by a mapping that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, Titles
from gevinst_portfolio.domain.workbooks.project_sheet import expected_projects, project_columns
from gevinst_portfolio.domain.workbooks.review import Expected, Registered
from gevinst_portfolio.domain.workbooks.sheets import LONGEST_KEY, SHEET_MARK, CellKind, Column, cell_name
from gevinst_shared.sheets.reading import CellValue, Table
from gevinst_shared.values.refusal import Refusal

KEY = "key"
MAPPED = "mapped"


class MappedTabMissing(Refusal):
    code = "mapped-tab-missing"
    title = "The tab is not in the file"
    detail = "The file has no tab “{tab}”. It has: {tabs}."


class HeadingMissing(Refusal):
    code = "heading-missing"
    title = "A heading is missing"
    detail = "Row {row} has no heading “{heading}”. It has: {headings}. Change the mapping, or the file."


class HeadingTwice(Refusal):
    code = "heading-twice"
    title = "A heading stands twice"
    detail = "{one} and {other} both have the heading “{heading}”. Take one of the columns out of the file."


class MappingOdd(Refusal):
    code = "mapping-odd"
    title = "The mapping does not fit together"
    detail = (
        "Map one column to `key` and one to `name`, and no member or heading twice. The odd one is {odd}."
    )


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which heading gives which member. `heading_row` counts from 1; `sheet` is None for the first tab."""

    source: str
    columns: tuple[tuple[str, str], ...]
    sheet: str | None = None
    heading_row: int = 1
    decimal_sign: str = ","


def refuse_odd_mapping(columns: Sequence[tuple[str, str]]) -> None:
    """Refuse what could not tell one project, or one value, from another."""
    headings, members = ([pair[place].strip() for pair in columns] for place in (0, 1))
    for needed in (KEY, "name"):
        if needed not in members:
            raise MappingOdd(odd=needed, pointer="/body/columns")
    for known in (headings, members):
        for each in known:
            if known.count(each) > 1:
                raise MappingOdd(odd=each, pointer="/body/columns")


def mapped_table(tables: Sequence[Table], mapping: ColumnMapping) -> Table:
    """The file's rows as a sheet of ours: the keys of our members above its headings."""
    table = _tab(tables, mapping.sheet)
    at = mapping.heading_row - 1
    headings = [str(value or "").strip() for value in table.rows[at]] if at < len(table.rows) else []
    keys: list[CellValue] = [None] * len(headings)
    for heading, member in mapping.columns:
        keys[_place(heading, headings, mapping.heading_row)] = member
    keys[keys.index(KEY)] = f"{SHEET_MARK}{MAPPED}:{KEY}"
    below = list(table.rows[mapping.heading_row :])
    offset = 2 - mapping.heading_row
    return Table(table.name, [keys, list(headings), *below], offset, mapping.decimal_sign)


def expected_mapped(figures: PortfolioFigures, titles: Titles, mapping: ColumnMapping) -> Expected:
    """The projects that came from this source, by their key there."""
    sheet = expected_projects(figures, titles)
    members = {member: heading for heading, member in mapping.columns}
    columns = tuple(
        replace(column, title=members[column.key])
        for column in _possible(figures, titles)
        if column.key in members and column.is_input
    )
    rows = {
        project.source_key: Registered(
            "", project.name, {c.key: sheet.rows[project.id].values.get(c.key) for c in columns}
        )
        for project in figures.projects
        if project.source == mapping.source and project.source_key is not None
    }
    return Expected(
        MAPPED,
        (Column(KEY, members[KEY], CellKind.KEY, longest=LONGEST_KEY), *columns),
        rows,
        required=frozenset({"name"}),
        takes_new=True,
        has_own_keys=True,
    )


def csv_table(table: Table) -> Table:
    """Our own projects as CSV: its first row has the keys of our columns."""
    head = list(table.rows[0]) if table.rows else []
    if "id" not in head:
        return table
    keys = [f"{SHEET_MARK}projects:{key}" if key == "id" else key for key in head]
    return Table(table.name, [keys, head, *table.rows[1:]], 1, table.decimal_sign)


def _possible(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    """The source is the mapping's own."""
    return tuple(column for column in project_columns(figures, titles) if column.key != "source")


def _tab(tables: Sequence[Table], name: str | None) -> Table:
    if name is None and tables:
        return tables[0]
    for table in tables:
        if table.name == name:
            return table
    tabs = ", ".join(table.name for table in tables) or "–"
    raise MappedTabMissing(tab=name or "", tabs=tabs[:500])


def _place(heading: str, headings: Sequence[str], row: int) -> int:
    """Which column has the heading, in row `row` as spreadsheets count."""
    places = [place for place, each in enumerate(headings) if each == heading.strip()]
    if not places:
        known = ", ".join(each for each in headings if each)[:500] or "–"
        raise HeadingMissing(row=row, heading=heading, headings=known)
    if len(places) > 1:
        one, other = (cell_name(row - 1, place) for place in places[:2])
        raise HeadingTwice(one=one, other=other, heading=heading)
    return places[0]
