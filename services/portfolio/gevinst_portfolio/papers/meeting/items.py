"""Each item of the agenda: what is proposed, its papers and projects, and what was decided on it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gevinst_portfolio.papers.meeting.agenda import named
from gevinst_portfolio.papers.meeting.decisions import decision_blocks, released
from gevinst_portfolio.papers.meeting.documents import Json, MeetingDocuments
from gevinst_portfolio.papers.meeting.scenarios import scenario_blocks
from gevinst_shared.papers.amounts import DASH, money
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_PROJECTS = 30


def items(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """A section for each item."""
    for item in documents.items:
        yield Heading(words.say("item-heading", number=item["position"], name=named(item, words)))
        yield from _proposed(item, words)
        decided = documents.decisions_on(item)
        for one in decided:
            yield from decision_blocks(one, documents, words)
        if item["is_withdrawn"]:
            continue
        # What a plan would change is told before it is decided; afterwards the decision says what it did.
        yield from _plan(item, documents, words)
        if not decided:
            yield from _projects(item, documents, words)
        for release in documents.releases:
            if release["id"] == item.get("release_id"):
                yield from released(release, words)


def _plan(item: Json, documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """What the scenario would change, before it is decided."""
    scenario_id = documents.undecided_scenario(item)
    if scenario_id is None:
        return
    if scenario_id in documents.scenarios:
        yield from scenario_blocks(documents.scenarios[scenario_id], documents, words)
    else:
        yield Paragraph(words.say("plan-elsewhere", path=f"/portfolio/v1/scenarios/{scenario_id}"))


def amount(value: Json | None, words: Words) -> str:
    """Money in the portfolio's currency and prices; missing is a dash."""
    return DASH if value is None else money(words, Decimal(value["amount"]), value["currency"])


def day(text: str | None, words: Words) -> str:
    return DASH if text is None else words.day(date.fromisoformat(text))


def _proposed(item: Json, words: Words) -> Iterator[Block]:
    rows = [(words.say("kind"), words.term("item", item["kind"]))]
    if "proposed_decision" in item:
        rows.append((words.say("proposed"), item["proposed_decision"]))
    elif item["kind"] != "information":
        rows.append((words.say("proposed"), words.say("nothing-proposed")))
    papers = [f"{one['title']}: {one.get('url', one.get('document_id', DASH))}" for one in item["papers"]]
    if papers:
        rows.append((words.say("papers"), "\n".join(papers)))
    yield Facts(tuple(rows))


def _projects(item: Json, documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    found = [documents.projects[one] for one in item["project_ids"] if one in documents.projects]
    if not found:
        return
    columns = (
        Column(words.say("project"), 8),
        Column(words.say("status"), 4),
        Column(words.say("start"), 6),
        Column(words.say("end"), 6),
        Column(words.say("cost"), 5, is_number=True),
        Column(words.say("benefit"), 5, is_number=True),
    )
    rows = tuple(
        Row(
            (
                one["name"],
                words.term("status", one["status"]),
                day(one.get("start"), words),
                day(one.get("end"), words),
                amount(one.get("cost"), words),
                amount(one.get("benefit"), words),
            )
        )
        for one in found[:MOST_PROJECTS]
    )
    yield Table(words.say("projects-table"), columns, rows)
    yield from not_shown(len(found), MOST_PROJECTS, words)
