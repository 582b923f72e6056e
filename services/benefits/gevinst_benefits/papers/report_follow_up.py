"""What a monthly report's paper says beside the report: the project's measures, and what waits (B13)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

Json = Mapping[str, Any]
MOST_MEASURES = 20


def measures(
    found: Sequence[Json], people: Mapping[str, str], words: Words, *, today: date
) -> Iterator[Block]:
    """The section: what is to be decided, who follows up what until when, and what came of the rest."""
    yield Heading(words.say("measures"))
    if not found:
        yield Paragraph(words.say("no-measures"))
        return
    waiting_count = sum(one["state"] == "proposed" for one in found)
    if waiting_count:
        yield Note(words.say("measures-waiting", count=waiting_count))
    columns = (
        Column(words.say("measure"), 7),
        Column(words.say("state"), 3),
        Column(words.say("condition-owner"), 3),
        Column(words.say("due"), 3),
        Column(words.say("reason-or-note"), 5),
    )
    rows = tuple(_measure(one, people, words, today) for one in found[:MOST_MEASURES])
    yield Table(words.say("measures-table"), columns, rows)
    yield from not_shown(len(found), MOST_MEASURES, words)


def waiting(known: Json, words: Words, *, is_of_today: bool) -> Iterator[Block]:
    """The section: how the benefits stand, and conditions, actions and measurements that wait."""
    yield Heading(words.say("waits"))
    yield Paragraph(words.say("known-now" if is_of_today else "known-then"))
    states = [
        words.say("state-count", state=words.term("state", state), count=count)
        for state, count in known["benefits"].items()
    ]
    yield Facts(
        (
            (words.say("benefits-by-state"), "\n".join(states) or words.say("no-benefit")),
            (words.say("indicators-overdue"), str(known["indicators_overdue"])),
            (words.say("measures-overdue"), str(known["measures_overdue"])),
        )
    )
    lists = {
        "waiting-conditions": ("open_conditions", "condition"),
        "overdue-actions": ("overdue_actions", "action"),
    }
    for caption, (name, title) in lists.items():
        found = known[name]
        if found:
            columns = (Column(words.say(title), 7), Column(words.say("due"), 3))
            rows = tuple(Row((one["name"], words.day(date.fromisoformat(one["due_on"])))) for one in found)
            yield Table(words.say(caption), columns, rows)
            # A report that was submitted before this was counted does not say.
            yield from not_shown(len(found) + known.get(f"{name}_more", 0), len(found), words)
    if not any(known[name] for name, _ in lists.values()):
        yield Paragraph(words.say("nothing-waits"))


def _measure(one: Json, people: Mapping[str, str], words: Words, today: date) -> Row:
    deadline = None if "deadline" not in one else date.fromisoformat(one["deadline"])
    is_overdue = one["state"] == "decided" and deadline is not None and deadline < today
    day = DASH if deadline is None else words.day(deadline)
    owner = DASH if "owner_id" not in one else people.get(one["owner_id"], words.say("unknown-person"))
    cells = (
        one["text"],
        words.term("measure", one["state"]),
        owner,
        words.say("overdue-by", day=day) if is_overdue else day,
        one.get("note") or one.get("decision_reason") or DASH,
    )
    return Row(cells, is_strong=is_overdue or one["state"] == "proposed")
