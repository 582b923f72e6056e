"""Reading the members of a decoded JSON document, exactly and with the place of every fault."""

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.problem import Number, Profile
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed

# Beyond this a float no longer tells neighbouring amounts apart.
LARGEST = 10**15
LONGEST_TEXT = 500


def decoded(text: str | bytes) -> object:
    """The JSON value of a text: decimals as `Decimal`, and `NaN` and the like as what is refused later.

    Raises `PlanMalformed` for what is not JSON in UTF-8, or has one member twice.
    """
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(plain, parse_float=Decimal, parse_int=_integer, object_pairs_hook=_members)
    except RecursionError as error:
        found = "nested too deeply"
        raise PlanMalformed(pointer="", member="The file", found=found, wanted="a JSON object") from error
    except json.JSONDecodeError as error:
        found = f"not JSON in line {error.lineno}, column {error.colno}"
        raise PlanMalformed(pointer="", member="The file", found=found, wanted="a JSON object") from error
    except UnicodeDecodeError as error:
        found = f"not UTF-8 at byte {error.start}"
        raise PlanMalformed(pointer="", member="The file", found=found, wanted="a JSON object") from error


def pointer_to(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901). Check: "a/b", 0 gives /a~1b/0."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


class Faults:
    """What was found wrong while reading, each place once, and what was not read at all."""

    def __init__(self) -> None:
        self._found: dict[str, PlanMalformed] = {}
        self.parts: list[DocumentPart] = []

    def add(self, pointer: str, *, found: str, wanted: str) -> None:
        member = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        fault = PlanMalformed(pointer=pointer, member=member or "The file", found=found, wanted=wanted)
        self._found.setdefault(pointer, fault)

    @property
    def found(self) -> tuple[PlanMalformed, ...]:
        return tuple(self._found.values())

    @property
    def ignored(self) -> tuple[str, ...]:
        """The members that nobody asked for, with `*` for the place in a list."""
        return tuple(sorted({place for part in self.parts for place in part.ignored}))


