"""Grants: which records a partner gets, which fields of them, what for and until when (X1).

What is refused of one stands in `gevinst_shared.sync.shareable`: other services show what it would come to.
"""

from gevinst_shared.values.refusal import Refusal


class GrantEnded(Refusal):
    code = "grant-ended"
    title = "The grant has ended"
    detail = "Nothing is shared by this grant any more. Give another one to share again."
