"""What is shown on pages outside."""

from dataclasses import dataclass
from typing import ClassVar

from gevinst_shared.embeds import published


@dataclass(frozen=True, slots=True)
class EmbedPublished(published.EmbedPublished):
    """Everybody can see it on pages of the origins."""

    type: ClassVar[str] = "gevinst.benefits.embed-published.v1"


@dataclass(frozen=True, slots=True)
class EmbedRevoked(published.EmbedRevoked):
    """It was taken back."""

    type: ClassVar[str] = "gevinst.benefits.embed-revoked.v1"
