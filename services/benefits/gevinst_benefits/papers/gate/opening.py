"""The first page: which gate of which project, what is recommended, and what was decided."""

from collections.abc import Iterator

from gevinst_benefits.papers.gate.facts import DecisionFacts, GateFacts, RulingFacts
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.wording import Words


def opening(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The title block, the recommendation with its conditions, and the decision when there is one."""
    yield Facts(tuple(_title_rows(facts, words)))
    yield Heading(words.say("recommendation"))
    yield from _ruling(facts.recommended, words)
    if facts.decision is not None:
        yield from _decision(facts.decision, words)


def _title_rows(facts: GateFacts, words: Words) -> Iterator[tuple[str, str]]:
    yield words.say("project"), facts.project
    yield words.say("gate"), facts.gate
    phase = facts.phase
    if facts.round > 1:
        phase = words.say("phase-round", phase=phase, round=facts.round)
    yield words.say("phase"), phase
    yield words.say("proposed"), words.say("by-on", who=facts.proposer, day=words.day(facts.proposed_on))
    yield words.say("decide-by"), words.day(facts.decide_by) if facts.decide_by else words.say("no-deadline")
    number = facts.decision.case_number if facts.decision else None
    yield words.say("case-number"), number or words.say("not-given")
    yield words.say("recommended-outcome"), words.term("outcome", facts.recommended.outcome)
    decided = words.term("outcome", facts.decision.ruling.outcome) if facts.decision else None
    yield words.say("decision"), decided or words.say("not-decided")


def _ruling(ruling: RulingFacts, words: Words) -> Iterator[Block]:
    outcome = words.term("outcome", ruling.outcome)
    if ruling.step_back_to is not None:
        outcome = words.say("step-back-to", outcome=outcome, phase=ruling.step_back_to)
    yield Note(outcome)
    yield Paragraph(ruling.reason or words.say("no-reason"))
    if ruling.conditions:
        columns = (
            Column(words.say("condition"), 12),
            Column(words.say("condition-owner"), 5),
            Column(words.say("deadline"), 5),
        )
        rows = tuple(Row((one.text, one.owner, words.day(one.deadline))) for one in ruling.conditions)
        yield Table(words.say("conditions", count=len(rows)), columns, rows)


def _decision(decision: DecisionFacts, words: Words) -> Iterator[Block]:
    yield Heading(words.say("decision"))
    day = words.day(decision.decided_on)
    rows = (
        (words.say("decided"), words.say("by-on", who=decision.decided_by, day=day)),
        (words.say("case-number"), decision.case_number or DASH),
    )
    yield Facts(rows)
    yield from _ruling(decision.ruling, words)
