"""What is shared with partners, on the wire: the same in every service (X1)."""

from typing import Annotated, Any, Literal

from pydantic import Field

from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Whole

Root = Literal["project", "programme"]
FieldName = Annotated[str, Field(min_length=1, max_length=60, pattern="^[a-z][a-z_]*$", examples=["name"])]
Fields = Annotated[
    dict[FieldName, Annotated[list[FieldName], Field(min_length=1, max_length=50)]],
    Field(
        min_length=1,
        max_length=20,
        description="Of each kind under the record, the fields that are shared: see `GET /sync-kinds`.",
        examples=[{"project": ["name", "status", "start", "end"]}],
        # The names are a pattern; nothing else is a name.
        json_schema_extra={"additionalProperties": False},
    ),
]
Body = Annotated[
    dict[str, Any],
    Field(max_length=50, description="What leaves, field by field.", examples=[{"name": "Case system"}]),
]


class SyncGrantIn(In):
    """What a partner shall get, what for, and until when."""

    kind: Root = Field(
        description="Of the record: a project, or a programme, which brings its projects along.",
        examples=["project"],
    )
    record_id: Id
    fields: Fields
    purpose: Name = Field(examples=["Planning the shared case system"])
    until: Day = Field(description="The last day.", examples=["2099-12-31"])


class SyncPreviewItemOut(Out):
    """One record as the partner would get it."""

    kind: FieldName
    record_id: Id
    fields: Body


class SyncPreviewOut(Out):
    """What a partner would get now: how many records, and the first hundred of them."""

    count: Whole = Field(ge=0, le=2**53)
    too_large: Whole = Field(
        ge=0, le=2**53, description="How many more it may have, and cannot get: they are too large to send."
    )
    items: list[SyncPreviewItemOut] = Field(max_length=100)


class SyncLeftOut(Out):
    """What a partner was given of a record when it last changed for it, or that it was told to delete it.

    `is_too_large`: it may have it, but has nothing of it: it is too large to send. Share fewer fields.
    """

    kind: FieldName
    record_id: Id
    number: Whole = Field(ge=1, le=2**53, description="In the partner's own feed.")
    is_deleted: bool
    is_too_large: bool
    fields: Maybe[Body] = None
    at: Moment


class SyncLeftPageOut(Out):
    """What has left, the newest first, a page at a time."""

    items: list[SyncLeftOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SyncReplicaOut(Out):
    """A record of a partner's as it last told us. It is the partner's: it changes and goes when that says so.

    `at` is when it was so there, `received_at` when we heard of it."""

    partner_id: Id
    owner: Organisation
    kind: FieldName
    record_id: Id
    fields: Annotated[dict[str, Any], Field(max_length=50, description="What the partner shares of it.")]
    at: Moment
    received_at: Moment


class SyncReplicaPageOut(Out):
    """What partners gave, by kind, a page at a time."""

    items: list[SyncReplicaOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
