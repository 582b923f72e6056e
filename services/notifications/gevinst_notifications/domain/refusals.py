"""What the inbox refuses."""

from gevinst_shared.values.refusal import Refusal


class TooManyStreams(Refusal):
    code = "too-many-streams"
    title = "Too many open streams"
    detail = "At most {limit} streams per person can be open. Close one, or ask the list from time to time."
