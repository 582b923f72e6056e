"""The colours of what we send and show to people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Text, muted and link stand on `surface`, `on_accent` on `accent`, all at 4.5:1."""

    page: str
    surface: str
    line: str
    text: str
    muted: str
    link: str
    accent: str
    on_accent: str


LIGHT = Palette(
    page="#eef1f4",
    surface="#ffffff",
    line="#d3dae0",
    text="#16202a",
    muted="#4d5a66",
    link="#0b5567",
    accent="#0b5567",
    on_accent="#ffffff",
)
DARK = Palette(
    page="#12181e",
    surface="#1b242c",
    line="#36434f",
    text="#edf2f6",
    muted="#aab7c3",
    link="#7fd0e2",
    accent="#7fd0e2",
    on_accent="#0c1a20",
)
