"""A plan stays short enough to be read at once, and to be followed up."""

from gevinst_shared.values.refusal import Refusal

MOST_PER_BENEFIT = 50


class TooManyHere(Refusal):
    code = "too-many-here"
    title = "There are too many"
    detail = "There are {count} here already, and nobody can follow up more than {most}. Join some of them."


def refuse_too_many(count: int, *, most: int = MOST_PER_BENEFIT) -> None:
    """Refuse one more than `most`."""
    if count >= most:
        raise TooManyHere(count=count, most=most)
