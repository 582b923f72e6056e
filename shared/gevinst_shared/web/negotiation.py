"""Which of several representations a caller wants, and in which language (RFC 9110, 12.5)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Header

from gevinst_shared.values.refusal import Refusal

AcceptLanguage = Annotated[
    str | None,
    Header(
        alias="Accept-Language",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
        description="nb, nn, da, sv or en; English when none of them is asked for.",
        examples=["nb"],
    ),
]
# More than any client sends.
_LONGEST, _MOST_RANGES = 1000, 50


class NotOffered(Refusal):
    """None of the media types in `Accept` is there."""

    code = "representation-not-offered"
    title = "Not available in that form"
    detail = "This is available as {offered}. Ask for one of them with the Accept header."


def chosen_media(accept: str | None, offered: Sequence[str]) -> str:
    """The offered media type with the largest weight, the first of equals; `NotOffered` when none is wanted.

    The most specific range decides a type's weight, and a weight of 0 excludes it. No header means anything.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept[:_LONGEST].split(",")[:_MOST_RANGES]]
    weights = [_weight(media, ranges) for media in offered]
    best = max(weights)
    if best <= 0:
        raise NotOffered(offered=", ".join(offered))
    return offered[weights.index(best)]


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return name, _quality(value.strip())
    return name, 1.0


def _quality(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _weight(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    kind = media.partition("/")[0]
    for wanted in (media, f"{kind}/*", "*/*"):
        found = [weight for name, weight in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
