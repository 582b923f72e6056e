"""A chart's rows as a page: a table with a caption and scoped headers, for everybody who prefers that."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from gevinst_shared.charts.chart import Branch, Chart, Table
from gevinst_shared.charts.themes import DARK, LIGHT, Scheme

_RULES = (
    "*{box-sizing:border-box}"
    "body{margin:0;padding:16px;font:16px/1.5 Arial,Helvetica,sans-serif;"
    "background:var(--surface);color:var(--text);color-scheme:light dark}"
    "main{max-width:64rem;margin:auto}"
    "h1{font-size:1.4rem;line-height:1.3;margin:0 0 .5rem;overflow-wrap:anywhere}"
    "p{margin:0 0 1rem;max-width:44rem;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}"
    "caption{text-align:start;font-weight:600;padding:0 0 .5rem}"
    "th,td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);text-align:start;"
    "vertical-align:top;overflow-wrap:anywhere}"
    "thead th{border-bottom:2px solid var(--text);vertical-align:bottom}"
    "tbody th{font-weight:400}"
    ".n{text-align:end;font-variant-numeric:tabular-nums;padding-inline-end:0;padding-inline-start:.75rem}"
    # On a narrow screen each row is a block with its headers beside the figures: nothing scrolls sideways.
    "@media(max-width:40rem){table,caption,tbody,tr,th,td{display:block}"
    "thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    "tbody tr{border-bottom:2px solid var(--line);padding:.5rem 0}"
    "th,td,.n{border:0;padding:.15rem 0;text-align:start}tbody th{font-weight:600}"
    "td::before{content:attr(data-column)': ';color:var(--muted)}}"
)


def _colours(scheme: Scheme) -> str:
    names = {"surface": scheme.surface, "text": scheme.text, "muted": scheme.muted, "line": scheme.line}
    return f":root{{{''.join(f'--{name}:{colour};' for name, colour in names.items())}}}"


STYLE = f"{_colours(LIGHT)}@media(prefers-color-scheme:dark){{{_colours(DARK)}}}{_RULES}"
# The page's only style is known by its hash; nothing else may run or be fetched.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page(chart: Chart) -> str:
    """The whole page, in the chart's language."""
    title = escape(chart.title)
    notes = "".join(f"<p>{escape(note)}</p>" for note in chart.notes)
    tables = outline_markup(chart.outline) + "".join(table_markup(table) for table in chart.tables)
    return (
        f'<!doctype html><html lang="{chart.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{escape(chart.description)}</p>{notes}{tables}</main></body></html>"
    )


def table_markup(table: Table) -> str:
    """One table, to stand in a page with `STYLE`."""
    heads = "".join(
        f'<th scope="col"{_class(table, place)}>{escape(name)}</th>'
        for place, name in enumerate(table.columns)
    )
    rows = "".join(f'<tr role="row">{_cells(table, row)}</tr>' for row in table.rows)
    # A table whose parts are blocks is none to a screen reader any more; the roles keep it one.
    return (
        f'<table role="table"><caption>{escape(table.caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def outline_markup(branches: tuple[Branch, ...]) -> str:
    """A tree as nested lists; nothing where there is none."""
    items = "".join(f"<li>{escape(one.text)}{outline_markup(one.branches)}</li>" for one in branches)
    return f"<ul>{items}</ul>" if items else ""


def _cells(table: Table, row: tuple[str, ...]) -> str:
    first, *others = row
    cells = [f'<th scope="row" role="rowheader">{escape(first)}</th>']
    for place, (name, cell) in enumerate(zip(table.columns[1:], others, strict=True), start=1):
        cells.append(
            f'<td role="cell" data-column="{escape(name)}"{_class(table, place)}>{escape(cell)}</td>'
        )
    return "".join(cells)


def _class(table: Table, place: int) -> str:
    return ' class="n"' if place in table.numeric else ""
