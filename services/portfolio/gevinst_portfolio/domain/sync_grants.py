"""Grants: which records a partner gets, which fields of them, what for and until when (X1)."""

from collections.abc import Mapping, Sequence
from datetime import date

from gevinst_shared.sync.catalogue import unknown_names
from gevinst_shared.values.refusal import Refusal


class UnknownSharedField(Refusal):
    code = "unknown-shared-field"
    title = "Nothing that can be shared"
    detail = "{names} cannot be shared. Name kinds and fields of `GET /sync-kinds`."


class GrantOverAlready(Refusal):
    code = "grant-over-already"
    title = "The last day has passed"
    detail = "{until} is before today. Name the last day on which the partner shall have it."


class GrantEnded(Refusal):
    code = "grant-ended"
    title = "The grant has ended"
    detail = "Nothing is shared by this grant any more. Give another one to share again."


def refuse_odd_grant(fields: Mapping[str, Sequence[str]], until: date, *, today: date) -> None:
    """Refuse what is not in the catalogue, and what is over before it begins."""
    odd = unknown_names(fields)
    if odd:
        raise UnknownSharedField(names=", ".join(odd[:10])[:200], pointer="/body/fields")
    if until < today:
        raise GrantOverAlready(until=until, pointer="/body/until")
