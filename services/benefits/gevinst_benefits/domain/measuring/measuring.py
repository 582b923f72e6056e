"""What is refused of measurements (B6, E1)."""

from collections.abc import Sequence

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


class MeasuredAlready(Refusal):
    code = "measured-already"
    title = "Measured already"
    detail = (
        "{day} has the value {value} from the same source. If it is wrong, correct it: "
        "name {measurement} in `corrects_id`, and write why."
    )


class MeasuredElsewhere(Refusal):
    code = "measured-elsewhere"
    title = "The indicator is not measured there"
    detail = "Say in `unit_id` one of the units that the indicator is measured in: {units}."


class RowsRefused(Refusal):
    """Several rows of one request; nothing of it is kept."""

    code = "rows-refused"
    title = "Some rows cannot be taken"
    detail = "{count} of {rows} row(s) cannot be taken, so nothing was. See `errors` for where and why."

    def __init__(self, *, faults: Sequence[Refusal], rows: int) -> None:
        super().__init__(count=len({fault.pointer for fault in faults}), rows=rows)
        self.faults = tuple(faults)
