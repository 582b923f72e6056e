"""Taking a person out of what was told (E3): their names, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.surroundings import DOERS
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.refusal import Refusal

ERASED = "–"
# What the portfolio says of a person, by their id; all else names people in passing.
OF_PEOPLE = frozenset(
    f"gevinst.portfolio.{name}.v1" for name in ("person-changed", "role-assigned", "role-ended")
)
_LONGEST_NAME = 300
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()]+@[^\s<>@,;:\"'()]+")


class AlreadyErased(Refusal):
    code = "already-erased"
    title = "The person was erased"
    detail = "Everything that named the person is gone from here already."


def without_names(value: Any, names: frozenset[str]) -> Any:  # noqa: ANN401 - any part of a fact's data
    """The data of a fact without the person: texts that are one of `names`, also as one of several with
    commas between, become a dash.

    What people wrote is left as it is: a name in the middle of a sentence is no more ours to find.
    """
    return _without(value, _listed(names))


def names_in(value: object) -> frozenset[str]:
    """The texts in the data of a fact that may be somebody's name."""
    if isinstance(value, str):
        return frozenset({value, *value.split(", ")}) if len(value) <= _LONGEST_NAME else frozenset()
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return frozenset().union(*map(names_in, parts))


def digest_of(organisation: str, name: str) -> str:
    """What is left of a name: enough to know it again in one organisation, and nothing to read."""
    return f"sha256:{sha256(f'{organisation}|{name}'.encode()).hexdigest()}"


def without_erased(event: Event, erased: Mapping[str, UUID]) -> Event:
    """The fact without people who were erased. `erased` are their names, with the ids that are left of them.

    Who did something is named by the id, since they may not do what follows from it (G3).
    """
    if not erased:
        return event
    data = {
        member: str(erased[value])
        if member in DOERS and isinstance(value, str) and value in erased
        else without_names(value, frozenset(erased))
        for member, value in event.data.items()
    }
    return replace(event, data=data)


def without_addresses(text: str, own: str) -> str:
    """What a mail server said, without the mail addresses in it and the local part of `own`.

    It is kept where nothing can be erased.   Check: `550 <olga@a.no> unknown` is `550 <–> unknown`.
    """
    said = _ADDRESS.sub(ERASED, text)
    local = own.rpartition("@")[0]
    return re.sub(rf"(?i)(?<!\w){re.escape(local)}(?!\w)", ERASED, said) if local else said


def _listed(names: frozenset[str]) -> re.Pattern[str]:
    """One of the names, as a whole text or between commas; the longest first, for some have commas."""
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    return re.compile(rf"(?:(?<=\A)|(?<=, ))(?:{'|'.join(map(re.escape, longest_first))})(?=, |\Z)")


def _without(value: Any, names: re.Pattern[str]) -> Any:  # noqa: ANN401 - any part of a fact's data
    if isinstance(value, Mapping):
        return {member: _without(one, names) for member, one in value.items()}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return names.sub(ERASED, value) if isinstance(value, str) else value
