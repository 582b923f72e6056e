"""The forms in which a benefit tree is answered beside JSON: a picture, and text for other programs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from gevinst_benefits.domain.benefit_tree.checks import TreeFinding
from gevinst_benefits.domain.benefit_tree.exports import as_dot, as_mermaid
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree
from gevinst_benefits.domain.tree_picture.layout import layout_of
from gevinst_benefits.domain.tree_picture.svg import Words, tree_svg
from gevinst_benefits.routes.representations import wanted_form
from gevinst_benefits.schemas.benefit_trees import TreeFindingOut

JSON_FORM, SVG = "application/json", "image/svg+xml"
MERMAID, DOT = "text/vnd.mermaid", "text/vnd.graphviz"
DRAWN_FORMS = (JSON_FORM, SVG, MERMAID, DOT)
_TEXT = {"schema": {"type": "string", "maxLength": 20_000_000}}
DRAWN_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "In the form that `Accept` asks for.",
        "content": {SVG: _TEXT, MERMAID: _TEXT, DOT: _TEXT},
    }
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A tree as a reader sees it."""

    tree: BenefitTree
    findings: Sequence[TreeFinding]
    said: Sequence[TreeFindingOut]
    words: Words


def form_of(request: Request, forms: Sequence[str]) -> str:
    return wanted_form(request.headers.get("accept"), forms)


async def drawn(form: str, shown: Shown) -> Response:
    """The tree in one of the forms of `DRAWN_FORMS` other than JSON."""
    # Away from the event loop: a large tree takes seconds.
    content = await asyncio.to_thread(_content, form, shown)
    headers = {"Content-Language": shown.words.language, "Vary": "Accept, Accept-Language"}
    return Response(content, media_type=form, headers=headers)


def _content(form: str, shown: Shown) -> str:
    match form:
        case "image/svg+xml":
            said = {number: one.text for number, one in enumerate(shown.said)}
            return tree_svg(shown.tree, layout_of(shown.tree), shown.words, shown.findings, said)
        case "text/vnd.mermaid":
            return as_mermaid(shown.tree)
        case _:
            return as_dot(shown.tree)
