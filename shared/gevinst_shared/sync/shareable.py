"""With whom something can be shared, and what: every service refuses the same of a grant (X1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from gevinst_shared.sync.catalogue import unknown_names
from gevinst_shared.sync.refusals import GrantOverAlready, PartnerNotSo, UnknownSharedField


class PartnerState(StrEnum):
    """`met`: its statement is here, and nobody has compared the key yet. Only `confirmed` exchanges."""

    PROPOSED = "proposed"
    MET = "met"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    STOPPED = "stopped"


def refuse_state(state: str, *needed: PartnerState) -> None:
    """Refuse what is only done with a partner in one of the `needed` states."""
    if state not in needed:
        raise PartnerNotSo(state=state, needed=" or ".join(needed))


def refuse_odd_grant(state: str, fields: Mapping[str, Sequence[str]], until: date, *, today: date) -> None:
    """Refuse what is for a partner in another `state`, not in the catalogue, or over before it begins."""
    refuse_state(state, PartnerState.CONFIRMED, PartnerState.PAUSED)
    odd = unknown_names(fields)
    if odd:
        raise UnknownSharedField(names=", ".join(odd[:10])[:200], pointer="/body/fields")
    if until < today:
        raise GrantOverAlready(until=until, pointer="/body/until")
