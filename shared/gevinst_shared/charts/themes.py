"""The colours and typefaces of charts, for light and for dark surfaces; an organisation may have its own.

Every colour of a mark stands out from its surface by at least 3:1 and every text by 4.5:1 (WCAG 1.4.3,
1.4.11): the house's by a test, an organisation's when they are saved.
"""

import re
from base64 import b64decode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from struct import unpack

from gevinst_shared.values.refusal import Refusal

MOST_COLOURS = 6
MARK_CONTRAST = 3.0
MOST_LOGO_BYTES, MOST_LOGO_PIXELS = 24_000, 2000
_PNG_BEGINS, _PNG_SHORTEST = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 57
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_FALLBACK = "Arial, 'Liberation Sans', Helvetica, sans-serif"


class PaleColour(Refusal):
    """A colour that does not stand out from the surface it is drawn on."""

    code = "pale-colour"
    title = "A colour is too hard to see"
    detail = (
        "{colour} stands out from {surface} by {contrast}:1. "
        "Marks need at least 3:1: choose a darker colour on light, or a lighter one on dark."
    )


class OddLogo(Refusal):
    code = "odd-logo"
    title = "Not a logo that can be drawn"
    detail = "A logo is a PNG of at most 24 kB and 2000 pixels to each side, written in Base64."


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of one surface: `colours` are for marks, in order; `good` and `bad` mean what they say."""

    surface: str
    text: str
    muted: str
    line: str
    colours: tuple[str, ...]
    good: str
    bad: str

    def colour(self, place: int) -> str:
        return self.colours[place % len(self.colours)]


LIGHT = Scheme(
    surface="#ffffff",
    text="#1b2733",
    muted="#4f5d6b",
    line="#dde3e9",
    colours=("#1f5fa8", "#c2570c", "#2c7a4b", "#7b4fb3", "#0b7a86", "#6b6459"),
    good="#2c7a4b",
    bad="#b3261e",
)
DARK = Scheme(
    surface="#15191e",
    text="#eef2f5",
    muted="#aeb9c4",
    line="#343d47",
    colours=("#6fb1ff", "#f2a65a", "#6fcf97", "#c9a6ff", "#5fd0dc", "#c8bfb2"),
    good="#6fcf97",
    bad="#ff8f85",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """How an organisation's charts look; `logo` is a PNG, `font` a family before the house's own."""

    light: tuple[str, ...] = ()
    dark: tuple[str, ...] = ()
    font: str | None = None
    logo: bytes | None = field(default=None, repr=False)

    def scheme(self, *, is_dark: bool) -> Scheme:
        """The house's scheme with the organisation's colours first."""
        house, own = (DARK, self.dark) if is_dark else (LIGHT, self.light)
        return replace(house, colours=(*own, *house.colours[len(own) :]))

    @property
    def stamp(self) -> str:
        """What of the theme stands in no specification."""
        return sha256(self.logo or b"").hexdigest()

    @property
    def font_stack(self) -> str:
        return f"{self.font}, {_FALLBACK}" if self.font else _FALLBACK


HOUSE = Theme()


def refuse_pale(theme: Theme) -> None:
    """Raise `PaleColour` for the first colour that does not stand out; its pointer says which it is."""
    for name, colours, house in (("light", theme.light, LIGHT), ("dark", theme.dark, DARK)):
        for place, colour in enumerate(colours):
            found = contrast(colour, house.surface)
            if found < MARK_CONTRAST:
                raise PaleColour(
                    colour=colour,
                    surface=house.surface,
                    contrast=f"{found:.1f}",
                    pointer=f"/body/{name}/{place}",
                )


def read_logo(text: str, *, pointer: str = "/body/logo") -> bytes:
    """The PNG that Base64 text holds; `OddLogo` for anything else, and for one that is too large."""
    try:
        logo = b64decode(text, validate=True)
    except ValueError as error:
        raise OddLogo(pointer=pointer) from error
    if len(logo) > MOST_LOGO_BYTES or logo[:16] != _PNG_BEGINS or len(logo) < _PNG_SHORTEST:
        raise OddLogo(pointer=pointer)
    width, height = unpack(">II", logo[16:24])
    if not (0 < width <= MOST_LOGO_PIXELS and 0 < height <= MOST_LOGO_PIXELS):
        raise OddLogo(pointer=pointer)
    return logo


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as #rrggbb, 1 to 21 (WCAG 2.2).   Check: black on white is 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    assert _COLOUR.fullmatch(colour), colour
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
