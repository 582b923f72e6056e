"""The pictures of a meeting's paper: the same charts as elsewhere, of the plans that it shall decide."""

from uuid import UUID

from gevinst_portfolio.domain.analyses import AnalysisKind
from gevinst_portfolio.store.analyses import last_of_kind
from gevinst_portfolio.store.themes import find_theme
from gevinst_portfolio.usecases import drawing
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.papers.illustrations import illustration, view_for_print
from gevinst_shared.papers.model import Block
from gevinst_shared.papers.wording import Words


async def bubbles_picture(work: Work, portfolio_id: UUID, words: Words) -> Block:
    """The portfolio's projects by value and feasibility."""
    view = await _view(work, words)
    return illustration(await drawing.draw_bubbles(work, portfolio_id, None, view), view, words)


async def scenario_pictures(work: Work, scenario_id: UUID, words: Words) -> tuple[Block, ...]:
    """The scenario's frontier if anybody asked for it (P7), its roadmap and its load map (P3, P4)."""
    view = await _view(work, words)
    charts = [
        await drawing.draw_scenario_roadmap(work, scenario_id, view),
        await drawing.draw_scenario_load(work, scenario_id, view),
    ]
    analysis_id = await last_of_kind(work.connection, scenario_id, AnalysisKind.FRONTIER)
    if analysis_id is not None:
        charts.insert(0, await drawing.draw_frontier(work, analysis_id, view))
    return tuple(illustration(chart, view, words) for chart in charts)


async def _view(work: Work, words: Words) -> View:
    return view_for_print(words, await find_theme(work.connection, work.organisation))
