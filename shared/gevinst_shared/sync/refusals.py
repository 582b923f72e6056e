"""What is refused about partners: why one gets no page of its feed, and why one is given or asked nothing.

A stranger gets `Unknown`, as for a body that is not here.
"""

from gevinst_shared.values.refusal import Refusal


class PartnerStopped(Refusal):
    """The exchange was ended: what was given is to be deleted."""

    code = "exchange-ended"
    title = "The exchange has ended"
    detail = "This body has ended the exchange with you. Delete what you have of it."


class FeedBegunAnew(Refusal):
    """The cursor leads nowhere any more."""

    code = "feed-begun-anew"
    title = "The feed has begun anew"
    detail = "The cursor is not known any more. Read everything without one, and delete what is not named."


class FeedPaused(Refusal):
    """Paused by an administrator, or not up to date here."""

    code = "feed-paused"
    title = "Nothing is given at the moment"
    detail = "The exchange is paused, or this service does not know the newest grants yet. Ask again later."


class PartnerNotRead(Refusal):
    """Nothing is asked of it at the moment, so it cannot be read in full either."""

    code = "partner-not-read"
    title = "The partner is not read"
    detail = (
        "Only a partner that is confirmed is read, and none that is paused or stopped. This one is {state}."
    )


class PartnerNotSo(Refusal):
    code = "partner-not-so"
    title = "The partner is not that far, or further"
    detail = "The partner is {state}. This is done with one that is {needed}."


class UnknownSharedField(Refusal):
    code = "unknown-shared-field"
    title = "Nothing that can be shared"
    detail = "{names} cannot be shared. Name kinds and fields of `GET /sync-kinds`."


class GrantOverAlready(Refusal):
    code = "grant-over-already"
    title = "The last day has passed"
    detail = "{until} is before today. Name the last day on which the partner shall have it."
