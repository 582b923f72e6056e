"""The paper of a monthly report: lights first, then cost, what changed, measures, and what waits (B13)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from gevinst_benefits.domain.monthly_reports import LIGHTS, Area, Change, Duty, DutyState, Month
from gevinst_benefits.papers.report_follow_up import measures, waiting
from gevinst_shared.papers.amounts import DASH, money
from gevinst_shared.papers.model import (
    Block,
    Column,
    Facts,
    Heading,
    Note,
    Paper,
    Paragraph,
    Row,
    Table,
    file_name,
)
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.organisation import day_there

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportDocuments:
    """A report as it is answered, with all that its paper says beside it.

    `report` is a `MonthlyReportOut`, `known` a `KnownOut` (of the day it was submitted, or of today for a
    draft) and `measures` are `MeasureOut`. `last` is what the report submitted before it says, of the month
    `since`, and `changes` what it said otherwise. `duty` is None where nobody has said when reports are
    owed. `people` are names by subject and id; `gates` are the project's gates as they stand today.
    """

    report: Json
    since: Month | None
    changes: Sequence[Change]
    last: Json | None
    known: Json
    measures: Sequence[Json]
    duty: Duty | None
    project: str
    people: Mapping[str, str]
    today: date
    gates: Block | None = None


def report_paper(documents: ReportDocuments, words: Words) -> Paper:
    """The paper in the reader's language; its length is bounded."""
    report = documents.report
    month = words.month(Month.read(report["month"]).first)
    title = words.say("report-title", month=month, project=documents.project)
    return Paper(
        language=words.language,
        title=title,
        subject=words.say("report-subject", month=month, project=documents.project),
        author=_named(report.get("submitted_by", report["created_by"]), documents),
        made_at=datetime.fromisoformat(report.get("submitted_at", report["created_at"])),
        page_label=words.say("page", page="{page}", pages="{pages}"),
        name=file_name(title),
        blocks=tuple(chain.from_iterable(section(documents, words) for section in _SECTIONS)),
    )


