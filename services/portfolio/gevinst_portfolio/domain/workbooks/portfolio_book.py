"""A portfolio as a workbook, and what is expected back."""

from gevinst_portfolio.domain.workbooks import capacity_sheets as capacities
from gevinst_portfolio.domain.workbooks import plan_sheets as plans
from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, Titles
from gevinst_portfolio.domain.workbooks.project_sheet import expected_projects, project_sheet
from gevinst_portfolio.domain.workbooks.review import Expected
from gevinst_portfolio.domain.workbooks.score_sheet import expected_scores, score_sheet
from gevinst_portfolio.domain.workbooks.sheets import Workbook


def portfolio_workbook(figures: PortfolioFigures, titles: Titles) -> Workbook:
    """Projects, scores, plan, needs, spending, capacity, load, budget and money, with live formulas.

    `titles` are the words in the reader's language. A start that is changed on the sheet of the plan moves
    loads and money.
    """
    plan = plans.plan_sheet(figures, titles)
    needs, spending = plans.need_sheet(figures, titles), plans.spending_sheet(figures, titles)
    capacity, budget = capacities.capacity_sheet(figures, titles), capacities.budget_sheet(figures, titles)
    sheets = (
        project_sheet(figures, titles),
        score_sheet(figures, titles),
        plan,
        capacities.load_sheet(figures, titles, needs=needs, capacity=capacity),
        capacities.money_sheet(figures, titles, spending=spending, budget=budget),
        capacity,
        budget,
        needs,
        spending,
    )
    return Workbook(figures.name, sheets, plans.plan_names(plan))


def expected_sheets(figures: PortfolioFigures, titles: Titles) -> list[Expected]:
    """The sheets whose inputs are read, as they would be downloaded now."""
    return [
        expected_projects(figures, titles),
        expected_scores(figures, titles),
        capacities.expected_capacity(figures, titles),
        capacities.expected_budget(figures, titles),
        plans.expected_needs(figures, titles),
    ]
