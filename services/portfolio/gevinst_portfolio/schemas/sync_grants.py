"""Grants to partners on the wire (X1)."""

from pydantic import Field

from gevinst_shared.web.shapes import Code, Day, Id, Maybe, Moment, Name, Organisation, Out, Whole
from gevinst_shared.web.sync_shapes import FieldName, Fields, Root


class SyncGrantOut(Out):
    """What a partner gets of a record and of what is under it, until its last day or until it is ended."""

    id: Id
    organisation: Organisation
    partner_id: Id
    kind: Root
    record_id: Id
    fields: Fields
    purpose: Name
    until: Day
    given_by: Maybe[str] = Field(None, max_length=300)
    given_at: Moment
    ended_by: Maybe[str] = Field(None, max_length=300)
    ended_at: Maybe[Moment] = None
    revision: Whole = Field(ge=1, le=1_000_000_000)


class SyncGrantPageOut(Out):
    """Grants, a page at a time."""

    items: list[SyncGrantOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SyncKindOut(Out):
    """A kind of records, the service whose it is, and the fields that can be shared of it."""

    kind: FieldName
    service: Code
    can_be_root: bool
    fields: list[FieldName] = Field(max_length=50)


class SyncKindsOut(Out):
    """Everything that can be shared; nothing else can leave."""

    items: list[SyncKindOut] = Field(max_length=50)
