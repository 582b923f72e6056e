"""Facts of agreements with other bodies (B11)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_benefits.events.benefits import OfBenefit
from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class AgreementRecorded(OfBenefit):
    """`agreement_state` is proposed, accepted, disputed or shared, with `body` as of `happened_on`."""

    type: ClassVar[str] = "gevinst.benefits.agreement-recorded.v1"
    body: str
    body_name: str
    agreement_state: str
    happened_on: date


@dataclass(frozen=True, slots=True)
class OfAgreement(Fact):
    """What every fact of an agreement tells that two bodies keep. `side` is ours, giver or receiver;
    `benefit_id` is our benefit, once there is one; `agreement_state` is how far it is as seen from here."""

    agreement_id: UUID
    side: str
    body: str
    body_name: str
    benefit_name: str
    agreement_state: str
    benefit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AgreementOffered(OfAgreement):
    """We offered a benefit to another body."""

    type: ClassVar[str] = "gevinst.benefits.agreement-offered.v1"


@dataclass(frozen=True, slots=True)
class AgreementProposed(OfAgreement):
    """Another body offered us a benefit (N1)."""

    type: ClassVar[str] = "gevinst.benefits.agreement-proposed.v1"


@dataclass(frozen=True, slots=True)
class AgreementChanged(OfAgreement):
    """Either side said something new, or it has arrived."""

    type: ClassVar[str] = "gevinst.benefits.agreement-changed.v1"
