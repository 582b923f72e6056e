"""The finishing of a picture: role, title and description, nothing that runs and nothing from elsewhere."""

from base64 import b64encode
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.drawable import drawable_text
from gevinst_shared.charts.themes import Theme

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_LOGO = 28.0
_RUNS = {"script", "foreignObject", "iframe", "object", "embed", "a", "animate", "set", "use", "style"}


class OddPicture(Exception):  # noqa: N818 - a fault of ours: the renderer made something that is no picture
    """What was drawn is no SVG."""


def finished(drawn: str, chart: Chart, theme: Theme) -> str:
    """The picture as it leaves the house.

    Its root has `role="img"` and is named by its `<title>` and `<desc>`; scripts, handlers, links and
    references to other places are taken out. The logo, if there is one, stands in the upper right corner.
    """
    try:
        root = fromstring(drawn)  # noqa: S314 - drawn by our own renderer
    except ParseError as error:
        raise OddPicture(str(error)) from error
    _name_marks(root)
    _clean(root)
    for name in ("role", "aria-roledescription", "aria-label", "class"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-labelledby", "title desc")
    root.set(f"{{{_XML}}}lang", chart.language)
    if theme.logo is not None:
        _add_logo(root, theme.logo)
    for name, text in (("desc", chart.spoken), ("title", chart.title)):
        element = Element(f"{{{_SVG}}}{name}", {"id": name})
        element.text = drawable_text(text)
        root.insert(0, element)
    return _written(root)


def _name_marks(root: Element) -> None:
    """A mark that the specification describes is named by it: browsers show it to whoever points there."""
    for element in list(root.iter()):
        said = element.get("aria-label")
        if said and element.get("aria-roledescription", "").endswith(" mark"):
            title = Element(f"{{{_SVG}}}title")
            title.text = drawable_text(said)
            element.insert(0, title)


def _clean(root: Element) -> None:
    for element in root.iter():
        for child in [child for child in element if _name(child) in _RUNS]:
            element.remove(child)
        for name in [name for name, value in element.attrib.items() if not _stays(name, value)]:
            del element.attrib[name]


def _stays(name: str, value: str) -> bool:
    """Whether an attribute draws, rather than runs, leads elsewhere or speaks of marks."""
    local = name.rpartition("}")[2]
    if local in {"href", "src"}:
        return value.startswith("#")
    is_outside = "url(" in value.replace("url(#", "")
    is_spoken = local in {"class", "role", "pointer-events"} or local.startswith(("on", "aria-"))
    return not is_outside and not is_spoken


def _add_logo(root: Element, logo: bytes) -> None:
    width = float(root.get("width", "0"))
    place = {"x": f"{width - 16 - 4 * _LOGO:g}", "y": "12", "width": f"{4 * _LOGO:g}", "height": f"{_LOGO:g}"}
    image = SubElement(root, f"{{{_SVG}}}image", place | {"preserveAspectRatio": "xMaxYMin meet"})
    image.set("href", f"data:image/png;base64,{b64encode(logo).decode()}")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _written(root: Element) -> str:
    # ElementTree would call the namespace ns0.
    for element in root.iter():
        element.tag = _name(element)
    text = tostring(root, encoding="unicode", short_empty_elements=True)
    return text.replace("<svg ", f'<svg xmlns="{_SVG}" ', 1)
