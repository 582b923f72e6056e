"""The reader's language, and the texts of refusals in it."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "nb", "nn", "da", "sv")
_ALSO = {"no": "nb"}


def language_of(accept: str | None) -> str:
    """The first of our languages that `Accept-Language` asks for, by weight; English when there is none."""
    if not accept:
        return "en"
    wanted = []
    for place, part in enumerate(accept[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.lower().split("-")[0]))
        except ValueError:
            continue
    for _, _, tag in sorted(wanted):
        language = _ALSO.get(tag, tag)
        if language in LANGUAGES:
            return language
    return "en"


class Texts:
    """The translated titles and details of refusals, from the `texts/` of the packages given."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._texts: dict[str, dict[str, Mapping[str, str]]] = {language: {} for language in LANGUAGES}
        for package in packages:
            for language in LANGUAGES[1:]:
                self._texts[language] |= read_texts(package, language)

    def title(self, code: str, language: str, otherwise: str) -> str:
        return self._texts[language].get(code, {}).get("title", otherwise)

    def detail(self, code: str, language: str, otherwise: str) -> str:
        return self._texts[language].get(code, {}).get("detail", otherwise)


@cache
def read_texts(package: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """A package's texts in one language: code → title and detail; empty when it has none."""
    file = files(package) / "texts" / f"{language}.json"
    if not file.is_file():
        return {}
    texts: Mapping[str, Mapping[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return texts
