"""Small pictures as SVG, for print: text is escaped, coordinates are rounded to a tenth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

# The typeface that the PDF is set in; a picture is drawn where no other needs to be there.
TYPEFACE = "Libertinus Serif"


@dataclass(slots=True)
class Drawing:
    """A picture of `width` × `height` points that grows part by part."""

    width: float
    height: float
    definitions: str = ""
    parts: list[str] = field(default_factory=list)

    def rectangle(self, x: float, y: float, width: float, height: float, *, look: str) -> None:
        self.parts.append(
            f'<rect x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(height)}" {look}/>'
        )

    def line(self, points: Iterable[tuple[float, float]], *, look: str) -> None:
        path = " ".join(f"{_at(x)},{_at(y)}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" {look}/>')

    def dot(self, x: float, y: float, radius: float, *, look: str) -> None:
        self.parts.append(f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{_at(radius)}" {look}/>')

    def text(self, x: float, y: float, said: str, *, anchor: str = "start", is_bold: bool = False) -> None:
        weight = ' font-weight="700"' if is_bold else ""
        place = f'x="{_at(x)}" y="{_at(y)}" text-anchor="{anchor}"'
        self.parts.append(f"<text {place}{weight}>{escape(said)}</text>")

    def svg(self, title: str, description: str) -> str:
        """The whole picture; its title and description are for those who cannot see it."""
        size = f'width="{_at(self.width)}" height="{_at(self.height)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} '
            f'viewBox="0 0 {_at(self.width)} {_at(self.height)}" font-family="{TYPEFACE}" font-size="11">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
            f"<defs>{self.definitions}</defs>{''.join(self.parts)}</svg>"
        )


def _at(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
