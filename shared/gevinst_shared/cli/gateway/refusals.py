"""What only the gateway refuses; the rest it says in the words of the services."""

from gevinst_shared.values.refusal import Refusal


class OddRequest(Refusal):
    code = "odd-request"
    title = "Not a plain request"
    detail = "The request is not valid HTTP, or its path is not in a plain form (no escaped slashes)."


class TooSlow(Refusal):
    code = "too-slow"
    title = "Too slow"
    detail = "The request did not arrive in time. Send it again without pauses."


class HeadersTooLarge(Refusal):
    code = "headers-too-large"
    title = "Headers too large"
    detail = "The headers are too many or too long. Send fewer or shorter ones."


class TooManyRequests(Refusal):
    code = "too-many-requests"
    title = "Too many requests"
    detail = "Wait as many seconds as `Retry-After` says, then go on more slowly."


class Unavailable(Refusal):
    code = "unavailable"
    title = "Not available now"
    detail = "The service does not answer at the moment. Try again in a few seconds."


class TimedOut(Refusal):
    code = "timed-out"
    title = "Timed out"
    detail = "The service did not answer in time. Ask for less, or try again later."
