"""The words of a workbook in the reader's language, shipped with the package."""

import json
from functools import cache
from importlib.resources import files

from gevinst_portfolio.domain.workbooks.figures import Titles

_PLACE = files("gevinst_portfolio") / "texts" / "workbook"


@cache
def workbook_titles(language: str) -> Titles:
    """The words by key; `language` is one of ours."""
    titles: Titles = json.loads((_PLACE / f"{language}.json").read_text(encoding="utf-8"))
    return titles
