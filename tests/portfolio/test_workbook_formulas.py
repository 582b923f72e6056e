"""LibreOffice comes to our figures: every formula of a portfolio's workbook, calculated anew."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.workbooks.figures import (
    CriterionLine,
    PortfolioFigures,
    ProjectLine,
    ResourceLine,
)
from gevinst_portfolio.domain.workbooks.portfolio_book import expected_sheets, portfolio_workbook
from gevinst_portfolio.domain.workbooks.review import review
from gevinst_portfolio.domain.workbooks.sheets import HEAD_ROWS, Formula, Workbook, cell_name
from gevinst_portfolio.domain.workbooks.xlsx import write_xlsx
from gevinst_shared.sheets.reading import read_workbook
from gevinst_shared.web.languages import LANGUAGES
from tests.support.office import recalculated

FIRST = Quarter.read("2027-Q1")
LONGEST_TAB = 31


def titles(language: str) -> dict[str, str]:
    text = (files("gevinst_portfolio") / "texts" / "workbook" / f"{language}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def made_up(count: int, seed: int = 1) -> PortfolioFigures:
    """A portfolio with withheld figures, unscored projects, and more than there is capacity for."""
    random = Random(seed)
    criteria = [
        CriterionLine(f"c{n}", f"Mål nr. {n}", weight, *ends)
        for n, (weight, ends) in enumerate([(25.0, (1.0, 5.0)), (20.0, (0.0, 100.0)), (15.0, (5.0, 1.0))])
    ]
    resources = [
        ResourceLine(
            f"r{n}",
            n + 1,
            f"Rolle {n}",
            "role",
            "månedsverk",
            {FIRST.plus(quarter): Decimal(random.randint(0, 9)) for quarter in range(0, 14, 1 + n % 2)},
        )
        for n in range(4)
    ]
    projects = [_project(random, n) for n in range(count)]
    return PortfolioFigures(
        id="portfolio",
        name="Fjordvik",
        projects=projects,
        units=["Helse", "Oppvekst"],
        criteria=criteria,
        scores={
            one.id: {c.id: Decimal(random.randint(1, 5)) for c in criteria if random.random() < 0.7}
            for one in projects
        },
        score_revisions={one.id: str(random.randint(0, 5)) for one in projects},
        resources=resources,
        budget={(2027, CostKind.INVESTMENT): Decimal("5000000.25")},
        budget_version=2,
        starts={one.id: FIRST.plus(random.randint(-2, 12)) for one in projects if random.random() < 0.8},
        first=FIRST,
        quarters=14,
    )


def _project(random: Random, number: int) -> ProjectLine:
    cost = Decimal(random.randint(100_00, 9_000_000_00)) / 100
    parts = tuple((cost / 4).quantize(Decimal("0.01")) for _ in range(4))
    return ProjectLine(
        id=f"p{number}",
        revision=random.randint(1, 9),
        name=f"=Prosjekt {number} på øya",
        need=random.choice([None, "Behov"]),
        category=None,
        source="own-idea",
        source_key=None,
        is_statutory=random.random() < 0.1,
        unit=random.choice([None, "Helse"]),
        start=random.choice([None, date(2027, 2, 28)]),
        end=None,
        cost=random.choice([None, cost]),
        benefit=random.choice([None, cost * 2]),
        cost_by_year={(2027, CostKind.INVESTMENT): parts[0]} if random.random() < 0.6 else {},
        needs={
            f"r{n}": tuple(Decimal(random.randint(0, 30)) / 10 for _ in range(random.randint(1, 9)))
            for n in range(4)
            if random.random() < 0.4
        },
        spending={CostKind.INVESTMENT: parts, CostKind.OPERATION: parts[:2]},
        registration="central",
        status="proposed",
    )


def formulas(workbook: Workbook) -> Iterator[tuple[str, int, int, Formula]]:
    for sheet in workbook.sheets:
        for row, contents in enumerate(sheet.rows, start=HEAD_ROWS):
            for column, content in enumerate(contents):
                if isinstance(content, Formula):
                    yield sheet.title, row, column, content


def without_figures(workbook: Workbook) -> Workbook:
    """The same formulas with figures that are all wrong: whoever shows ours has calculated them."""
    sheets = tuple(
        replace(
            sheet,
            rows=[
                [Formula(each.text, -77.0) if isinstance(each, Formula) else each for each in row]
                for row in sheet.rows
            ],
        )
        for sheet in workbook.sheets
    )
    return replace(workbook, sheets=sheets)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_calculates_our_figures(language: str, tmp_path: Path) -> None:
    workbook = portfolio_workbook(made_up(40), titles(language))

    saved = read_workbook(recalculated(write_xlsx(without_figures(workbook)), tmp_path))

    rows = {table.name: table.rows for table in saved}
    found = list(formulas(workbook))
    assert len(found) > 200
    for tab, row, column, formula in found:
        got = rows[tab][row][column]
        figure = None if formula.figure == "" else formula.figure
        told = f"{tab}!{cell_name(row, column)}: {formula.text}"
        assert got == figure or got == pytest.approx(figure, rel=1e-12, abs=1e-6), told


@pytest.mark.slow
def test_what_libreoffice_saved_changes_nothing(tmp_path: Path) -> None:
    figures = made_up(40, seed=2)
    content = write_xlsx(portfolio_workbook(figures, titles("nb")))

    found = review(read_workbook(recalculated(content, tmp_path)), expected_sheets(figures, titles("nb")))

    assert (found.changes, found.faults) == ([], [])
    assert found.rows_read > 80


@pytest.mark.parametrize("count", [0, 1, 300])
def test_an_untouched_workbook_changes_nothing(count: int) -> None:
    figures = made_up(count)
    content = write_xlsx(portfolio_workbook(figures, titles("da")))

    found = review(read_workbook(content), expected_sheets(figures, titles("da")))

    assert (found.changes, found.faults) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_speaks_every_language(language: str) -> None:
    words, english = titles(language), titles("en")
    tabs = [sheet.title for sheet in portfolio_workbook(made_up(1), words).sheets]

    assert words.keys() == english.keys()
    assert all(words.values())
    assert len(set(tabs)) == len(tabs)
    assert all(len(tab) <= LONGEST_TAB for tab in tabs)