def _opening(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    report = documents.report
    rows = [
        (words.say("project"), documents.project),
        (words.say("month"), words.month(Month.read(report["month"]).first)),
        (words.say("report"), _state(documents, words)),
        (words.say("report-due"), _due(documents.duty, words)),
    ]
    if "correction_reason" in report:
        rows.append((words.say("correction"), report["correction_reason"]))
    yield Facts(tuple(rows))
    if report["state"] == "draft":
        yield Note(words.say("draft-note"))
    yield Note("\n".join(_lights(report["content"], words)))


def _state(documents: ReportDocuments, words: Words) -> str:
    report = documents.report
    if report["state"] == "draft" and report["version"] == 0:
        return words.say("report-draft", who=_named(report["created_by"], documents))
    if report["state"] == "draft":
        return words.say("report-reopened", number=report["version"])
    moment = datetime.fromisoformat(report["submitted_at"])
    return words.say(
        "report-submitted",
        who=_named(report["submitted_by"], documents),
        day=words.day(day_there(report["organisation"], moment)),
        number=report["version"],
    )


def _due(duty: Duty | None, words: Words) -> str:
    if duty is None:
        return words.say("due-unset")
    day = words.day(duty.due_on)
    if duty.working_days_late:
        return words.say("due-late", day=day, count=duty.working_days_late)
    return words.say("due-ahead" if duty.state is DutyState.NOT_DUE else "due-in-time", day=day)


def _lights(content: Json, words: Words) -> Iterator[str]:
    """The worst first; an area without a light is never green (B6)."""
    for light in ("none", *reversed(LIGHTS)):
        areas = [words.term("area", area) for area in Area if content[area].get("light", "none") == light]
        if areas:
            yield words.say("lights-said", light=words.term("light", light), areas=", ".join(areas))


def _areas(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    yield Heading(words.say("deviations"))
    before = words.say("last-report")
    if documents.since is not None:
        before = words.say("last-light", month=words.month(documents.since.first))
    columns = (
        Column(words.say("area"), 3),
        Column(words.say("light"), 2),
        Column(before, 3),
        Column(words.say("deviates"), 9),
    )
    yield Table(words.say("areas-table"), columns, tuple(_area(area, documents, words) for area in Area))


def _area(area: Area, documents: ReportDocuments, words: Words) -> Row:
    said = documents.report["content"][area]
    light = said.get("light", "none")
    last = None if documents.last is None else documents.last.get(area, {}).get("light")
    cells = (
        words.term("area", area),
        words.term("light", light),
        DASH if last is None else words.term("light", last),
        said["words"] or DASH,
    )
    return Row(cells, is_strong=light in ("red", "none"))


def _cost(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    content = documents.report["content"]
    planned, reported = content.get("planned_cost"), content.get("reported_cost")
    yield Heading(words.say("year-cost", year=documents.report["month"][:4]))
    yield Facts(
        (
            (words.say("planned-cost"), _money(planned, words) or words.say("no-planned-cost")),
            (words.say("reported-cost"), _money(reported, words) or words.say("not-reported")),
            (words.say("cost-deviation"), _deviation(planned, reported, words)),
        )
    )


def _money(amount: Json | None, words: Words) -> str | None:
    if amount is None:
        return None
    written = money(words, Decimal(amount["amount"]), amount["currency"])
    return words.say("in-prices", amount=written, price_year=amount["price_year"])


def _deviation(planned: Json | None, reported: Json | None, words: Words) -> str:
    if planned is None or reported is None:
        return words.say("cost-missing")
    # C1: prices are never mixed silently.
    if any(planned[name] != reported[name] for name in ("currency", "price_year")):
        return words.say("cost-not-comparable")
    before, now = Decimal(planned["amount"]), Decimal(reported["amount"])
    amount = money(words, now - before, planned["currency"])
    if not before:
        return amount
    share = words.change((now - before) / abs(before) * 100, places=1)
    return words.say("cost-deviates", amount=amount, share=share)


def _changes(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    if documents.since is None:
        yield Heading(words.say("since-last-report"))
        yield Paragraph(words.say("first-report"))
        return
    yield Heading(words.say("since", month=words.month(documents.since.first)))
    # What it costs stands above.
    found = [one for one in documents.changes if one.member.split("/")[1] in set(Area)]
    if not found:
        yield Paragraph(words.say("nothing-changed"))
        return
    columns = (
        Column(words.say("area"), 3),
        Column(words.say("then"), 6),
        Column(words.say("now"), 6),
    )
    rows = tuple(Row((_member(one, words), *_before_and_now(one, words))) for one in found)
    yield Table(words.say("changed-members"), columns, rows)


def _member(change: Change, words: Words) -> str:
    _, area, part = change.member.split("/")
    return words.say("area-light" if part == "light" else "area-words", area=words.term("area", area))


def _before_and_now(change: Change, words: Words) -> tuple[str, str]:
    is_light = change.member.endswith("/light")
    told = (change.before, change.after)
    then, now = (DASH if one is None else words.term("light", one) if is_light else one for one in told)
    return then, now


def _gates(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    if documents.gates is not None:
        yield Heading(words.say("gates-heading"))
        if documents.report["state"] != "draft":
            yield Paragraph(words.say("gates-now"))
        yield documents.gates


def _sources(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    yield Heading(words.say("sources"))
    report = documents.report
    yield Facts(
        (
            (words.say("read-at"), f"/benefits/v1/monthly-reports/{report['id']}"),
            (words.say("organisation"), report["organisation"]),
        )
    )
    yield Paragraph(words.say("rounded-figures"))


def _follow_up(documents: ReportDocuments, words: Words) -> Iterator[Block]:
    yield from measures(documents.measures, documents.people, words, today=documents.today)
    is_draft = documents.report["state"] == "draft"
    yield from waiting(documents.known, words, is_of_today=is_draft)


def _named(subject: str, documents: ReportDocuments) -> str:
    return documents.people.get(subject, subject)


_SECTIONS = (_opening, _areas, _cost, _changes, _gates, _follow_up, _sources)
