"""What a person must do, as a small page that the person's own intranet can show."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from gevinst_notifications.domain.duties.kinds import DutyKind, PersonsDuty
from gevinst_shared.charts.chart import Table
from gevinst_shared.charts.words import Words
from gevinst_shared.embeds.status_page import Figure, StatusPage

_MOST_ROWS = 20
_SOON = timedelta(7)


def duties_page(
    duties: Sequence[PersonsDuty], name_of: Callable[[DutyKind], str], words: Words, *, today: date
) -> StatusPage:
    """The open duties of one person by day, those that are late first; `name_of` a kind is what to do."""
    late = sum(one.due_on < today for one in duties)
    soon = sum(today <= one.due_on <= today + _SOON for one in duties)
    counts = {"open": words.number(len(duties)), "late": words.number(late), "soon": words.number(soon)}
    figures = tuple(Figure(words.say(code), count) for code, count in counts.items())
    shown = sorted(duties, key=lambda one: (one.due_on, one.id))[:_MOST_ROWS]
    rows = tuple(
        (_capital(name_of(one.kind)), one.name, one.project_name or "", _day(one.due_on, words, today=today))
        for one in shown
    )
    columns = tuple(words.say(code) for code in ("do", "about", "project", "by-day"))
    left = len(duties) - len(shown)
    return StatusPage(
        name="duties-status",
        language=words.language,
        title=words.say("title"),
        description=words.say("message", **counts) if duties else words.say("nothing"),
        figures=figures,
        tables=(Table(words.say("caption"), columns, rows),) if rows else (),
        notes=(words.say("more", count=words.number(left)),) if left else (),
    )


def _day(day: date, words: Words, *, today: date) -> str:
    written = words.day(day)
    return words.say("late-day", day=written) if day < today else written


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
