"""The agenda on the first page: what is to be decided, and afterwards what was."""

from collections.abc import Iterator

from gevinst_portfolio.papers.meeting.documents import Json, MeetingDocuments
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Heading, Note, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words


def agenda(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """The section; what was taken off the agenda is still told."""
    yield Heading(words.say("agenda"))
    if not documents.items:
        yield Note(words.say("agenda-empty"))
        return
    columns = (
        Column(words.say("number"), 2),
        Column(words.say("item"), 9),
        Column(words.say("kind"), 4),
        Column(words.say("decision" if documents.is_held else "proposed"), 9),
    )
    rows = tuple(_row(one, documents, words) for one in documents.items)
    yield Table(words.say("agenda-table"), columns, rows)
    yield from not_shown(len(rows) + documents.items_more, len(rows), words)


def named(item: Json, words: Words) -> str:
    """The item's name, with what became of it on the agenda after it was sent."""
    marks = [words.say(f"item-{mark}") for mark in ("withdrawn", "late") if item[f"is_{mark}"]]
    return f"{item['name']} ({', '.join(marks)})" if marks else str(item["name"])


def _row(item: Json, documents: MeetingDocuments, words: Words) -> Row:
    found = [
        words.say("decided-as", kind=words.term("decision", one["kind"]), case=one["case_number"])
        for one in documents.decisions_on(item)
    ]
    if not found and documents.is_held:
        said = words.say("nothing-decided") if item["kind"] != "information" else DASH
    else:
        said = "\n".join(found) or item.get("proposed_decision", DASH)
    cells = (str(item["position"]), named(item, words), words.term("item", item["kind"]), said)
    return Row(cells)
