"""The sheet of projects: what is registered of each, and its cost year by year."""

from decimal import Decimal

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, ProjectLine, Titles, number
from gevinst_portfolio.domain.workbooks.review import REVISION, Expected, Registered
from gevinst_portfolio.domain.workbooks.sheets import (
    HEAD_ROWS,
    LONGEST_NAME,
    CellKind,
    Column,
    Content,
    Formula,
    Sheet,
    column_letters,
)
from gevinst_portfolio.domain.workbooks.values import Typed

COST = "cost"
_MOST_YEARS = 30
_OF_IMPORT = frozenset({"source"})


def cost_key(year: int, kind: CostKind) -> str:
    """The key of the column with what a project costs in one year, such as cost:2027:investment."""
    return f"{COST}:{year}:{kind.value}"


def project_columns(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    """Inputs first, then a column per year and kind, then what follows from them."""
    return (
        Column("id", "Id", CellKind.KEY),
        Column(REVISION, "Revision", CellKind.KEY),
        Column("name", titles["name"], CellKind.TEXT, is_input=True, width=44, longest=LONGEST_NAME),
        Column("need", titles["need"], CellKind.TEXT, is_input=True, width=40),
        Column("category", titles["category"], CellKind.TEXT, is_input=True, width=20, longest=LONGEST_NAME),
        Column("source", titles["source"], CellKind.CODE, is_input=True, width=16),
        Column("is_statutory", titles["is_statutory"], CellKind.FLAG, is_input=True, width=9),
        Column(
            "unit", titles["unit"], CellKind.CHOICE, is_input=True, width=26, choices=tuple(figures.units)
        ),
        Column("start", titles["start"], CellKind.DAY, is_input=True),
        Column("end", titles["end"], CellKind.DAY, is_input=True),
        Column("cost", titles["cost"], CellKind.MONEY, is_input=True, width=18),
        Column("benefit", titles["benefit"], CellKind.MONEY, is_input=True, width=18),
        *(
            Column(
                cost_key(year, kind), f"{year} {titles[kind.value]}", CellKind.MONEY, is_input=True, width=16
            )
            for year in _years(figures)
            for kind in CostKind
        ),
        Column("profiled", titles["profiled"], CellKind.MONEY, width=18),
        Column("unprofiled", titles["unprofiled"], CellKind.MONEY, width=18),
        Column("benefit_per_cost", titles["benefit_per_cost"], CellKind.NUMBER, width=12),
        Column("registration", titles["registration"], CellKind.TEXT, width=12),
        Column("status", titles["status"], CellKind.TEXT, width=12),
    )


def project_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    columns = project_columns(figures, titles)
    rows = [_row(columns, one, at) for at, one in enumerate(figures.projects, start=HEAD_ROWS + 1)]
    return Sheet(
        "projects", titles["projects"], columns, rows, note=titles["projects_note"], frozen_columns=3
    )


def expected_projects(figures: PortfolioFigures, titles: Titles) -> Expected:
    columns = project_columns(figures, titles)
    inputs = [column.key for column in columns if column.is_input]
    rows = {}
    for project in figures.projects:
        known = _inputs(project)
        values = {key: known.get(key) for key in inputs}
        # P1: what was imported stays of its source, or the next import would not find it again.
        fixed = frozenset() if project.source_key is None else _OF_IMPORT
        rows[project.id] = Registered(str(project.revision), project.name, values, fixed)
    return Expected("projects", columns, rows, required=frozenset({"name"}), takes_new=True)


def _years(figures: PortfolioFigures) -> range:
    """The years that something is spent or budgeted in, and those of the horizon."""
    horizon = [figures.first.year, figures.first.plus(figures.quarters - 1).year]
    spent = [year for project in figures.projects for year, _ in project.cost_by_year]
    budgeted = [year for year, _ in figures.budget]
    first = min([*horizon, *spent, *budgeted])
    return range(first, min(max([*horizon, *spent, *budgeted]), first + _MOST_YEARS - 1) + 1)


def _inputs(project: ProjectLine) -> dict[str, Typed]:
    return {
        "name": project.name,
        "need": project.need,
        "category": project.category,
        "source": project.source,
        "is_statutory": project.is_statutory,
        "unit": project.unit,
        "start": project.start,
        "end": project.end,
        "cost": project.cost,
        "benefit": project.benefit,
        **{cost_key(year, kind): amount for (year, kind), amount in project.cost_by_year.items()},
    }


def _row(columns: tuple[Column, ...], project: ProjectLine, at: int) -> list[Content]:
    """`at` is the row as Excel counts."""
    letters = {column.key: column_letters(place) for place, column in enumerate(columns)}
    yearly = [column.key for column in columns if column.key.startswith(f"{COST}:")]
    years = f"{letters[yearly[0]]}{at}:{letters[yearly[-1]]}{at}"
    cost, benefit = f"{letters['cost']}{at}", f"{letters['benefit']}{at}"
    profiled = sum(project.cost_by_year.values(), Decimal(0))
    left = "" if project.cost is None or not project.cost_by_year else float(project.cost - profiled)
    shown: dict[str, Content] = {
        key: number(value) if isinstance(value, Decimal) else value for key, value in _inputs(project).items()
    }
    shown |= {
        "id": project.id,
        REVISION: str(project.revision),
        "profiled": Formula(f"SUM({years})", float(profiled)),
        "unprofiled": Formula(f'IF(OR({cost}="",COUNT({years})=0),"",{cost}-SUM({years}))', left),
        "benefit_per_cost": Formula(
            f'IF(AND(ISNUMBER({benefit}),N({cost})>0),{benefit}/{cost},"")', _ratio(project)
        ),
        "registration": project.registration,
        "status": project.status,
    }
    return [shown.get(column.key) for column in columns]


def _ratio(project: ProjectLine) -> float | str:
    if project.benefit is None or not project.cost or project.cost < 0:
        return ""
    return float(project.benefit) / float(project.cost)
