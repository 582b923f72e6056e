"""A portfolio as a file that people fill in."""

import asyncio
from uuid import UUID

from gevinst_portfolio.domain.workbooks.csv_file import write_csv
from gevinst_portfolio.domain.workbooks.portfolio_book import portfolio_workbook
from gevinst_portfolio.domain.workbooks.project_sheet import project_sheet
from gevinst_portfolio.domain.workbooks.titles import workbook_titles
from gevinst_portfolio.domain.workbooks.xlsx import write_xlsx
from gevinst_portfolio.usecases.filling import workbook_figures
from gevinst_shared.db.work import Work


async def portfolio_as_workbook(
    work: Work, portfolio_id: UUID, *, scenario_id: UUID | None, language: str
) -> bytes:
    """The workbook with live formulas; a large one takes a second, beside the other requests."""
    figures = await workbook_figures(work, portfolio_id, scenario_id=scenario_id)
    titles = workbook_titles(language)
    return await asyncio.to_thread(lambda: write_xlsx(portfolio_workbook(figures, titles)))


async def projects_as_csv(work: Work, portfolio_id: UUID, *, language: str) -> bytes:
    """The sheet of projects as CSV, with the signs of the reader's country."""
    figures = await workbook_figures(work, portfolio_id)
    sheet = project_sheet(figures, workbook_titles(language))
    return write_csv(sheet, has_decimal_comma=language != "en")
