"""Which of several forms of an answer the caller wants, from `Accept`."""

from collections.abc import Sequence
from fnmatch import fnmatchcase


def wanted_form(accept: str | None, forms: Sequence[str]) -> str:
    """The one of `forms` (media types) that `accept` prefers, by weight and then in its order; the first
    when it names none of them, or any."""
    ranges = []
    for part in (accept or "")[:2000].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        ranges.append((-_weight(weight), name))
    for minus_weight, name in sorted(ranges, key=lambda one: one[0]):
        found = next((form for form in forms if name.count("/") == 1 and fnmatchcase(form, name)), None)
        if found is not None and minus_weight < 0:
            return found
    return forms[0]


def _weight(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
