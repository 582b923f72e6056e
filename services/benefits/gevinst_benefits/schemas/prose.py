"""Text that must say something."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

_UNREADABLE = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_SAYS_SOMETHING = rf"^[^{_UNREADABLE}]*[^\s{_UNREADABLE}][^{_UNREADABLE}]*$"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


# Several lines with something in them beside blanks: reasons and evidence that a rule asks for.
Told = Annotated[
    str, Field(min_length=1, max_length=10_000, pattern=_SAYS_SOMETHING), AfterValidator(_composed)
]
