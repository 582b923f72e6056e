"""Text that must say something."""

from typing import Annotated

from pydantic import AfterValidator, Field

from gevinst_shared.web.shapes import UNSEEN, composed, filled

_UNREADABLE = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_SAYS_SOMETHING = rf"^[^{_UNREADABLE}]*[^\s{_UNREADABLE}{UNSEEN}][^{_UNREADABLE}]*$"

# Several lines with something in them beside blanks: reasons and evidence that a rule asks for.
Told = Annotated[
    str,
    Field(min_length=1, max_length=10_000, pattern=_SAYS_SOMETHING),
    AfterValidator(composed),
    AfterValidator(filled),
]
