"""What happened to a record, on the wire (E1)."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, Maybe, Moment, Out


class ChangeOut(Out):
    """One member that changed. Values are text, lists JSON; money is in the portfolio's currency."""

    member: str = Field(max_length=100, examples=["name"])
    before: Maybe[str] = Field(None, max_length=100_000, description="Absent when there was none.")
    after: Maybe[str] = Field(None, max_length=100_000, description="Absent when there is none any more.")


class HistoryEntryOut(Out):
    """Who did what, when and why."""

    id: Id
    time: Moment
    actor: str = Field(max_length=200, examples=["kari"])
    action: str = Field(max_length=200, examples=["gevinst.portfolio.project-changed.v1"])
    reason: Maybe[str] = Field(None, max_length=10_000)
    changes: list[ChangeOut] = Field(max_length=100)


class HistoryPageOut(Out):
    """A record's history, a page at a time."""

    items: list[HistoryEntryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
