"""Whether a project is prioritised centrally, on the wire (P2)."""

from pydantic import Field

from gevinst_portfolio.domain.projects import Registration
from gevinst_shared.web.shapes import In, Maybe, Prose


class RegistrationIn(In):
    """How a project is registered, whatever the threshold says."""

    registration: Maybe[Registration] = Field(None, description="Absent: as the threshold says.")
    reason: Prose = Field(min_length=1, examples=["Small, and the council asked for it."])
