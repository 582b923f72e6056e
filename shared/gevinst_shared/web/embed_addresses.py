"""The addresses and the markup that an embed is shown by."""

from html import escape
from urllib.parse import urlencode, urlsplit

from fastapi import Request

from gevinst_shared.embeds.page import WIDE
from gevinst_shared.web.house import house_of

FORMS = ("page", "svg", "png")
# What a frame is given before its contents are known: the picture, and the line that opens the table.
FRAME_HEIGHT = 520


def ticketed(request: Request, resource: str, ticket: str) -> dict[str, str]:
    """The address of each form, with the ticket in its query: no log has those."""
    query = urlencode({"resource": resource, "ticket": ticket})
    return {form: f"{service_url(request)}/embedded/{form}?{query}" for form in FORMS}


def published(request: Request, organisation: str, embed_id: str) -> dict[str, str]:
    """The address of each form of a published embed."""
    base = f"{service_url(request)}/embedded/{organisation}/{embed_id}"
    return {form: f"{base}/{form}" for form in FORMS}


def service_url(request: Request) -> str:
    return f"{house_of(request).public_url}{request.scope.get('root_path', '')}"


def page_origin(origin: str | None, referer: str | None) -> str | None:
    """The origin of the page that the browser says it is on; None where it does not say, `null` for none."""
    said = origin or referer
    if not said:
        return None
    try:
        place = urlsplit(said)
    except ValueError:
        return "null"
    return f"{place.scheme}://{place.netloc}"


def oembed_url(request: Request, page: str) -> str:
    return f"{service_url(request)}/oembed?{urlencode({'url': page, 'format': 'json'})}"


def frame(page: str, title: str, *, width: int = WIDE, height: int = FRAME_HEIGHT) -> str:
    """The iframe to copy: as wide as there is room, and nothing in it may run."""
    return (
        f'<iframe src="{escape(page)}" title="{escape(title)}" width="{width}" height="{height}" '
        'style="width:100%;max-width:100%;border:0" loading="lazy" referrerpolicy="no-referrer" '
        'sandbox=""></iframe>'
    )


def image(svg: str, description: str, *, width: int = WIDE) -> str:
    """The picture with its text, to copy."""
    return (
        f'<img src="{escape(svg)}" alt="{escape(description)}" width="{width}" '
        'style="max-width:100%;height:auto" loading="lazy">'
    )
