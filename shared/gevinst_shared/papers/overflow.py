"""What a paper leaves out, it says."""

from collections.abc import Iterator

from gevinst_shared.papers.model import Paragraph
from gevinst_shared.papers.wording import Words


def not_shown(whole: int, shown: int, words: Words) -> Iterator[Paragraph]:
    """How many of `whole` are not among the `shown`; nothing where all are."""
    if whole > shown:
        yield Paragraph(words.say("more-rows", count=whole - shown))
