"""The paper of a board's meeting: its agenda and what each plan would change; afterwards its record."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from gevinst_portfolio.papers.meeting.agenda import agenda
from gevinst_portfolio.papers.meeting.decisions import decision_blocks
from gevinst_portfolio.papers.meeting.documents import Json, MeetingDocuments
from gevinst_portfolio.papers.meeting.items import items
from gevinst_portfolio.papers.meeting.scenarios import side_by_side
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Facts, Heading, Note, Paper, Paragraph, file_name
from gevinst_shared.papers.wording import Words


def meeting_paper(documents: MeetingDocuments, words: Words) -> Paper:
    """The paper, or the record of a meeting that was held, in the reader's language."""
    meeting = documents.meeting
    starts = _there(meeting, meeting["starts_at"])
    code = "record-title" if documents.is_held else "paper-title"
    title = words.say(code, name=meeting["name"], day=words.day(starts.date()))
    return Paper(
        language=words.language,
        title=title,
        subject=words.say("paper-subject", name=meeting["name"], portfolio=documents.portfolio),
        author=documents.portfolio,
        made_at=datetime.fromisoformat(
            meeting.get("approved_at", meeting.get("called_at", meeting["created_at"]))
        ),
        page_label=words.say("page", page="{page}", pages="{pages}"),
        name=file_name(title),
        blocks=tuple(chain.from_iterable(section(documents, words) for section in _SECTIONS)),
    )


def _opening(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    meeting = documents.meeting
    starts = _there(meeting, meeting["starts_at"])
    rows = [
        (words.say("portfolio"), documents.portfolio),
        (words.say("when"), words.say("day-at", day=words.day(starts.date()), clock=f"{starts:%H:%M}")),
        (words.say("where"), "\n".join(_where(meeting)) or words.say("not-said")),
        (words.say("called"), _people(meeting["member_ids"], documents, words)),
    ]
    if "attended_ids" in meeting:
        rows.append((words.say("attended"), _people(meeting["attended_ids"], documents, words)))
    rows.append((words.say("state"), words.term("meeting", meeting["state"])))
    yield Facts(tuple(rows))
    if meeting["state"] == "planned":
        yield Note(words.say("not-called"))


def _where(meeting: Json) -> Iterator[str]:
    yield from (meeting[name] for name in ("place", "link") if name in meeting)


def _people(ids: list[str], documents: MeetingDocuments, words: Words) -> str:
    names = [documents.people.get(one, words.say("unknown-person")) for one in ids]
    return ", ".join(sorted(names)) or DASH


def _minutes(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    meeting = documents.meeting
    if not documents.is_held:
        return
    yield Heading(words.say("minutes"))
    if "minutes" not in meeting:
        yield Paragraph(words.say("no-minutes"))
        return
    if "approved_at" in meeting:
        day = words.day(_there(meeting, meeting["approved_at"]).date())
        who = documents.people.get(meeting["approved_by"], meeting["approved_by"])
        yield Note(words.say("minutes-approved", who=who, day=day))
    else:
        yield Note(words.say("minutes-draft"))
    yield Paragraph(meeting["minutes"])


def _other_decisions(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """Decisions of the meeting that no item of its agenda is named for."""
    known = {one["id"] for one in documents.items}
    found = [one for one in documents.decisions if one.get("agenda_item_id") not in known]
    if found:
        yield Heading(words.say("other-decisions"))
    for one in found:
        yield from decision_blocks(one, documents, words)
    if documents.decisions_more:
        yield Paragraph(words.say("more-decisions", count=documents.decisions_more))


def _sources(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    meeting = documents.meeting
    yield Heading(words.say("sources"))
    yield Facts(
        (
            (words.say("read-at"), f"/portfolio/v1/meetings/{meeting['id']}"),
            (words.say("organisation"), meeting["organisation"]),
        )
    )
    yield Paragraph(words.say("rounded-figures"))


def _there(meeting: Json, moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(meeting["time_zone"]))


_SECTIONS = (_opening, agenda, side_by_side, items, _other_decisions, _minutes, _sources)
