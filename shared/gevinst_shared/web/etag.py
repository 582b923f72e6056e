"""`ETag` and `If-Match`: nobody overwrites what they have not read."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.refusals import ChangedMeanwhile, RevisionMissing

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def etag(revision: int) -> str:
    return f'"{revision}"'


async def expected_revision(
    request: Request,
    tag: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The `ETag` of the revision that you read.",
            max_length=64,
            examples=['"1"'],
        ),
    ] = None,
) -> int:
    """The revision that the caller read: 428 without it, 412 when it never was one of ours.

    Who calls comes first: this stands before the transaction in a route, and nobody unknown is told more.
    """
    await actor_of(request)
    if tag is None:
        raise RevisionMissing
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        raise ChangedMeanwhile
    return int(match[1])


ExpectedRevision = Annotated[int, Depends(expected_revision)]
