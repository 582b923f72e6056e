"""How likely two pieces of intake are the same: by the words of their names and needs (P1)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

LIKELY = 0.35
_NAME_WEIGHT = 0.7
_LONGEST_WORD = 60
# Words that say nothing of what the work is about, in the languages that are written here.
_EMPTY = frozenset(
    {"an", "and", "at", "av", "den", "det", "en", "et", "for", "fra", "in", "med", "mot", "new", "ny"}
    | {"nye", "nytt", "of", "og", "on", "på", "som", "the", "til", "to", "ved", "with"}
    | {"project", "prosjekt", "projekt", "system", "digital", "digitalt", "digitale"}
)


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a project or an idea when it is compared with others."""

    id: UUID
    name: str
    need: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike another one is, from 0 to 1, and the words that both have."""

    id: UUID
    share: float
    words: tuple[str, ...]


def words_of(text: str) -> frozenset[str]:
    """The words that tell what a text is about: lower case, without filling words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = re.findall(r"[^\W_]{2,}", plain)
    return frozenset(word for word in found if len(word) <= _LONGEST_WORD and word not in _EMPTY)


def likeness(one: Described, other: Described) -> Likeness:
    """Seven tenths by the name, three by the need; by the name alone where a need is missing.

    Names are compared by their runs of three letters, so that other endings count little, needs by their
    words; each as twice what is shared by what there is (Dice's coefficient).
    Check: the same name and the same need are 1; nothing shared is 0.
    """
    share = _dice(_threes(one.name), _threes(other.name))
    if one.need and other.need:
        needs = _dice(words_of(one.need), words_of(other.need))
        share = _NAME_WEIGHT * share + (1 - _NAME_WEIGHT) * needs
    shared = words_of(f"{one.name} {one.need or ''}") & words_of(f"{other.name} {other.need or ''}")
    return Likeness(other.id, round(share, 3), tuple(sorted(shared)))


def likely_duplicates(one: Described, others: Iterable[Described], *, at_most: int) -> Sequence[Likeness]:
    """Those that are likely the same, the likeliest first."""
    found = [likeness(one, other) for other in others if other.id != one.id]
    likely = [each for each in found if each.share >= LIKELY]
    return sorted(likely, key=lambda each: (-each.share, each.id))[:at_most]


def _threes(text: str) -> frozenset[str]:
    """Runs of three letters of each telling word, its ends marked."""
    padded = [f"  {word} " for word in words_of(text)] or [f"  {text.casefold().strip()} "]
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
