"""Sentences of answers in the reader's language, out of the package's `sentences/`."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from fastapi import Request

from gevinst_shared.web.languages import language_of


def sayer(request: Request) -> Callable[..., str]:
    """A function that makes the sentence of a code, with its placeholders as keyword arguments."""
    sentences = read_sentences(language_of(request.headers.get("accept-language")))

    def say(code: str, **values: object) -> str:
        return sentences[code].format(**values)

    return say


@cache
def read_sentences(language: str) -> Mapping[str, str]:
    """The sentences of one language, by code."""
    text = (files("gevinst_portfolio") / "sentences" / f"{language}.json").read_text("utf-8")
    found: Mapping[str, str] = json.loads(text)
    return found
