"""Pages that stand in a frame on another's page: complete, without scripts, cookies or anything fetched.

A chart is drawn for the schemes and widths that its reader may have; the style shows the one that fits.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Literal

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.page import STYLE as TABLE_STYLE
from gevinst_shared.charts.page import outline_markup, table_markup
from gevinst_shared.charts.themes import DARK, LIGHT, Scheme
from gevinst_shared.embeds.status_page import Figure, StatusPage

SchemeName = Literal["light", "dark"]
NARROW, WIDE = 320, 720
_RULES = (
    "body{padding:0}main{max-width:none;margin:0}"
    ".unseen{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}"
    "figure{margin:0}svg{display:block;max-width:100%;height:auto}"
    "details,.page{padding:0 16px 16px}"
    "summary{cursor:pointer;padding:.5rem 0;font-weight:600;min-height:24px}"
    "summary:focus-visible{outline:3px solid var(--text);outline-offset:2px}"
    "ul{padding-inline-start:1.25rem;overflow-wrap:anywhere}"
    ".page{padding-top:16px;max-width:64rem;margin:auto}"
    "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(11rem,100%),1fr));gap:1px;"
    "margin:1px 1px 1.25rem}"
    "dl div{outline:1px solid var(--line);padding:.6rem .75rem}"
    "dt{color:var(--muted);font-size:.875rem}"
    "dd{margin:0;font-size:1.25rem;font-weight:600;overflow-wrap:anywhere}"
    "dd.note{font-size:.875rem;font-weight:400;color:var(--muted)}"
    "@media(max-width:479px){.wide{display:none}}@media(min-width:480px){.narrow{display:none}}"
    "@media(prefers-color-scheme:dark){.light{display:none}}"
    "@media not (prefers-color-scheme:dark){.dark{display:none}}"
)
_REFERENCE = re.compile(r"""(\bid="|url\(#|href="#|aria-labelledby=")([^")]+)""")
_SHOWN = {
    "en": "Show the figures as a table",
    "nb": "Vis tallene som tabell",
    "nn": "Vis tala som tabell",
    "da": "Vis tallene som tabel",
    "sv": "Visa siffrorna som tabell",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing of the chart; without `scheme` or `width_class` it fits every reader."""

    svg: str
    scheme: SchemeName | None = None
    width_class: Literal["narrow", "wide"] | None = None


def _variables(scheme: Scheme) -> str:
    return (
        f":root{{--surface:{scheme.surface};--text:{scheme.text};"
        f"--muted:{scheme.muted};--line:{scheme.line};color-scheme:{'dark' if scheme is DARK else 'light'}}}"
    )


def _pinned(scheme: Scheme) -> str:
    """The style for one scheme, whatever the reader prefers."""
    return f"{STYLE}{_variables(scheme)}body{{color-scheme:inherit}}"


STYLE = TABLE_STYLE + _RULES
_STYLES = {None: STYLE, "light": _pinned(LIGHT), "dark": _pinned(DARK)}


def policy(scheme: SchemeName | None, origins: Sequence[str]) -> str:
    """The Content-Security-Policy of a page: its own style, pictures inside it, frames of these origins."""
    ancestors = " ".join(origins) or "'none'"
    known = b64encode(sha256(_STYLES[scheme].encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{known}'; img-src 'self' data:; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}"
    )


def chart_page(
    chart: Chart, pictures: Sequence[Picture], *, scheme: SchemeName | None, oembed: str | None = None
) -> str:
    """The chart's pictures with its figures as a table below."""
    drawn = "".join(_picture(one, number) for number, one in enumerate(pictures))
    tables = outline_markup(chart.outline) + "".join(table_markup(table) for table in chart.tables)
    # A tree is as wide as it is: where it is small to look at, its lines stand below it at once.
    is_open = " open" if chart.outline else ""
    body = (
        f'<h1 class="unseen">{escape(chart.title)}</h1><figure>{drawn}</figure>'
        f"<details{is_open}><summary>{_SHOWN[chart.language]}</summary>{tables}</details>"
    )
    return _document(chart.language, chart.title, body, scheme=scheme, oembed=oembed)


def status_markup(page: StatusPage, *, scheme: SchemeName | None, oembed: str | None = None) -> str:
    """The whole status page."""
    figures = "".join(map(_figure, page.figures))
    tables = "".join(table_markup(table) for table in page.tables)
    notes = "".join(f"<p>{escape(note)}</p>" for note in page.notes)
    body = (
        f'<div class="page"><h1>{escape(page.title)}</h1><p>{escape(page.description)}</p>'
        f"<dl>{figures}</dl>{tables}{notes}</div>"
    )
    return _document(page.language, page.title, body, scheme=scheme, oembed=oembed)


def refused_page(language: str, title: str, detail: str) -> str:
    """What stands in the frame when there is nothing to see."""
    body = f'<div class="page"><h1>{escape(title)}</h1><p>{escape(detail)}</p></div>'
    return _document(language, title, body, scheme=None, oembed=None)


def _document(language: str, title: str, body: str, *, scheme: SchemeName | None, oembed: str | None) -> str:
    found = (
        ""
        if oembed is None
        else f'<link rel="alternate" type="application/json+oembed" href="{escape(oembed)}" '
        f'title="{escape(title)}">'
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title>{found}<style>{_STYLES[scheme]}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _picture(picture: Picture, number: int) -> str:
    """A drawing whose ids are its own among the page's."""
    svg = _REFERENCE.sub(lambda found: found[1] + _own(found[2], number), picture.svg)
    classes = " ".join(filter(None, (picture.scheme, picture.width_class)))
    return f'<div class="{classes}">{svg}</div>' if classes else f"<div>{svg}</div>"


def _own(names: str, number: int) -> str:
    return " ".join(f"p{number}-{name}" for name in names.split())


def _figure(figure: Figure) -> str:
    note = "" if figure.note is None else f'<dd class="note">{escape(figure.note)}</dd>'
    return f"<div><dt>{escape(figure.label)}</dt><dd>{escape(figure.value)}</dd>{note}</div>"
