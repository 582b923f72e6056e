"""A digest in its reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gevinst_notifications.domain.members import Term
from gevinst_notifications.domain.plots import Bar, Plot, plot_of
from gevinst_notifications.domain.preferences import Period
from gevinst_notifications.domain.wording import (
    LONGEST_TITLE,
    LONGEST_VALUE,
    Catalogue,
    Language,
    formatted,
    shortened,
)

# In this order: what is late first.
_OF_DUTIES = ("late", "due", "line")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, and labels with values."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class WordedSection:
    """`more` says how many are not listed; None when all are."""

    heading: str
    rows: tuple[Row, ...]
    more: str | None = None


@dataclass(frozen=True, slots=True)
class WordedDigest:
    """A digest as it is read."""

    language: Language
    title: str
    lead: str
    sections: tuple[WordedSection, ...]
    why: str
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a notice in the digest is called, and the record that it is about."""

    title: str
    subject: str


def worded_digest(data: Mapping[str, Any], changed: Sequence[Changed], catalogue: Catalogue) -> WordedDigest:
    """The digest whose notice has `data`; `changed` are the newest of what was gathered, newest first."""
    words = catalogue.digest
    sections = [
        _duties(name, data[name], catalogue) for name in _OF_DUTIES if data.get(name, {}).get("count")
    ]
    counts = [(words[name], data.get(name, {}).get("count", 0), name == "late") for name in _OF_DUTIES]
    new_count = data["changed_count"]
    if new_count:
        rows = tuple(Row(one.title, subject=one.subject) for one in changed)
        sections.append(WordedSection(words["changed"], rows, _more(new_count - len(rows), catalogue)))
    counts.append((words["changed"], new_count, False))
    bars = [
        Bar(label, count, formatted(count, catalogue), is_strong)
        for label, count, is_strong in counts
        if count
    ]
    listed = ", ".join(f"{bar.label.lower()}: {bar.text}" for bar in bars)
    title = words["title"].format(name=words[Period(data["period"])], counts=listed)
    return WordedDigest(
        language=catalogue.language,
        title=shortened(title, LONGEST_TITLE),
        lead=words["lead"],
        sections=tuple(sections),
        why=words["why"],
        plot=plot_of(bars),
    )


def _duties(name: str, section: Mapping[str, Any], catalogue: Catalogue) -> WordedSection:
    entries = section["entries"]
    rows = tuple(_row(entry, catalogue) for entry in entries)
    return WordedSection(catalogue.digest[name], rows, _more(section["count"] - len(rows), catalogue))


def _row(entry: Mapping[str, Any], catalogue: Catalogue) -> Row:
    words = catalogue.digest
    facts = [(words["what"], formatted(Term("duties", entry["kind"]), catalogue))]
    if entry.get("project_name"):
        facts.append((words["project"], entry["project_name"]))
    if entry.get("owner_name"):
        facts.append((words["owner"], entry["owner_name"]))
    elif entry.get("owner_role"):
        facts.append((words["owner"], formatted(Term("roles", entry["owner_role"]), catalogue)))
    facts.append((words["day"], formatted(date.fromisoformat(entry["due_on"]), catalogue)))
    told = tuple((label, _capital(shortened(value, LONGEST_VALUE))) for label, value in facts)
    return Row(shortened(entry["name"], LONGEST_TITLE), told)


def _more(count: int, catalogue: Catalogue) -> str | None:
    return catalogue.digest["more"].format(count=formatted(count, catalogue)) if count > 0 else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
