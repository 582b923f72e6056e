"""Reading the members of a decoded JSON document, exactly and with the place of every fault."""

from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from gevinst_portfolio.domain.optimiser.problem import Number, Profile
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed

# Beyond this a float no longer tells neighbouring amounts apart.
LARGEST = 10**15


class DocumentPart:
    """One object of the document, with its place in it for the refusals."""

    def __init__(self, found: object, pointer: str) -> None:
        if not isinstance(found, dict):
            raise PlanMalformed(
                pointer=pointer, member=pointer or "The file", found=type(found).__name__, wanted="an object"
            )
        self._members: dict[str, object] = found
        self._pointer = pointer

    def text(self, name: str, otherwise: str | None = None) -> str:
        found = self._members.get(name, otherwise)
        return found if isinstance(found, str) else self.refuse(name, "text")

    def find_text(self, name: str) -> str | None:
        return self.text(name) if self._members.get(name) is not None else None

    def whole(self, name: str, otherwise: int | None = None, *, least: int = 0) -> int:
        return self._whole(self._members.get(name, otherwise), name, least)

    def find_whole(self, name: str, *, least: int = 0) -> int | None:
        return self.whole(name, least=least) if self._members.get(name) is not None else None

    def flag(self, name: str, *, otherwise: bool) -> bool:
        found = self._members.get(name, otherwise)
        return found if isinstance(found, bool) else self.refuse(name, "true or false")

    def number(self, name: str, otherwise: Number = 0) -> Number:
        return self._number(self._members.get(name, otherwise), name)

    def find_number(self, name: str) -> Number | None:
        return self.number(name) if self._members.get(name) is not None else None

    def profile(self, name: str) -> Profile:
        return self._profile(self._members.get(name), name)

    def profiles(self, name: str) -> dict[str, Profile]:
        found = self._members.get(name, {})
        if not isinstance(found, dict):
            self.refuse(name, "an object of lists of numbers")
        profiles = {str(key): self._profile(value, f"{name}/{key}") for key, value in found.items()}
        return {key: profile for key, profile in profiles.items() if any(profile)}

    def parts(self, name: str) -> "list[DocumentPart]":
        found = self._members.get(name, [])
        if not isinstance(found, list):
            self.refuse(name, "a list")
        return [DocumentPart(item, f"{self._pointer}/{name}/{i}") for i, item in enumerate(found)]

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        found = self._members.get(name, [])
        if not isinstance(found, list) or not all(isinstance(group, list) for group in found):
            self.refuse(name, "a list of lists of project ids")
        return tuple(tuple(str(item) for item in group) for group in found)

    def whole_per_period(self, name: str, periods: int) -> tuple[int, ...]:
        """One whole number for all periods, or a list with one for each; empty when absent."""
        found = self._members.get(name)
        if found is None:
            return ()
        if isinstance(found, list):
            return tuple(self._whole(item, name, 0) for item in found)
        return (self._whole(found, name, 0),) * periods

    def _whole(self, found: object, name: str, least: int) -> int:
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= LARGEST:
            self.refuse(name, f"a whole number, {least} or more")
        return found

    def _profile(self, found: object, name: str) -> Profile:
        if not isinstance(found, list):
            self.refuse(name, "a list of numbers")
        return tuple(self._number(item, f"{name}/{i}") for i, item in enumerate(found))

    def _number(self, found: object, name: str) -> Number:
        if isinstance(found, float):
            found = Decimal(repr(found))
        if isinstance(found, bool) or not isinstance(found, (int, Decimal, Fraction)):
            self.refuse(name, "a number")
        if isinstance(found, Decimal) and not found.is_finite():
            self.refuse(name, "a finite number")
        # 1e999999999 must be refused before it is written out in digits.
        if isinstance(found, Decimal) and (found.adjusted() > 15 or -int(found.as_tuple().exponent) > 30):
            self.refuse(name, "a number of at most 15 digits and 30 decimals")
        exact = Fraction(found)
        if abs(exact) > LARGEST:
            self.refuse(name, "a number of at most 15 digits")
        return exact.numerator if exact.denominator == 1 else exact

    def refuse(self, name: str, wanted: str) -> NoReturn:
        """Refuse what stands under `name`, saying what is wanted."""
        top, *rest = name.split("/")
        found = self._members.get(top)
        shown = "missing" if found is None else str(found)[:60]
        raise PlanMalformed(
            pointer=f"{self._pointer}/{'/'.join([top, *rest])}", member=name, found=shown, wanted=wanted
        )
