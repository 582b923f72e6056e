"""What can stand on another's page: a chart or a status page, by its path and query."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from gevinst_shared.embeds.refusals import NotEmbeddable

LONGEST_RESOURCE = 500
_MOST_PARAMETERS = 10
_LANGUAGES = ("en", "nb", "nn", "da", "sv")
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PATH = re.compile(rf"(?:/[a-z]+(?:-[a-z]+)*/{_UUID}|/duties)/(?:charts/[a-z]+(?:-[a-z]+)*|status-page)")


@dataclass(frozen=True, slots=True)
class Resource:
    """`parameters` are sorted, so that two ways to write the same are equal; `language` is one of them."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def language(self) -> str | None:
        return self.parameter("language")

    @property
    def is_status_page(self) -> bool:
        return self.path.endswith("/status-page")

    def parameter(self, name: str) -> str | None:
        return dict(self.parameters).get(name)

    def query(self, **instead: str) -> str:
        """What is asked of the operation itself, which takes its language from a header."""
        asked = {**dict(self.parameters), **instead}
        asked.pop("language", None)
        return urlencode(asked)

    def __str__(self) -> str:
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path


def resource_of(text: str) -> Resource:
    """The resource, or `NotEmbeddable`.   Check: …/charts/tornado?width=400&language=nb has language nb."""
    path, _, query = text.partition("?")
    refused = NotEmbeddable(resource=text[:200], pointer="/body/resource")
    if len(text) > LONGEST_RESOURCE or not text.isascii() or not _PATH.fullmatch(path):
        raise refused
    try:
        parameters = parse_qsl(query, strict_parsing=bool(query), max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise refused from None
    found = Resource(path, tuple(sorted(parameters)))
    if len(dict(parameters)) != len(parameters) or found.language not in {None, *_LANGUAGES}:
        raise refused
    return found
