"""What can be refused, as data: for `x-problems` of an OpenAPI document and the page /docs/problems."""

from collections.abc import Mapping
from typing import Any

from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.languages import LANGUAGES, Texts


def problem_table(statuses: Mapping[type[Refusal], int], texts: Texts) -> dict[str, Any]:
    """Each refusal by its code, in the order of codes: the status, and title and detail by language.

    `{names}` in a detail stand for what the refused request brings along.
    """
    return {
        refusal.code: {
            "status": status,
            "texts": {
                language: {
                    "title": texts.title(refusal.code, language, refusal.title),
                    "detail": texts.detail(refusal.code, language, refusal.detail),
                }
                for language in LANGUAGES
            },
        }
        for refusal, status in sorted(statuses.items(), key=lambda entry: entry[0].code)
    }
