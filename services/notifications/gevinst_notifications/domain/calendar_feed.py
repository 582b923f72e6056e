"""A calendar that others subscribe to: RFC 5545, whole days, one event per duty, updated rather than doubled.

A day is a day wherever it is read: events carry dates and no moments, so no zone can shift them. A duty
keeps its UID for life; SEQUENCE rises when it is moved, and when it is done with.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from gevinst_notifications.domain.wording import one_line
from gevinst_shared.values.refusal import Refusal

MOST_FEEDS = 10
_LONGEST_LINE = 75  # octets, without the line break
_MAC_BYTES = 16
_LONGEST_TICKET = 200
_REFRESH = "PT4H"


class TooManyFeeds(Refusal):
    code = "too-many-feeds"
    title = "Too many calendars"
    detail = "A person can have {limit} calendar addresses. Take one back that is no longer used."


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in the calendar. `due_version` counts the days that it was set to, from 1."""

    id: UUID
    day: date
    due_version: int
    title: str
    description: str
    category: str
    is_over: bool = False
    link: str | None = None

    @property
    def sequence(self) -> int:
        """Rises with each change that readers must see."""
        return 2 * self.due_version + self.is_over


@dataclass(frozen=True, slots=True)
class Calendar:
    """`name` and entries are in `language`; `domain` is ours, in every UID; `zone` is the reader's."""

    name: str
    language: str
    domain: str
    zone: str
    entries: tuple[Entry, ...]


def calendar_text(calendar: Calendar, *, written_at: datetime) -> str:
    """The calendar as iCalendar, lines folded and ended as the standard asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gevinst//Notifications//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={calendar.language}:{_escaped(calendar.name)}",
        f"X-WR-CALNAME:{_escaped(calendar.name)}",
        f"X-WR-TIMEZONE:{calendar.zone}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]
    for entry in calendar.entries:
        lines += _event(entry, calendar, written_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def version_of(calendar: Calendar) -> str:
    """Changes when, and only when, what the calendar says does: its ETag."""
    return sha256(repr(calendar).encode()).hexdigest()[:32]


def ticket(organisation: str, feed_id: UUID, *, key: bytes) -> str:
    """What of a feed's address cannot be guessed; it names organisation and feed, and is not stored."""
    named = feed_id.bytes + organisation.encode()
    return urlsafe_b64encode(_mac(named, key) + named).decode().rstrip("=")


def read_ticket(text: str, *, keys: Sequence[bytes]) -> tuple[str, UUID] | None:
    """Organisation and feed of a ticket made with one of `keys`; None when it is none of ours."""
    if len(text) > _LONGEST_TICKET or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mac, named = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(named, key)) for key in keys):
            return None
        return named[16:].decode("ascii"), UUID(bytes=named[:16])
    except ValueError:
        return None


def _mac(named: bytes, key: bytes) -> bytes:
    return hmac.new(key, named, sha256).digest()[:_MAC_BYTES]


def _event(entry: Entry, calendar: Calendar, written_at: datetime) -> Iterable[str]:
    language = f";LANGUAGE={calendar.language}"
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.id}@{calendar.domain}"
    yield f"DTSTAMP:{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(entry.day)}"
    # The end is the day after: some programs show nothing for an event that ends on the day it begins.
    yield f"DTEND;VALUE=DATE:{_day(entry.day + timedelta(days=1))}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.is_over else 'CONFIRMED'}"
    # A deadline does not make its owner busy.
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY{language}:{_escaped(entry.title)}"
    yield f"DESCRIPTION{language}:{_escaped(entry.description)}"
    yield f"CATEGORIES:{_escaped(entry.category)}"
    if entry.link is not None:
        yield f"URL:{one_line(entry.link)}"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    lines = (one_line(line) for line in text.splitlines())
    joined = "\n".join(lines)
    for character in "\\;,":
        joined = joined.replace(character, f"\\{character}")
    return joined.replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each later one begun by a space; no letter is cut."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += octets
    return "\r\n".join([*pieces, piece])
