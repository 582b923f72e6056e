"""What is refused of a project's deliveries (B9)."""

from gevinst_shared.values.refusal import Refusal


class DeliveredInFuture(Refusal):
    code = "delivered-in-future"
    title = "A delivery is not there before it is"
    detail = "{day} has not come yet. Write the expected day as `due_on`, and when it was there once it is."
