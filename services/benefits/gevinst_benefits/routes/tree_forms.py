"""The forms in which a benefit tree is answered beside JSON: its chart, and text for other programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from gevinst_benefits.domain.benefit_tree.exports import as_dot, as_mermaid
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree
from gevinst_benefits.domain.charts.benefit_tree import Problem
from gevinst_benefits.store.themes import find_theme
from gevinst_benefits.usecases.drawing import tree_chart
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.words import read_words
from gevinst_shared.db.work import Work
from gevinst_shared.web.charts import picture_answer
from gevinst_shared.web.negotiation import chosen_media

JSON_FORM, SVG = "application/json", "image/svg+xml"
MERMAID, DOT = "text/vnd.mermaid", "text/vnd.graphviz"
DRAWN_FORMS = (JSON_FORM, SVG, MERMAID, DOT)
_TEXT = {"schema": {"type": "string", "maxLength": 20_000_000}}
DRAWN_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "In the form that `Accept` asks for.",
        "content": {SVG: _TEXT, MERMAID: _TEXT, DOT: _TEXT},
    },
    406: {"description": "Not available in that form."},
    503: {"description": "Too many pictures at once."},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A tree as a reader sees it; `heading` is the code of its chart's title, which takes `name`."""

    tree: BenefitTree
    problems: Sequence[Problem]
    language: str
    heading: str
    name: str


def form_of(request: Request, forms: Sequence[str]) -> str:
    return chosen_media(request.headers.get("accept"), forms)


async def drawn(form: str, shown: Shown, request: Request, work: Work) -> Response:
    """The tree in one of the forms of `DRAWN_FORMS` other than JSON."""
    if form == SVG:
        return await _picture(shown, request, work)
    text = as_mermaid(shown.tree) if form == MERMAID else as_dot(shown.tree)
    headers = {"Content-Language": shown.language, "Vary": "Accept, Accept-Language"}
    return Response(text, media_type=form, headers=headers)


async def _picture(shown: Shown, request: Request, work: Work) -> Response:
    theme = await find_theme(work.connection, work.organisation)
    view = View(read_words("gevinst_benefits", shown.language), theme)
    chart = await tree_chart(shown.tree, shown.name, lambda: shown.problems, view, heading=shown.heading)
    return picture_answer(request, chart, theme)
