"""What there is, and what the plan takes of it: people and change load per quarter, money per year (P4).

The sheet of what is taken has the shape of the sheet of what there is, so that each cell has its limit.
"""

from collections import defaultdict
from decimal import Decimal

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, Titles, number
from gevinst_portfolio.domain.workbooks.plan_sheets import needs_of, spending_of, taken
from gevinst_portfolio.domain.workbooks.review import REVISION, Expected, Registered
from gevinst_portfolio.domain.workbooks.sheets import (
    HEAD_ROWS,
    CellKind,
    Column,
    Content,
    Formula,
    Sheet,
    cell_name,
    column_letters,
)

# Columns before the quarters or years.
_RESOURCE_FACTS, _MONEY_FACTS = 5, 3


def capacity_columns(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    return (*_resource_facts(titles), *(_quarter_column(each, is_input=True) for each in _quarters(figures)))


def capacity_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    rows = [
        [
            each.id,
            str(each.revision),
            each.name,
            each.kind,
            each.measure,
            *(number(each.capacity.get(quarter)) for quarter in _quarters(figures)),
        ]
        for each in figures.resources
    ]
    columns = capacity_columns(figures, titles)
    note = titles["capacity_note"]
    return Sheet("capacity", titles["capacity"], columns, rows, note=note, frozen_columns=_RESOURCE_FACTS)


def expected_capacity(figures: PortfolioFigures, titles: Titles) -> Expected:
    rows = {
        each.id: Registered(
            str(each.revision),
            each.name,
            {str(quarter): each.capacity.get(quarter) for quarter in _quarters(figures)},
        )
        for each in figures.resources
    }
    return Expected("capacity", capacity_columns(figures, titles), rows)


def load_sheet(figures: PortfolioFigures, titles: Titles, *, needs: Sheet, capacity: Sheet) -> Sheet:
    """P3: what the plan takes of each resource, red where that is more than there is."""
    loads: dict[tuple[str, Quarter], Decimal] = defaultdict(Decimal)
    for profile in needs_of(figures):
        for quarter, amount in profile.taken(figures):
            loads[profile.of_key, quarter] += amount
    rows: list[list[Content]] = []
    for at, each in enumerate(figures.resources, start=HEAD_ROWS + 1):
        facts: list[Content] = [each.id, str(each.revision), each.name, each.kind, each.measure]
        for place, quarter in enumerate(_quarters(figures)):
            text = taken(needs, f"$C{at}", f"@={place}")
            facts.append(Formula(text, float(loads[each.id, quarter])))
        rows.append(facts)
    columns = (
        *_resource_facts(titles),
        *(_quarter_column(each, is_input=False) for each in _quarters(figures)),
    )
    return Sheet(
        "load",
        titles["load"],
        columns,
        rows,
        note=titles["load_note"],
        limits=_first_cell(capacity, _RESOURCE_FACTS),
        frozen_columns=_RESOURCE_FACTS,
    )


def budget_columns(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    return (*_money_facts(titles), *(_year_column(year, is_input=True) for year in _years(figures)))


def budget_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    rows = [
        [
            _budget_key(figures, kind),
            str(figures.budget_version),
            titles[kind.value],
            *(number(figures.budget.get((year, kind))) for year in _years(figures)),
        ]
        for kind in CostKind
    ]
    columns = budget_columns(figures, titles)
    return Sheet("budget", titles["budget"], columns, rows, note=titles["budget_note"], frozen_columns=3)


def expected_budget(figures: PortfolioFigures, titles: Titles) -> Expected:
    rows = {
        _budget_key(figures, kind): Registered(
            str(figures.budget_version),
            titles[kind.value],
            {str(year): figures.budget.get((year, kind)) for year in _years(figures)},
        )
        for kind in CostKind
    }
    return Expected("budget", budget_columns(figures, titles), rows)


def money_sheet(figures: PortfolioFigures, titles: Titles, *, spending: Sheet, budget: Sheet) -> Sheet:
    """What the plan spends each year, red where that is more than the budget of the year."""
    spent: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for profile in spending_of(figures):
        for quarter, amount in profile.taken(figures):
            spent[quarter.year, profile.of_key] += amount
    rows: list[list[Content]] = []
    for kind in CostKind:
        facts: list[Content] = [kind.value, str(figures.budget_version), titles[kind.value]]
        for year in _years(figures):
            when = f"INT((@+{figures.first.index})/4)={year}"
            facts.append(Formula(taken(spending, f'"{kind.value}"', when), float(spent[year, kind.value])))
        rows.append(facts)
    columns = (*_money_facts(titles), *(_year_column(year, is_input=False) for year in _years(figures)))
    limits = _first_cell(budget, _MONEY_FACTS)
    return Sheet(
        "money", titles["money"], columns, rows, note=titles["money_note"], limits=limits, frozen_columns=3
    )


def _budget_key(figures: PortfolioFigures, kind: CostKind) -> str:
    """The budget of one portfolio is no row of another's."""
    return f"{figures.id}/{kind.value}"


def _quarters(figures: PortfolioFigures) -> list[Quarter]:
    return [figures.first.plus(count) for count in range(figures.quarters)]


def _years(figures: PortfolioFigures) -> range:
    return range(figures.first.year, figures.first.plus(figures.quarters - 1).year + 1)


def _resource_facts(titles: Titles) -> tuple[Column, ...]:
    return (
        Column("id", "Id", CellKind.KEY),
        Column(REVISION, "Revision", CellKind.KEY),
        Column("name", titles["name"], CellKind.TEXT, width=40),
        Column("kind", titles["kind"], CellKind.TEXT, width=14),
        Column("measure", titles["measure"], CellKind.TEXT, width=14),
    )


def _money_facts(titles: Titles) -> tuple[Column, ...]:
    return (
        Column("kind", "Kind", CellKind.KEY),
        Column(REVISION, "Revision", CellKind.KEY),
        Column("name", titles["kind"], CellKind.TEXT, width=24),
    )


def _quarter_column(quarter: Quarter, *, is_input: bool) -> Column:
    return Column(str(quarter), str(quarter), CellKind.NUMBER, is_input=is_input, width=10, least=0)


def _year_column(year: int, *, is_input: bool) -> Column:
    return Column(str(year), str(year), CellKind.MONEY, is_input=is_input, width=18, least=0)


def _first_cell(sheet: Sheet, place: int) -> str:
    quoted = sheet.title.replace("'", "''")
    return f"'{quoted}'!{column_letters(place)}{cell_name(HEAD_ROWS, 0)[1:]}"
