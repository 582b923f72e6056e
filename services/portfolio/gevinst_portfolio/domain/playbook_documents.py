"""Editions as other bodies wrote them: read as strictly as a request, before they are believed (X2).

Members that we do not know are of a newer version; they count in the hash and are not read.
"""

import re
from collections.abc import Mapping
from typing import Any

from gevinst_portfolio.domain.playbooks import (
    EARLIEST_WEEK,
    FORMAT,
    LATEST_WEEK,
    MOST_ACTIVITIES,
    MOST_DECISIONS,
    MOST_NAMED,
    document_hash,
    playbook_of,
    refuse_unsound,
)
from gevinst_shared.sync.shared_values import Check, from_to
from gevinst_shared.values.ids import is_id
from gevinst_shared.values.refusal import Refusal

LONGEST_NAME = 200
LONGEST_PROSE = 10_000
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")
_LINES = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OWNER = re.compile(r"[0-9]{4}:[0-9]{8,10}")


class WrongDocument(ValueError):  # noqa: N818 - it says what the document is
    """No edition of a playbook that can be taken."""


def is_playbook_document(value: object) -> bool:
    """Whether another body's value is a whole and sound edition of a playbook."""
    try:
        check_document(value)
    except ValueError:
        return False
    return True


def check_document(value: object) -> None:
    """`WrongDocument` unless it is a whole and sound edition with its own hash."""
    if not isinstance(value, dict) or not _has(value, _DOCUMENT, _NEEDED):
        raise WrongDocument("shape")
    lists = (
        (_ACTIVITY, _ACTIVITY_NEEDED, "activities"),
        (_DECISION, {"key", "title", "papers"}, "decisions"),
    )
    for checks, needed, member in lists:
        if not all(isinstance(one, dict) and _has(one, checks, needed) for one in value[member]):
            raise WrongDocument(member)
    if document_hash(value) != value["sha256"]:
        raise WrongDocument("hash")
    try:
        refuse_unsound(playbook_of(value))
    except Refusal as refusal:
        raise WrongDocument(refusal.code) from refusal


def is_line(value: object) -> bool:
    """A name or a title, on one line."""
    return _is_like(value, _LINE, LONGEST_NAME) and any(
        letter.isprintable() and not letter.isspace() for letter in str(value)
    )


def is_prose(value: object) -> bool:
    return value == "" or _is_like(value, _LINES, LONGEST_PROSE)


def is_code(value: object) -> bool:
    return _is_like(value, _CODE, 60)


def is_owner(value: object) -> bool:
    return _is_like(value, _OWNER, 15)


def _is_like(value: object, pattern: re.Pattern[str], longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and pattern.fullmatch(value) is not None


def _list_of(check: Check, most: int) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(check, value))


def _has(value: Mapping[str, Any], checks: Mapping[str, Check], needed: set[str]) -> bool:
    return needed <= value.keys() and all(
        check(value[name]) for name, check in checks.items() if name in value
    )


def _is_sorted_keys(value: object) -> bool:
    return _list_of(is_id, MOST_NAMED)(value) and isinstance(value, list) and value == sorted(set(value))


_ACTIVITY: Mapping[str, Check] = {
    "key": is_id,
    "title": is_line,
    "what": is_prose,
    "role": is_line,
    "phase": is_code,
    "point": is_code,
    "week": from_to(EARLIEST_WEEK, LATEST_WEEK),
    "duration_weeks": from_to(0, LATEST_WEEK),
    "after": _is_sorted_keys,
}
_ACTIVITY_NEEDED = {"key", "title", "point", "week", "after"}
_DECISION: Mapping[str, Check] = {
    "key": is_id,
    "title": is_line,
    "role": is_line,
    "before_activity": is_id,
    "before_gate": is_line,
    "papers": _list_of(is_line, MOST_NAMED),
}
_DOCUMENT: Mapping[str, Check] = {
    "format": lambda value: value == FORMAT,
    "playbook_id": is_id,
    "publisher": is_owner,
    "edition": from_to(1, 1_000_000),
    "name": is_line,
    "purpose": is_prose,
    "general_case": is_id,
    "note": is_prose,
    "activities": _list_of(lambda one: isinstance(one, dict), MOST_ACTIVITIES),
    "decisions": _list_of(lambda one: isinstance(one, dict), MOST_DECISIONS),
    "sha256": lambda value: isinstance(value, str) and len(value) == 64,
}
_NEEDED = {"format", "playbook_id", "publisher", "edition", "name", "activities", "decisions", "sha256"}
