"""The checklist's answers, the open mandatory items first (G5)."""

from collections.abc import Iterator, Sequence

from gevinst_benefits.domain.gates.conditions import UNSETTLED, ConditionState
from gevinst_benefits.papers.gate.facts import GateFacts, ItemFacts, StandingFacts
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

# The paper's length is bounded; the count in the title is of all.
MOST_CONDITIONS = 50
_WAITING = frozenset(state.value for state in (*UNSETTLED, ConditionState.LAPSED))


def checklist(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section: how many mandatory items are open, and every item with its answer."""
    yield Heading(words.say("checklist"))
    items = facts.checklist
    if items:
        yield from _items(items, words)
    else:
        yield Paragraph(words.say("no-checklist"))
    if facts.standing:
        yield _standing(facts.standing, words)
        yield from not_shown(len(facts.standing), MOST_CONDITIONS, words)


def _standing(standing: Sequence[StandingFacts], words: Words) -> Table:
    """G7: what earlier gates asked, and how far it has come; what is still open first."""
    columns = (
        Column(words.say("condition"), 12),
        Column(words.say("condition-owner"), 6),
        Column(words.say("deadline"), 5),
        Column(words.say("condition-state"), 4),
    )
    ordered = sorted(standing, key=lambda one: (one.state not in _WAITING, one.condition.deadline))
    rows = tuple(
        Row(
            (
                one.condition.text,
                one.condition.owner,
                words.day(one.condition.deadline),
                words.term("condition", one.state),
            ),
            is_strong=one.state in _WAITING,
        )
        for one in ordered[:MOST_CONDITIONS]
    )
    return Table(words.say("earlier-conditions", count=len(standing)), columns, rows)


def _items(items: Sequence[ItemFacts], words: Words) -> Iterator[Block]:
    mandatory = [item for item in items if item.is_mandatory]
    still_open = sum(item.is_open for item in mandatory)
    if still_open:
        yield Note(words.say("mandatory-open", open=still_open, count=len(mandatory)))
    else:
        yield Paragraph(words.say("mandatory-done", count=len(mandatory)))
    columns = (
        Column(words.say("item"), 6),
        Column(words.say("mandatory"), 2),
        Column(words.say("answer"), 2),
        Column(words.say("reason"), 4),
    )
    rows = tuple(_row(item, words) for item in sorted(items, key=_attention))
    yield Table(words.say("checklist-table"), columns, rows)


def _attention(item: ItemFacts) -> tuple[bool, bool]:
    """Open mandatory items, other open ones, then what is answered; the order of the model within each."""
    return not item.is_open, not item.is_mandatory


def _row(item: ItemFacts, words: Words) -> Row:
    mandatory = words.term("answer", "yes" if item.is_mandatory else "no")
    answer = words.term("answer", item.answer or "none")
    return Row(
        (item.text, mandatory, answer, item.reason or DASH), is_strong=item.is_mandatory and item.is_open
    )
