"""Why runs failed, in the reader's language: a run keeps its refusal's code and values."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from gevinst_shared.web.languages import language_of, read_texts


def translated(request: Request, document: str) -> str:
    """The JSON of a run, or of a list of runs, with each error's title and detail as the caller reads."""
    language = language_of(request.headers.get("accept-language"))
    texts = {**read_texts("gevinst_shared", language), **read_texts("gevinst_portfolio", language)}
    if not texts or '"error"' not in document:
        return document
    found = json.loads(document)
    for run in found if isinstance(found, list) else [found]:
        if "error" in run:
            run["error"] |= _said(texts.get(run["error"]["code"], {}), run["error"]["values"])
    return json.dumps(found, ensure_ascii=False)


def _said(text: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    return {name: sentence.format(**values) for name, sentence in text.items()}
