"""Budget adjustments on the wire: phasings, entries and the practice by which they are booked (M1)."""

import unicodedata
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from gevinst_benefits.domain.money.budget_adjustments import (
    EntryKind,
    LineKey,
    PhasingLine,
    PhasingState,
    Practice,
    PriceStep,
)
from gevinst_benefits.schemas.quantities import IndexValue
from gevinst_benefits.usecases.booking import LineToBook
from gevinst_benefits.usecases.phasing import PhasingChange, PhasingDraft
from gevinst_shared.web.shapes import (
    Amount,
    Currency,
    Id,
    In,
    Maybe,
    Moment,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
    Year,
)

_MOST_LINES = 500
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
LINES_OF_TEXT = rf"^[^{_CONTROL}]*[^{_CONTROL}\s][^{_CONTROL}]*$"
Person = Annotated[str, Field(max_length=300)]
Revision = Annotated[int, Field(ge=1, le=1_000_000_000)]
# Signed: what a unit's budget grows by (above zero) or shrinks by (below).
_CHANGE = "Above zero the unit's budget grows (a cost), below zero it shrinks (a saving)."


def minor(amount: Decimal) -> int:
    """Whole hundredths."""
    return int(amount.scaleb(2))


# Lines of text with something in them.
Reason = Annotated[
    str,
    Field(min_length=1, max_length=10_000, pattern=LINES_OF_TEXT),
    AfterValidator(lambda text: unicodedata.normalize("NFC", text).strip()),
]


class PracticeIn(In):
    """When savings are booked."""

    practice: Practice


class PracticeOut(Out):
    """When savings are booked, where a phasing does not say otherwise."""

    practice: Practice
    revision: Revision
    created_at: Moment


class LineShape(In):
    """What changes on one budget line in one year."""

    account: Name = Field(examples=["Postage"])
    year: Year = Field(examples=[2027])
    amount: Amount = Field(description=_CHANGE, examples=["-120000.00"])

    def line(self) -> PhasingLine:
        return PhasingLine(self.account, self.year, minor(self.amount))


Lines = Annotated[list[LineShape], Field(max_length=_MOST_LINES)]


class PhasingIn(In):
    """A proposal for one unit's budget; without lines, one for each year in which the benefit is planned."""

    unit_id: Id
    currency: Currency = Field(description="The benefit's.")
    price_year: Year = Field(description="The benefit's.", examples=[2026])
    account: Name = Field(description="The account of the lines that are filled in.", examples=["Postage"])
    lines: Maybe[Lines] = None
    practice: Maybe[Practice] = Field(None, description="Sets the organisation's practice aside.")
    note: Maybe[Prose] = None

    def draft(self) -> PhasingDraft:
        lines = None if self.lines is None else tuple(line.line() for line in self.lines)
        return PhasingDraft(
            unit_id=self.unit_id,
            currency=self.currency,
            price_year=self.price_year,
            account=self.account,
            lines=lines,
            practice=self.practice,
            note=self.note,
        )


class PhasingChangeIn(In):
    """What a draft becomes."""

    lines: Lines
    practice: Maybe[Practice] = None
    note: Maybe[Prose] = None

    def change(self) -> PhasingChange:
        return PhasingChange(tuple(line.line() for line in self.lines), self.practice, self.note)


class LineOut(Out):
    """What changes on one budget line in one year."""

    account: Name
    year: Year
    amount: Amount = Field(description=_CHANGE)


class PhasingOut(Out):
    """A benefit phased over one unit's budget."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    unit_id: Id
    currency: Currency
    price_year: Year
    lines: list[LineOut] = Field(max_length=_MOST_LINES)
    practice: Maybe[Practice] = None
    note: Maybe[Prose] = None
    state: PhasingState
    is_in_force: bool = Field(description="Whether it is what was agreed last for the benefit and the unit.")
    drafted_by: Person
    agreed_by: Maybe[Person] = None
    agreed_at: Maybe[Moment] = None
    revision: Revision
    created_at: Moment


class PhasingPageOut(Out):
    """Phasings, a page at a time."""

    items: list[PhasingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class IndexIn(In):
    """An open index from the benefit's price year to the one that is booked in (C1)."""

    price_year: Year = Field(description="The price year that is booked in.", examples=[2027])
    from_value: IndexValue = Field(description="The index of the benefit's price year.", examples=["100"])
    to_value: IndexValue = Field(description="The index of the year that is booked in.", examples=["104.2"])
    source: Name = Field(examples=["Statistics Norway, table 03013"])

    def step(self) -> PriceStep:
        return PriceStep(self.price_year, self.from_value, self.to_value, self.source)


class LineToBookIn(In):
    """A line of the phasing; all that is left of it when no amount is given."""

    account: Name = Field(examples=["Postage"])
    year: Year = Field(examples=[2027])
    amount: Maybe[Amount] = Field(None, description=f"In the benefit's money. {_CHANGE}")

    def line(self) -> LineToBook:
        return LineToBook(
            LineKey(self.account, self.year), None if self.amount is None else minor(self.amount)
        )


class BookingIn(In):
    """Lines that are booked together, all or none."""

    lines: list[LineToBookIn] = Field(min_length=1, max_length=100)
    index: Maybe[IndexIn] = None
    reason: Maybe[Prose] = None


class ReversalIn(In):
    """What is taken back of an entry, and why."""

    amount: Maybe[Amount] = Field(
        None,
        description="Above zero, in the benefit's money; all that is left when absent.",
        examples=["500.00"],
    )
    reason: Reason = Field(examples=["The channel stays open until the summer"])


class IndexOut(Out):
    """The index that an entry was booked with."""

    from_value: IndexValue
    to_value: IndexValue
    source: Name


class EntryOut(Out):
    """A booked adjustment or its reversal; never changed."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    phasing_id: Id
    unit_id: Id
    account: Name
    year: Year
    kind: EntryKind
    practice: Practice
    amount: MoneyOut = Field(description=f"As it is booked. {_CHANGE}")
    base_amount: MoneyOut = Field(description="The same in the benefit's price year.")
    index: Maybe[IndexOut] = None
    verification_id: Maybe[Id] = Field(None, description="The verification that the booking rests on.")
    reverses_id: Maybe[Id] = None
    reversed_amount: Maybe[MoneyOut] = Field(None, description="What was taken back of it, above zero.")
    reason: Maybe[Prose] = None
    booked_by: Person
    booked_at: Moment
    revision: Revision


class EntriesOut(Out):
    """Entries that were booked together."""

    items: list[EntryOut] = Field(max_length=100)


class EntryPageOut(Out):
    """Entries, a page at a time."""

    items: list[EntryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


Count = Annotated[Whole, Field(ge=0, le=1_000_000)]
