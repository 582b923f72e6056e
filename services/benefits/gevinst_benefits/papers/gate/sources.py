"""Where the figures come from, so that anybody can check them (E2)."""

from collections.abc import Iterator

from gevinst_benefits.papers.gate.facts import CaseFacts, GateFacts
from gevinst_shared.papers.model import Block, Facts, Heading, Paragraph
from gevinst_shared.papers.wording import Words


def sources(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section: the frozen copy with its SHA-256, the case's version, and what it was computed with."""
    yield Heading(words.say("sources"))
    yield Paragraph(words.say("frozen", day=words.day(facts.proposed_on)))
    case = facts.case
    rows = [
        (words.say("basis"), f"/benefits/v1/gates/{facts.gate_id}/basis"),
        ("SHA-256", facts.basis_sha256),
        (words.say("organisation"), facts.organisation),
        (
            words.say("case"),
            words.say("missing") if case is None else words.say("version", number=case.number),
        ),
    ]
    if case is not None:
        rows += _computed_with(case, words)
    yield Facts(tuple(rows))
    yield Paragraph(words.say("rounded"))


def _computed_with(case: CaseFacts, words: Words) -> Iterator[tuple[str, str]]:
    yield words.say("regime"), case.regime
    if case.index is not None:
        yield words.say("index"), case.index
