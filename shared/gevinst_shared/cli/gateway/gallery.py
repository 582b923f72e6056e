"""The gallery: every chart and status page with example data, and what to copy. Files that Envoy watches.

What there is to show is made after the gateway answers, so the pages are written again then. Where nobody
makes examples, the page says so.
"""

import json
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha384
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.cli.gateway.sources import own_file
from gevinst_shared.cli.gateway.writing import LANGUAGE_NAMES, write_page
from gevinst_shared.web.languages import LANGUAGES

MUNICIPALITY = "0192:999999999"  # the made-up one that has the examples
_STATE = "exhibits.json"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An embed in one language. `name` is what the words know it by, `resource` what it shows (its path after
    the version, with its query); heights are a frame's in pixels, on a wide screen and on a narrow one. A
    status page has no pictures. With a ticket, it is not for everybody, and its addresses end."""

    name: str
    service: str
    resource: str
    wide: int
    narrow: int
    title: str = ""
    page: str = ""
    frame: str = ""
    svg: str = ""
    png: str = ""
    spoken: str = ""
    has_ticket: bool = False

    @property
    def is_chart(self) -> bool:
        return "/charts/" in self.resource

    @property
    def operation(self) -> str:
        """The operation that answers with the same, from the gateway on; a header asks it for a language."""
        path, _, query = self.resource.partition("?")
        asked = "&".join(one for one in query.split("&") if not one.startswith("language="))
        return f"/{self.service}/v1{path}{'?' if asked else ''}{asked}"

    def image(self, address: str) -> str:
        """The picture at the address with its text, to copy."""
        return (
            f'<img src="{escape(address)}" alt="{escape(self.spoken)}" width="720" '
            'style="max-width:100%;height:auto" loading="lazy">'
        )

    def ticket_request(self, url: str) -> str:
        """How the server of a page asks for a ticket at the installation's address, to copy."""
        body = json.dumps({"resource": self.resource, "origins": ["https://intranet.example"]})
        return (
            "curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"
            f"  -d '{body}' \\\n  {url}/{self.service}/v1/embed-tickets"
        )


Exhibits = Mapping[str, Sequence[Exhibit]]  # by language


def gallery_page(settings: GatewaySettings, language: str, exhibits: Sequence[Exhibit]) -> str:
    """The page in one language; without exhibits, one that says where they are to be had."""
    words = _words(language)
    return write_page(
        "gallery.html",
        language=language,
        languages=LANGUAGE_NAMES,
        words=words,
        charts=[one for one in exhibits if one.is_chart],
        pages=[one for one in exhibits if not one.is_chart],
        named={one.name: one for one in exhibits},
        url=settings.public_url,
        snippets=_snippets(settings.public_url, language, exhibits),
        is_development=settings.issuer_upstream is not None,
    )


def _snippets(url: str, language: str, exhibits: Sequence[Exhibit]) -> dict[str, str]:
    """Every way to show a chart, as it is copied; the keys are the ways."""
    named = {one.name: one for one in exhibits}
    if not named:
        return {}
    strip, sums = named["gate-strip"], named["planned-against-realised"]
    oembed = f"{url}/{strip.service}/v1/oembed?{urlencode({'url': strip.page, 'format': 'json'})}"
    return {
        "frame": strip.frame,
        "svg": strip.image(strip.svg),
        "png": sums.image(sums.png),
        "oembed": f"{strip.page}\n{oembed}",
        "component": (
            f'<script src="{url}/embed.js" crossorigin="anonymous"\n  integrity="{component_integrity()}">'
            f'</script>\n<gevinst-embed src="{escape(sums.page)}"\n  label="{escape(sums.title)}" '
            f'ratio="720/{sums.wide}"></gevinst-embed>'
        ),
        "ticket": sums.ticket_request(url),
        "api": (
            f"curl -H \"Authorization: Bearer $TOKEN\" -H 'Accept-Language: {language}' \\\n"
            f"  -H 'Accept: image/svg+xml' -o chart.svg {url}{sums.operation}"
        ),
        "token": f"TOKEN=$(.venv/bin/gevinst token --as portfolio-office --organisation {MUNICIPALITY})",
    }


def component_integrity() -> str:
    """What a page says of the web component's file, so that its browser takes no other."""
    return f"sha384-{b64encode(sha384(own_file('embed.js').read_bytes()).digest()).decode()}"


def page_policy(settings: GatewaySettings) -> str:
    """Frames and pictures of this installation, and the component's file; no other script.

    A frame to copy carries its own style, so styles may stand in the page.
    """
    place = urlsplit(settings.public_url)
    ours = f"'self' {place.scheme}://{place.netloc}"
    return (
        f"default-src 'none'; script-src {ours}; style-src 'self' 'unsafe-inline'; img-src {ours} data:; "
        f"frame-src {ours}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def page_file(directory: Path, language: str) -> Path:
    return directory / f"{language}.html"


def write_gallery(settings: GatewaySettings, exhibits: Exhibits) -> None:
    """The pages, and what they were made of. Each is moved into its place, which is when Envoy reads it."""
    if settings.gallery is None:
        return
    settings.gallery.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        text = gallery_page(settings, language, exhibits.get(language, ()))
        _replace(page_file(settings.gallery, language), text)
    said = {language: [asdict(one) for one in some] for language, some in exhibits.items()}
    _replace(settings.gallery / _STATE, json.dumps(said, ensure_ascii=False))


def shown_before(directory: Path) -> Exhibits:
    """What the pages showed when they were written last; nothing where there were none."""
    try:
        said = json.loads((directory / _STATE).read_text(encoding="utf-8"))
        return {language: [Exhibit(**one) for one in some] for language, some in said.items()}
    except (OSError, ValueError, TypeError):
        return {}  # there were none, or another version wrote them


@cache
def _words(language: str) -> Mapping[str, Any]:
    file = files("gevinst_shared.cli.gateway") / "gallery_words" / f"{language}.json"
    words: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def _replace(file: Path, text: str) -> None:
    written = file.with_suffix(".new")
    written.write_text(text, encoding="utf-8")
    os.replace(written, file)
