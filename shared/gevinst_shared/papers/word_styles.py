"""How a Word document of ours looks: the styles of its headings, text, cells, captions and notes."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from gevinst_shared.papers.word_marks import element, set_unhyphenated

_INK = RGBColor(0x1F, 0x3A, 0x5F)
# Office programs without it have one of the same widths, so that no figure is broken there.
_TYPEFACE = "Arial"
_WORD_OF_TODAY = "15"
# Size, space before and space after, in points.
_SIZES = {
    "Normal": (10.5, 6, 6),
    "Title": (20, 0, 12),
    "Heading 1": (14, 16, 5),
    "Heading 2": (12, 12, 4),
    "Caption": (9.5, 12, 4),
    "Note": (10.5, 8, 8),
    "Cell": (9, 1.5, 1.5),
    "Footer": (8.5, 0, 0),
}


def set_styles(document: Document, tag: str) -> None:
    """Write the styles; `tag` is the document's language, such as nb-NO."""
    _set_language(document, tag)
    _set_behaviour(document)
    for name in ("Note", "Cell"):
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(made, ParagraphStyle)
        made.base_style = document.styles["Normal"]
    for name, (size, before, after) in _SIZES.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_typeface(style)
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        is_heading = name.startswith(("Title", "Heading"))
        style.font.color.rgb = _INK if is_heading else RGBColor(0, 0, 0)
        style.paragraph_format.keep_with_next = is_heading
        if is_heading:
            set_unhyphenated(style)
    document.styles["Caption"].paragraph_format.keep_together = True
    _set_note(document)
    _set_lines(document)


def _set_language(document: Document, tag: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)


def _set_behaviour(document: Document) -> None:
    """As Word of today sets it, not an older one; long words are broken where they may be."""
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _WORD_OF_TODAY)
    stop = settings.find(qn("w:defaultTabStop"))
    assert stop is not None
    stop.addnext(element("autoHyphenation"))


def _set_typeface(style: ParagraphStyle) -> None:
    style.font.name = _TYPEFACE
    typefaces = style.element.rPr.rFonts
    for attribute in list(typefaces.attrib):
        if attribute.endswith("Theme"):  # a theme's typeface goes before a named one
            del typefaces.attrib[attribute]


def _set_note(document: Document) -> None:
    properties = document.styles["Note"].element.get_or_add_pPr()
    borders = element("pBdr")
    borders.append(element("left", val="single", sz="18", space="8", color="1F3A5F"))
    # Word is strict about the order of these.
    properties.insert_element_before(borders, "w:spacing")
    properties.insert_element_before(element("shd", val="clear", color="auto", fill="F4F4F4"), "w:spacing")


def _set_lines(document: Document) -> None:
    """Grey lines between cells, and no tab stops in the footer but its own."""
    borders = document.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}")
    assert borders is not None
    for border in borders:
        border.set(qn("w:color"), "A6A6A6")
    properties = document.styles["Footer"].element.pPr
    for stops in properties.findall(qn("w:tabs")):
        properties.remove(stops)
