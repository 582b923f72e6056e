"""The sheets of the plan and of what its projects take, counted in quarters from their start.

A changed start on the sheet of the plan moves everything that follows from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, ProjectLine, Titles, number
from gevinst_portfolio.domain.workbooks.review import REVISION, Expected, Registered
from gevinst_portfolio.domain.workbooks.sheets import (
    HEAD_ROWS,
    CellKind,
    Column,
    Content,
    Formula,
    Sheet,
    cells,
)

# Where a project without a start begins: outside of every horizon.
NEVER = -100_000
# The columns of the sheets of profiles: key, revision, names, kind, start, then one per quarter.
START_COLUMN, FIRST_AMOUNT = 5, 6
PLAN_PROJECTS, PLAN_STARTS = "plan_projects", "plan_starts"
_ROOM, _LEAST = 4, 8


def plan_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    """When each project starts; a start may be changed to see what follows, and is not read."""
    first, last = figures.first, figures.first.plus(figures.quarters - 1)
    choices = tuple(str(Quarter(index)) for index in range(first.index, last.index + 1))
    columns = (
        Column("project", "Id", CellKind.KEY),
        Column("name", titles["name"], CellKind.TEXT, width=44),
        Column("quarter", titles["start"], CellKind.CHOICE, is_open=True, choices=choices),
        Column("index", titles["start_index"], CellKind.NUMBER, width=10),
    )
    rows: list[list[Content]] = []
    for at, project in enumerate(figures.projects, start=HEAD_ROWS + 1):
        start = figures.starts.get(project.id)
        text = (
            f"IF(LEN(C{at})=7,VALUE(LEFT(C{at},4))*4+VALUE(RIGHT(C{at},1))-1-{figures.first.index},{NEVER})"
        )
        rows.append(
            [
                project.id,
                project.name,
                None if start is None else str(start),
                Formula(text, _index(figures, start)),
            ]
        )
    return Sheet("plan", titles["plan"], columns, rows, note=titles["plan_note"])


@dataclass(frozen=True, slots=True)
class Profile:
    """What a project takes of one thing; `amounts[k]` in the k-th quarter after its start."""

    project: ProjectLine
    of_key: str
    of: str
    amounts: Sequence[Decimal]

    @property
    def key(self) -> str:
        return f"{self.project.id}/{self.of_key}"

    def amount(self, place: int) -> Decimal | None:
        return self.amounts[place] if place < len(self.amounts) else None

    def taken(self, figures: PortfolioFigures) -> Iterator[tuple[Quarter, Decimal]]:
        """When it falls by the plan; nothing for a project without a start."""
        start = figures.starts.get(self.project.id)
        if start is not None:
            for count, amount in enumerate(self.amounts):
                yield start.plus(count), amount


def need_columns(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    return _profile_columns(titles, needs_of(figures), CellKind.NUMBER, is_input=True)


def need_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    columns = need_columns(figures, titles)
    rows = [_profile_row(figures, each, at, columns) for at, each in _numbered(needs_of(figures))]
    return Sheet("needs", titles["needs"], columns, rows, note=titles["needs_note"], frozen_columns=6)


def expected_needs(figures: PortfolioFigures, titles: Titles) -> Expected:
    columns = need_columns(figures, titles)
    inputs = [column.key for column in columns if column.is_input]
    rows = {
        each.key: Registered(
            str(each.project.revision),
            each.project.name,
            {key: each.amount(place) for place, key in enumerate(inputs)},
        )
        for each in needs_of(figures)
    }
    return Expected("needs", columns, rows)


def spending_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    """What each project spends by quarter, as the optimiser counts it; follows from its cost, is not read."""
    columns = _profile_columns(titles, spending_of(figures), CellKind.MONEY, is_input=False)
    rows = [_profile_row(figures, each, at, columns) for at, each in _numbered(spending_of(figures))]
    return Sheet("spending", titles["spending"], columns, rows, frozen_columns=6)


def taken(sheet: Sheet, of: str, when: str) -> str:
    """The formula of what the rows `of` (a text or a cell with it) of a sheet of profiles take.

    `when` is a condition over `@`, the quarter that an amount falls in, counted from the horizon's first.
    """
    if not sheet.rows:
        return "0"
    rows = (HEAD_ROWS, HEAD_ROWS + len(sheet.rows) - 1)
    names = cells(sheet.title, rows, (4, 4))
    starts = cells(sheet.title, rows, (START_COLUMN, START_COLUMN))
    span = (FIRST_AMOUNT, len(sheet.columns) - 1)
    amounts = cells(sheet.title, rows, span)
    counts = f"(COLUMN({amounts})-{FIRST_AMOUNT + 1})"
    condition = when.replace("@", f"({starts}+{counts})")
    return f"SUMPRODUCT(({names}={of})*({condition})*{amounts})"


def plan_names(plan: Sheet) -> tuple[tuple[str, str], ...]:
    """The names that the profiles look their starts up by."""
    rows = (HEAD_ROWS, HEAD_ROWS + max(len(plan.rows), 1) - 1)
    return (PLAN_PROJECTS, cells(plan.title, rows, (0, 0))), (PLAN_STARTS, cells(plan.title, rows, (3, 3)))


def _profile_columns(
    titles: Titles, profiles: Sequence[Profile], kind: CellKind, *, is_input: bool
) -> tuple[Column, ...]:
    longest = max((len(each.amounts) for each in profiles), default=0)
    width = max(longest + _ROOM, _LEAST)
    return (
        Column("key", "Id", CellKind.KEY),
        Column(REVISION, "Revision", CellKind.KEY),
        Column("project", "Project", CellKind.KEY),
        Column("name", titles["name"], CellKind.TEXT, width=40),
        Column("of", titles["of"], CellKind.TEXT, width=30),
        Column("index", titles["start_index"], CellKind.NUMBER, width=9),
        *(
            Column(f"q{n}", f"{titles['quarter']} {n + 1}", kind, is_input=is_input, width=11, least=0)
            for n in range(width)
        ),
    )


def _profile_row(
    figures: PortfolioFigures, profile: "Profile", at: int, columns: Sequence[Column]
) -> list[Content]:
    """`at` is the row as Excel counts."""
    index = Formula(
        f"IFERROR(INDEX({PLAN_STARTS},MATCH(C{at},{PLAN_PROJECTS},0)),{NEVER})",
        _index(figures, figures.starts.get(profile.project.id)),
    )
    amounts = [profile.amount(place) for place in range(len(columns) - FIRST_AMOUNT)]
    return [
        profile.key,
        str(profile.project.revision),
        profile.project.id,
        profile.project.name,
        profile.of,
        index,
        *map(number, amounts),
    ]


def _numbered(profiles: Sequence[Profile]) -> Iterator[tuple[int, Profile]]:
    return enumerate(profiles, start=HEAD_ROWS + 1)


def _index(figures: PortfolioFigures, start: Quarter | None) -> float:
    return NEVER if start is None else start.index - figures.first.index


def needs_of(figures: PortfolioFigures) -> list[Profile]:
    names = {each.id: each.name for each in figures.resources}
    return [
        Profile(project, resource, names.get(resource, resource), amounts)
        for project in figures.projects
        for resource, amounts in project.needs.items()
    ]


def spending_of(figures: PortfolioFigures) -> list[Profile]:
    return [
        Profile(project, kind.value, kind.value, amounts)
        for project in figures.projects
        for kind, amounts in project.spending.items()
    ]