class DocumentPart:
    """One object of the document. What is wrong with it goes to the faults, and reading goes on."""

    def __init__(self, found: object, place: Sequence[str | int], faults: Faults) -> None:
        self._place = tuple(place)
        self._faults = faults
        self._asked: set[str] = set()
        self._members: dict[str, object] = found if isinstance(found, dict) else {}
        if not isinstance(found, dict):
            faults.add(pointer_to(*place), found=_shown(found), wanted="an object")
        faults.parts.append(self)

    @property
    def ignored(self) -> list[str]:
        place = ["*" if isinstance(step, int) else step for step in self._place]
        return [pointer_to(*place, name) for name in self._members if name not in self._asked]

    def text(self, name: str, otherwise: str | None = None) -> str:
        found = self._member(name, otherwise)
        if isinstance(found, str) and 0 < len(found) <= LONGEST_TEXT:
            return found
        if found == "" and otherwise == "":
            return ""
        self.refuse(name, wanted=f"text of 1 to {LONGEST_TEXT} characters")
        return ""

    def find_text(self, name: str) -> str | None:
        return self.text(name) if self._member(name) is not None else None

    def whole(self, name: str, otherwise: int | None = None, *, least: int = 0) -> int:
        return self._whole(self._member(name, otherwise), name, least=least)

    def find_whole(self, name: str, *, least: int = 0) -> int | None:
        return self.whole(name, least=least) if self._member(name) is not None else None

    def flag(self, name: str, *, otherwise: bool) -> bool:
        found = self._member(name, otherwise)
        if not isinstance(found, bool):
            self.refuse(name, wanted="true or false")
        return found is True

    def number(self, name: str, otherwise: Number = 0) -> Number:
        return self._number(self._member(name, otherwise), name)

    def find_number(self, name: str) -> Number | None:
        return self.number(name) if self._member(name) is not None else None

    def profile(self, name: str) -> Profile:
        return self._profile(self._member(name), name)

    def profiles(self, name: str) -> dict[str, Profile]:
        found = self._member(name, {})
        if not isinstance(found, dict):
            self.refuse(name, wanted="an object of lists of numbers")
            return {}
        profiles = {str(key): self._profile(value, name, str(key)) for key, value in found.items()}
        return {key: profile for key, profile in profiles.items() if any(profile)}

    def parts(self, name: str) -> "list[DocumentPart]":
        """The objects of a list, without what is none."""
        items = self._items(name)
        parts = [DocumentPart(item, (*self._place, name, i), self._faults) for i, item in items]
        return [part for part, (_, item) in zip(parts, items, strict=True) if isinstance(item, dict)]

    def part(self, name: str) -> "DocumentPart":
        return DocumentPart(self._member(name), (*self._place, name), self._faults)

    def wholes(self) -> dict[str, int]:
        """All members as whole numbers by name, without those that are null."""
        given = {name: found for name, found in self._members.items() if found is not None}
        return {name: self._whole(found, name) for name, found in given.items()}

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        groups = []
        for i, group in self._items(name):
            names = group if isinstance(group, list) else [None]
            if not all(isinstance(item, str) for item in names):
                self._fault(group, "a list of project ids", name, i)
            groups.append(tuple(str(item) for item in names))
        return tuple(groups)

    def whole_per_period(self, name: str, periods: int) -> tuple[int, ...]:
        """One whole number for all periods, or a list with one for each; empty when absent."""
        found = self._member(name)
        if found is None:
            return ()
        if isinstance(found, list):
            return tuple(self._whole(item, name, i) for i, item in enumerate(found))
        return (self._whole(found, name),) * periods

    def refuse(self, name: str, *, wanted: str) -> None:
        """Note that what stands under `name` is not what is wanted."""
        self._fault(self._member(name), wanted, name)

    def _member(self, name: str, otherwise: object = None) -> object:
        self._asked.add(name)
        found = self._members.get(name)
        return otherwise if found is None else found

    def _items(self, name: str) -> list[tuple[int, object]]:
        found = self._member(name, [])
        if not isinstance(found, list):
            self.refuse(name, wanted="a list")
            return []
        return list(enumerate(found))

    def _whole(self, found: object, *way: str | int, least: int = 0) -> int:
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= LARGEST:
            self._fault(found, f"a whole number, {least} or more, of at most 15 digits", *way)
            return least
        return found

    def _profile(self, found: object, *way: str | int) -> Profile:
        if not isinstance(found, list):
            self._fault(found, "a list of numbers", *way)
            return ()
        return tuple(self._number(item, *way, i) for i, item in enumerate(found))

    def _number(self, found: object, *way: str | int) -> Number:
        exact = _exact(found)
        if exact is None or abs(exact) > LARGEST:
            self._fault(found, "a number of at most 15 digits and 30 decimals", *way)
            return 0
        return exact.numerator if exact.denominator == 1 else exact

    def _fault(self, found: object, wanted: str, *way: str | int) -> None:
        self._faults.add(pointer_to(*self._place, *way), found=_shown(found), wanted=wanted)


def _exact(found: object) -> Fraction | None:
    """The exact number; `None` for what is none, or too long to be written out in digits."""
    if isinstance(found, float):
        found = Decimal(repr(found))
    if isinstance(found, bool) or not isinstance(found, (int, Decimal, Fraction)):
        return None
    if isinstance(found, Decimal) and not _is_short(found):
        return None
    return Fraction(found)


def _is_short(amount: Decimal) -> bool:
    # 1e999999999 must be refused before it is written out in digits.
    return amount.is_finite() and amount.adjusted() <= 15 and -int(amount.as_tuple().exponent) <= 30


def _shown(found: object) -> str:
    match found:
        case None:
            return "missing"
        case bool():
            return "true" if found else "false"
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return f"“{found[:60]}”"
        case _:
            return str(found)[:60]


def _integer(digits: str) -> int | Decimal:
    """Numbers that are too long for anything are kept as they are, to be refused at their place."""
    return int(digits) if len(digits) <= 40 else Decimal(digits)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PlanMalformed(member=twice[:60], found="there twice in one object", wanted="there once")
    return members
