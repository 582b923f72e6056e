"""The calendar as a strict reader sees it (RFC 5545), and the tickets that lead to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.calendar_feed import (
    Calendar,
    Entry,
    calendar_text,
    read_ticket,
    ticket,
    version_of,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
FEED = UUID(int=11)
OSLO = "0192:958935420"

ENTRY = Entry(
    id=UUID(int=7),
    day=date(2028, 2, 29),
    due_version=1,
    title="BP3, konsept; «Trygg heimeteneste» på Ærø",
    description="Første linje\nandre: \\ og, slutt",
    category="gate-coming",
    link="https://intranet.example.no/gevinst/projects/1",
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
entries = st.builds(
    Entry,
    id=st.uuids(),
    day=st.dates(date(1990, 1, 1), date(2200, 12, 30)),
    due_version=st.integers(1, 1000),
    title=texts,
    description=texts,
    category=st.sampled_from(["gate-coming", "report-due"]),
    is_over=st.booleans(),
    link=st.none() | st.just("https://intranet.example.no/x"),
)


def calendar(*listed: Entry) -> Calendar:
    return Calendar("Mine frister", "nb", "gevinst.example.no", "Europe/Oslo", listed)


def read(*listed: Entry) -> list[Any]:
    parsed: Any = icalendar.Calendar.from_ical(calendar_text(calendar(*listed), written_at=NOW))
    assert not parsed.errors
    return list(parsed.events)


def test_a_duty_is_a_whole_day_that_ends_the_day_after() -> None:
    event = read(ENTRY)[0]

    assert event["DTSTART"].dt == date(2028, 2, 29)
    assert event["DTEND"].dt == date(2028, 3, 1)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"] == ENTRY.link


def test_words_survive_commas_backslashes_and_lines() -> None:
    event = read(ENTRY)[0]

    assert str(event["SUMMARY"]) == ENTRY.title
    assert str(event["DESCRIPTION"]) == ENTRY.description
    assert event["SUMMARY"].params["LANGUAGE"] == "nb"


def test_a_moved_duty_keeps_its_uid_and_raises_its_sequence() -> None:
    moved = replace(ENTRY, day=date(2028, 3, 15), due_version=2)
    over = replace(moved, is_over=True)

    first, second, third = (read(one)[0] for one in (ENTRY, moved, over))

    assert first["UID"] == second["UID"] == third["UID"] == f"{ENTRY.id}@gevinst.example.no"
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]
    assert third["STATUS"] == "CANCELLED"


@given(st.lists(entries, max_size=5, unique_by=lambda entry: entry.id))
def test_a_strict_reader_takes_any_calendar_and_reads_what_was_meant(listed: list[Entry]) -> None:
    text = calendar_text(calendar(*listed), written_at=NOW)

    events = read(*listed)

    assert [event["DTSTART"].dt for event in events] == [entry.day for entry in listed]
    assert [event["UID"] for event in events] == [f"{entry.id}@gevinst.example.no" for entry in listed]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n", "").isprintable() or "\n" not in text.replace("\r\n", "")


def test_the_calendar_says_its_name_and_how_often_to_look() -> None:
    parsed: Any = icalendar.Calendar.from_ical(calendar_text(calendar(ENTRY), written_at=NOW))

    assert parsed["X-WR-CALNAME"] == "Mine frister"
    assert parsed["X-WR-TIMEZONE"] == "Europe/Oslo"
    assert parsed["REFRESH-INTERVAL"].dt == timedelta(hours=4)
    assert parsed["METHOD"] == "PUBLISH"


def test_the_version_changes_with_what_is_said_and_only_then() -> None:
    moved = calendar(replace(ENTRY, due_version=2))

    assert version_of(calendar(ENTRY)) == version_of(calendar(replace(ENTRY)))
    assert version_of(calendar(ENTRY)) != version_of(moved)


def test_a_ticket_leads_to_its_feed_with_any_key_that_still_counts() -> None:
    text = ticket(OSLO, FEED, key=KEY)

    assert read_ticket(text, keys=[OTHER_KEY, KEY]) == (OSLO, FEED)
    assert read_ticket(text, keys=[OTHER_KEY]) is None


@given(st.text(max_size=250) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_a_ticket_cannot_be_guessed(text: str) -> None:
    assert read_ticket(text, keys=[KEY]) is None


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_changed_ticket_is_none_of_ours(at: int) -> None:
    text = ticket(OSLO, FEED, key=KEY)

    changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]

    assert read_ticket(changed, keys=[KEY]) is None
