"""What a Word document can say and python-docx has no word for: header rows, page numbers, shading."""

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

SHADE = "EDEDED"
# Word is strict about the order of properties.
_BEHIND_HYPHENS = tuple(f"w:{name}" for name in ("spacing", "ind", "contextualSpacing", "jc", "outlineLvl"))


def element(name: str, **attributes: str) -> BaseOxmlElement:
    """A WordprocessingML element: `element("shd", val="clear")` is `<w:shd w:val="clear"/>`."""
    made: BaseOxmlElement = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def set_style(paragraph: Paragraph, style_id: str) -> None:
    """Give the paragraph a style by its id; python-docx looks through all styles for each name."""
    paragraph._p.style = style_id  # noqa: SLF001 - python-docx has no other door


def mark_header(row: _Row) -> None:
    """Say that the row is the table's header; it is repeated on each page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001 - python-docx has no other door
    keep_together(row)


def keep_together(row: _Row) -> None:
    """Never break the row over two pages."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
    properties.insert(0, element("cantSplit"))


def describe_table(table: Table, caption: str) -> None:
    """Give the table a title for those who cannot see it, and say that only its first row is a header."""
    properties = table._tbl.tblPr  # noqa: SLF001 - as above
    for look in properties.findall(qn("w:tblLook")):
        properties.remove(look)
    shown = {"firstRow": "1", "lastRow": "0", "firstColumn": "0", "lastColumn": "0"}
    properties.append(element("tblLook", val="0620", noHBand="1", noVBand="1", **shown))
    properties.append(element("tblCaption", val=caption))


def set_margins(table: Table, *, left: int, right: int) -> None:
    """How far the text of a cell stands from its sides, in twentieths of a point."""
    properties = table._tbl.tblPr  # noqa: SLF001 - as above
    margins = element("tblCellMar")
    margins.append(element("left", w=str(left), type="dxa"))
    margins.append(element("right", w=str(right), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption")


def set_unhyphenated(style: ParagraphStyle) -> None:
    """Never break a word of it."""
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(element("suppressAutoHyphens"), *_BEHIND_HYPHENS)


def shade(cell: _Cell) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - as above
    properties.append(element("shd", val="clear", color="auto", fill=SHADE))


def right_tab(paragraph: Paragraph, place: Length) -> None:
    """One tab stop, at the right edge."""
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(place, WD_TAB_ALIGNMENT.RIGHT)


def counted(paragraph: Paragraph, field: str) -> None:
    """A field that Word counts: PAGE or NUMPAGES."""
    begin, end = element("fldChar", fldCharType="begin"), element("fldChar", fldCharType="end")
    instruction = element("instrText")
    instruction.text = f" {field} "
    for part in (begin, instruction, element("fldChar", fldCharType="separate")):
        paragraph.add_run()._r.append(part)  # noqa: SLF001 - as above
    paragraph.add_run("1")
    paragraph.add_run()._r.append(end)  # noqa: SLF001 - as above
