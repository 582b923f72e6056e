"""What is refused of measurements (B6, E1)."""

from gevinst_shared.values.refusal import Refusal


class MeasuredInFuture(Refusal):
    code = "measured-in-future"
    title = "The measurement lies in the future"
    detail = "{day} has not been yet. Record a measurement on the day that it was taken, or later."


class CorrectionWithoutReason(Refusal):
    code = "correction-without-reason"
    title = "Why is the measurement corrected?"
    detail = "Write the reason for the correction. The earlier entry stays beside it."


class NotCorrectable(Refusal):
    code = "measurement-not-correctable"
    title = "The measurement cannot be corrected"
    detail = "{measurement} is not a measurement of this indicator, or has been corrected already."
