"""The sheet of scores: one column per criterion, and the weighted total that follows (P6)."""

from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures, Titles, number
from gevinst_portfolio.domain.workbooks.review import NOTE_MARK, REVISION, Expected, Registered
from gevinst_portfolio.domain.workbooks.sheets import (
    HEAD_ROWS,
    CellKind,
    Column,
    Content,
    Formula,
    Sheet,
    column_letters,
)

_FIRST = 3  # columns before the criteria
# The rows of weights and of the ends of the scales, before the projects.
MODEL_ROWS = ("weight", "worst", "best")


def score_columns(figures: PortfolioFigures, titles: Titles) -> tuple[Column, ...]:
    return (
        Column("project", "Id", CellKind.KEY),
        Column(REVISION, "Revision", CellKind.KEY),
        Column("name", titles["name"], CellKind.TEXT, width=44),
        *(Column(each.id, each.name, CellKind.NUMBER, is_input=True, width=18) for each in figures.criteria),
        Column("total", titles["total_score"], CellKind.NUMBER, width=12),
    )


def score_sheet(figures: PortfolioFigures, titles: Titles) -> Sheet:
    """The reader's own scores. Weights and scales stand above them, so that a formula can be followed."""
    columns = score_columns(figures, titles)
    model: list[list[Content]] = [
        [f"{NOTE_MARK}{row}", None, titles[row], *(getattr(each, row) for each in figures.criteria), None]
        for row in MODEL_ROWS
    ]
    rows = [
        [
            project.id,
            figures.score_revisions.get(project.id, "0"),
            project.name,
            *(number(figures.scores.get(project.id, {}).get(each.id)) for each in figures.criteria),
            _total(figures, project.id, at),
        ]
        for at, project in enumerate(figures.projects, start=HEAD_ROWS + len(MODEL_ROWS) + 1)
    ]
    return Sheet(
        "scores", titles["scores"], columns, model + rows, note=titles["scores_note"], frozen_columns=3
    )


def expected_scores(figures: PortfolioFigures, titles: Titles) -> Expected:
    rows = {
        project.id: Registered(
            figures.score_revisions.get(project.id, "0"),
            project.name,
            {each.id: figures.scores.get(project.id, {}).get(each.id) for each in figures.criteria},
        )
        for project in figures.projects
    }
    return Expected("scores", score_columns(figures, titles), rows)


def _total(figures: PortfolioFigures, project_id: str, at: int) -> Content:
    """100 × the weighted mean of how good each score is on its scale; empty without a score."""
    if not figures.criteria:
        return None
    last = _FIRST + len(figures.criteria) - 1
    first, end = column_letters(_FIRST), column_letters(last)
    given = f"{first}{at}:{end}{at}"
    weight, worst, best = (f"${first}${HEAD_ROWS + n}:${end}${HEAD_ROWS + n}" for n in (1, 2, 3))
    counted = f"SUMPRODUCT(ISNUMBER({given})*{weight})"
    good = f"SUMPRODUCT(ISNUMBER({given})*{weight}*({given}-{worst})/({best}-{worst}))"
    return Formula(f'IF({counted}=0,"",100*{good}/{counted})', _points(figures, project_id))


def _points(figures: PortfolioFigures, project_id: str) -> float | str:
    scores = figures.scores.get(project_id, {})
    scored = [(each, float(scores[each.id])) for each in figures.criteria if scores.get(each.id) is not None]
    counted = sum(each.weight for each, _ in scored)
    if not counted:
        return ""
    good = sum(each.weight * (value - each.worst) / (each.best - each.worst) for each, value in scored)
    return 100 * good / counted
