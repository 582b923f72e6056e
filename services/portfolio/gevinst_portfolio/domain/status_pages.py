"""Projects as small pages: where one stands, or what many come to: what they cost and give, and when."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst_shared.charts.chart import Table
from gevinst_shared.charts.words import Words
from gevinst_shared.embeds.status_page import Figure, StatusPage


def project_page(project: Mapping[str, Any], words: Words) -> StatusPage:
    """From the members that the project's own operation answers with; what is not known is said to be so."""
    status = words.say(f"status.{project['status']}")
    cost, benefit = _money(project.get("cost"), words), _money(project.get("benefit"), words)
    figures = (
        Figure(words.say("status"), status),
        Figure(words.say("cost"), cost, _prices(project.get("cost"), words)),
        Figure(words.say("benefit"), benefit, _prices(project.get("benefit"), words)),
        Figure(words.say("start"), _day(project.get("start"), words)),
        Figure(words.say("end"), _day(project.get("end"), words)),
    )
    message = words.say("message", name=project["name"], status=status, cost=cost, benefit=benefit)
    return StatusPage("project-status", words.language, project["name"], message, figures)


def projects_page(kind: str, overview: Mapping[str, Any], words: Words) -> StatusPage:
    """A portfolio's or programme's page, from the members of its overview (`ProjectsOverviewOut`)."""
    cost, benefit = (_money(overview.get(name), words) for name in ("cost", "benefit"))
    current = words.number(overview["current_count"])
    figures = (
        Figure(
            words.say("projects.current"),
            current,
            words.say("projects.of", count=words.number(overview["project_count"])),
        ),
        Figure(words.say("cost"), cost, _summed("cost", overview, words)),
        Figure(words.say("benefit"), benefit, _summed("benefit", overview, words)),
        Figure(words.say("projects.first"), _day(overview.get("first_start"), words)),
        Figure(words.say("projects.last"), _day(overview.get("last_end"), words), _endless(overview, words)),
    )
    rows = tuple(
        (words.say(f"status.{one['status']}"), words.number(one["count"])) for one in overview["statuses"]
    )
    columns = (words.say("status"), words.say("projects.count"))
    table = Table(words.say("projects.caption"), columns, rows, numeric=frozenset({1}))
    name = overview["name"]
    message = words.say("projects.message", name=name, current=current, cost=cost, benefit=benefit)
    tables = (table,) if rows else ()
    return StatusPage(f"{kind}-status", words.language, name, message, figures, tables)


def _summed(what: str, overview: Mapping[str, Any], words: Words) -> str | None:
    """The price level, and of how many nothing is in the sum."""
    unknown = overview[f"{what}_unknown"]
    notes = [_prices(overview.get(what), words), _not_known(unknown, words) if unknown else None]
    return "; ".join(note for note in notes if note is not None) or None


def _endless(overview: Mapping[str, Any], words: Words) -> str | None:
    return _not_known(overview["end_unknown"], words) if overview["end_unknown"] else None


def _not_known(count: int, words: Words) -> str:
    return words.say("projects.unknown", count=words.number(count))


def _money(money: Mapping[str, Any] | None, words: Words) -> str:
    if money is None:
        return words.say("missing")
    return words.money(Decimal(money["amount"]), money["currency"])


def _prices(money: Mapping[str, Any] | None, words: Words) -> str | None:
    return None if money is None else words.say("prices", year=money["price_year"])


def _day(text: str | None, words: Words) -> str:
    return words.say("missing") if text is None else words.day(date.fromisoformat(text))
