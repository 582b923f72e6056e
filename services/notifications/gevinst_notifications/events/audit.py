"""What is announced of the trail."""

from dataclasses import dataclass
from typing import ClassVar

from gevinst_shared.audit.trail import Sealed


@dataclass(frozen=True, slots=True)
class AuditSealed(Sealed):
    """E1: the chain's new head, to be held outside the database."""

    type: ClassVar[str] = "gevinst.notifications.audit-sealed.v1"
