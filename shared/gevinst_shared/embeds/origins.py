"""Origins: on whose pages something may stand."""

import re

from gevinst_shared.embeds.refusals import OddOrigin

LONGEST_ORIGIN = 260
# What stands in `frame-ancestors` as it is: nothing that could end a word or a directive.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"(?:https://(?P<host>{_LABEL}(?:\.{_LABEL})*)|http://(?:localhost|127\.0\.0\.1))(?::(?P<port>[1-9]\d{{0,4}}))?",
    re.ASCII,
)


def origin_of(text: str) -> str:
    """The origin in its one written form, or `OddOrigin`.

    Check: HTTPS://Intranet.Example:443 is https://intranet.example; https://a.example/ is refused.
    """
    # Some letters of other alphabets become ours when they are made small.
    is_plain = len(text) <= LONGEST_ORIGIN and text.isascii()
    found = _ORIGIN.fullmatch(text.lower()) if is_plain else None
    if found is None or int(found["port"] or 1) > 65_535:
        raise OddOrigin(origin=text[:80])
    return text.lower().removesuffix(":443" if found["host"] else ":80")
