"""What the web layer itself refuses."""

from gevinst_shared.values.refusal import Refusal


class NoToken(Refusal):
    code = "no-token"
    title = "Sign in first"
    detail = "This needs a valid token: send it as `Authorization: Bearer …`."


class Malformed(Refusal):
    code = "malformed"
    title = "The request is malformed"
    detail = "{count} thing(s) in the request are wrong. See `errors` for where and what."


class NoRoute(Refusal):
    code = "no-route"
    title = "No such address"
    detail = "Nothing answers at this address. The document /openapi.json lists all operations."


class WrongMethod(Refusal):
    code = "wrong-method"
    title = "Wrong method"
    detail = "This address answers to {allowed} only."


class TooLarge(Refusal):
    code = "too-large"
    title = "Too large"
    detail = "The request is larger than this operation takes. Send less at a time."


class WrongMediaType(Refusal):
    code = "wrong-media-type"
    title = "Wrong content type"
    detail = "This operation reads {expected}. Say so in `Content-Type`."


class RevisionMissing(Refusal):
    code = "revision-missing"
    title = "Say which revision you change"
    detail = "Send `If-Match` with the `ETag` that you got when you read the record."


class ChangedMeanwhile(Refusal):
    code = "changed-meanwhile"
    title = "Changed meanwhile"
    detail = "Somebody changed the record after you read it. Read it again, and change that."


class KeyInUse(Refusal):
    code = "key-in-use"
    title = "The same request is running"
    detail = "A request with this Idempotency-Key is still running. Try again in a moment."


class KeyUsedDifferently(Refusal):
    code = "key-used-differently"
    title = "The key belongs to another request"
    detail = "This Idempotency-Key was used for another request. Use a new key for each new request."


class BrokenHere(Refusal):
    code = "broken-here"
    title = "Something broke on our side"
    detail = "The fault is ours and is logged under this request's id. Nothing was changed."


class AlreadyThere(Refusal):
    code = "already-there"
    title = "Already there"
    detail = "There is one like it already ({constraint}). Change that one, or choose another name."


class RefersToNothing(Refusal):
    code = "refers-to-nothing"
    title = "Refers to something that is not there"
    detail = "{member} names a record that does not exist here, or something still refers to this one."


class OutOfRange(Refusal):
    code = "out-of-range"
    title = "Out of range"
    detail = "A value cannot be stored: {cause}."


class RanIntoAnother(Refusal):
    code = "ran-into-another"
    title = "Ran into another change"
    detail = "Another change of the same records was faster. Nothing was changed; try again."


class NotReady(Refusal):
    code = "not-ready"
    title = "Not ready"
    detail = "The service cannot reach its database at the moment. Try again shortly."
