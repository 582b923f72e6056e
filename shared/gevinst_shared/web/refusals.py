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
