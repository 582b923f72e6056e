"""`ETag` and who names it: nobody overwrites what they have not read, nor fetches what they have."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.refusals import ChangedMeanwhile, RevisionMissing

LONGEST_KNOWN, _PRINTED = 1000, r"^[\x20-\x7e]*$"
# What the caller has; one and the same for all reads that know 304.
KnownTags = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=LONGEST_KNOWN,
        pattern=_PRINTED,
        description="The `ETag` of what you have: 304 while it is the latest.",
        examples=['"1"'],
    ),
]
_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def etag(revision: int) -> str:
    return f'"{revision}"'


def is_odd(known: str | None) -> bool:
    """Whether it is nothing that `KnownTags` takes."""
    return known is not None and (len(known) > LONGEST_KNOWN or not re.match(_PRINTED, known))


def is_known(known: str | None, tag: str) -> bool:
    """Whether `If-None-Match` says that the caller has what `tag` names: alone or among others, also weakened
    on its way, or anything there is (`*`). RFC 9110, 13.1.2."""
    if not known:
        return False
    return not {tag, "*"}.isdisjoint(one.strip().removeprefix("W/") for one in known.split(","))


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
