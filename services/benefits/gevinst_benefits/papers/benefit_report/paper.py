"""The benefit report: what was promised, when, what is realised, what is missing, and what happens next."""

from collections.abc import Iterator
from itertools import chain

from gevinst_benefits.papers.benefit_report.benefits import benefits
from gevinst_benefits.papers.benefit_report.budgets import budgets
from gevinst_benefits.papers.benefit_report.documents import ReportOf
from gevinst_benefits.papers.benefit_report.following import following
from gevinst_benefits.papers.benefit_report.indicators import indicators
from gevinst_benefits.papers.benefit_report.sums import sums
from gevinst_benefits.papers.benefit_report.unit_change import unit_change
from gevinst_shared.papers.model import Block, Facts, Heading, Note, Paper, Paragraph, file_name
from gevinst_shared.papers.wording import Words


def benefit_report(report: ReportOf, words: Words) -> Paper:
    """The paper in the reader's language; its length is bounded, however many benefits there are."""
    name = _name(report, words)
    title = words.say("benefit-report-title", name=name)
    return Paper(
        language=words.language,
        title=title,
        subject=words.say("benefit-report-subject", name=name),
        author=report.organisation,
        made_at=report.made_at,
        page_label=words.say("page", page="{page}", pages="{pages}"),
        name=file_name(title),
        blocks=tuple(chain.from_iterable(section(report, words) for section in _SECTIONS)),
    )


def _opening(report: ReportOf, words: Words) -> Iterator[Block]:
    counts = report.overview["benefits"]
    followed = words.say("followed", count=counts["count"])
    rows = [
        (words.term("scope", report.kind), _name(report, words)),
        (words.say("as-of"), words.day(report.today)),
        (words.say("benefits"), followed if counts["count"] else words.say("no-benefit")),
    ]
    if counts["count"]:
        rows.append((words.say("of-them"), "\n".join(_weaknesses(report, words))))
    yield Facts(tuple(rows))
    attention = list(_attention(report, words))
    if attention:
        yield Note("\n".join((words.say("look-at"), *attention)))


def _weaknesses(report: ReportOf, words: Words) -> Iterator[str]:
    counts = report.overview["benefits"]
    for name in ("unconfirmed", "undated", "falls_elsewhere"):
        yield words.say(f"count-{name.replace('_', '-')}", count=counts[name])


def _attention(report: ReportOf, words: Words) -> Iterator[str]:
    """What a board must hear of first; nothing of what is not there."""
    overview = report.overview
    vacant = overview["vacant_owners"]
    lights = {one["light"]: one["count"] for one in overview["indicators"]["lights"]}
    states = {one["state"]: one["count"] for one in overview["indicators"]["states"]}
    found = {
        "attention-no-indicator": overview["without_indicator"]["count"],
        "attention-vacant": vacant["benefits"],
        "attention-red": lights.get("red", 0),
        "attention-yellow": lights.get("yellow", 0),
        "attention-no-baseline": states.get("no-baseline", 0),
        "attention-overdue": states.get("overdue", 0),
        "attention-conditions": overview.get("conditions", {}).get("late", 0),
        "attention-gates": overview.get("gates", {}).get("late", 0),
        "attention-actions": overview.get("change", {}).get("overdue", 0),
    }
    yield from (words.say(code, count=count) for code, count in found.items() if count)


def _tree(report: ReportOf, words: Words) -> Iterator[Block]:
    if report.tree is not None:
        yield Heading(words.say("tree-heading"))
        yield report.tree


def _sources(report: ReportOf, words: Words) -> Iterator[Block]:
    yield Heading(words.say("sources"))
    rows = ((words.say("read-at"), report.path), (words.say("organisation"), report.organisation))
    yield Facts(rows)
    yield Paragraph(words.say("light-rule"))
    yield Paragraph(words.say("rounded-figures"))


def _name(report: ReportOf, words: Words) -> str:
    """A programme or portfolio whose name was not announced here yet is told by its projects."""
    if report.name is not None:
        return report.name
    count = report.overview["project_count"]
    return words.say("projects-of", scope=words.term("scope", report.kind), count=count)


_SECTIONS = (_opening, sums, benefits, _tree, indicators, budgets, unit_change, following, _sources)
