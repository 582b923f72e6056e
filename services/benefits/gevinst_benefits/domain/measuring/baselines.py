"""B6: the baseline is measured before any effect, and never overwritten."""

from datetime import date

from gevinst_shared.values.refusal import Refusal


class BaselineAfterEffect(Refusal):
    code = "baseline-after-effect"
    title = "The baseline was not measured before the effect"
    detail = (
        "The indicator was measured on {first}. A baseline is from that day or before: "
        "say in `measured_on` of a new baseline when it was measured."
    )


class BaselineInFuture(Refusal):
    code = "baseline-in-future"
    title = "The baseline lies in the future"
    detail = "{day} has not been yet. Record a baseline once it is measured."


class NewBaselineWithoutReason(Refusal):
    code = "new-baseline-without-reason"
    title = "Why another baseline?"
    detail = "The baseline is {value}. Write the reason for another one; the earlier stays beside it."


def refuse_odd_baseline(*, measured_on: date | None, first_measured_on: date | None, today: date) -> None:
    """Refuse a baseline from after the first measurement; without a day, any once there is a measurement."""
    if measured_on is not None and measured_on > today:
        raise BaselineInFuture(day=measured_on, pointer="/body/measured_on")
    if first_measured_on is not None and (measured_on is None or measured_on > first_measured_on):
        raise BaselineAfterEffect(first=first_measured_on, pointer="/body")
