"""Facts of agreements with other bodies (B11)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gevinst_benefits.events.benefits import OfBenefit


@dataclass(frozen=True, slots=True)
class AgreementRecorded(OfBenefit):
    """`agreement_state` is proposed, accepted, disputed or shared, with `body` as of `happened_on`."""

    type: ClassVar[str] = "gevinst.benefits.agreement-recorded.v1"
    body: str
    body_name: str
    agreement_state: str
    happened_on: date
