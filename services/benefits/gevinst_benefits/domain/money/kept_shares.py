"""M3: how much of a saving the unit keeps; the rest goes to the common purse."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from gevinst_shared.values.refusal import Refusal


class ChangeWithoutReason(Refusal):
    code = "share-changed-without-reason"
    title = "Say why the share changes"
    detail = "A share was agreed before. Say why it changes."


class OddShare(Refusal):
    code = "odd-share"
    title = "Neither a share nor an amount"
    detail = "Give either a share from 0 to 1, or an amount a year that is not below zero."


class AgreedLater(Refusal):
    code = "agreed-in-future"
    title = "The agreement has not been made yet"
    detail = "{day} is in the future. Record the agreement when it has been made."


class NobodyOfTheUnit(Refusal):
    code = "share-agreed-by-another"
    title = "Not agreed by the unit"
    detail = "{person} does not lead the unit {unit}. Name the leader who agreed to the share."


@dataclass(frozen=True, slots=True)
class KeptShare:
    """A version of what was agreed: a share of the saving (0.5 is half), or hundredths a year."""

    number: int
    from_year: int
    share: Decimal | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """A saving and where it goes: `gross` = `kept` + `net`, all in hundredths, zero or more."""

    gross: int
    kept: int

    @property
    def net(self) -> int:
        return self.gross - self.kept


def refuse_odd_share(share: Decimal | None, amount: Decimal | None) -> None:
    """One of the two, and no more than all of the saving."""
    is_share = share is not None and amount is None and share <= 1
    is_amount = amount is not None and share is None and amount >= 0
    if not (is_share or is_amount):
        raise OddShare


def in_force(versions: Iterable[KeptShare], year: int) -> KeptShare | None:
    """The newest version that has begun in `year`; None when the unit keeps nothing."""
    begun = [version for version in versions if version.from_year <= year]
    return max(begun, key=lambda version: version.number, default=None)


def divided(gross: int, version: KeptShare | None) -> Division:
    """What the unit keeps of a saving, rounded half-even; never more than the saving.

    Check: of 100.01, half is 50.00 and 50.01 goes on.
    """
    if version is None:
        return Division(gross, 0)
    if version.share is not None:
        kept = int((Decimal(gross) * version.share).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
        return Division(gross, kept)
    return Division(gross, min(gross, version.amount or 0))
