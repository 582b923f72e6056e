"""A paper as a Word document (DOCX): real headings, marked header rows, a language, texts for pictures."""

import io
import zipfile
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from gevinst_shared.papers import word_marks as marks
from gevinst_shared.papers.flow import is_short, leading, stays_whole
from gevinst_shared.papers.model import Facts, Figure, Heading, Note, Paper, Paragraph, Table, Written
from gevinst_shared.papers.printing import png
from gevinst_shared.papers.typefaces import plain
from gevinst_shared.papers.word_styles import set_styles
from gevinst_shared.papers.wording import TAGS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTH = Mm(210 - 2 * 22)
# The earliest moment that a member of a ZIP file can have: the same paper gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def docx(paper: Paper) -> bytes:
    """The paper as DOCX."""
    document = Document()
    set_styles(document, TAGS[paper.language])
    _describe(document, paper)
    _set_page(document, paper)
    document.add_heading(plain(paper.title), level=0)
    blocks = paper.written_blocks
    leads = leading(blocks)
    for place, block in enumerate(blocks):
        _add(document, block)
        if place in leads:
            document.paragraphs[-1].paragraph_format.keep_with_next = True
    written = io.BytesIO()
    document.save(written)
    return _without_times(written.getvalue())


def _describe(document: WordDocument, paper: Paper) -> None:
    # Word takes 255 characters.
    properties = document.core_properties
    properties.title, properties.subject = plain(paper.title)[:255], plain(paper.subject)[:255]
    properties.author = properties.last_modified_by = plain(paper.author)[:255]
    properties.comments = properties.keywords = ""
    properties.language = TAGS[paper.language]
    properties.created = properties.modified = paper.made_at.astimezone(UTC).replace(tzinfo=None)


def _set_page(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    footer = section.footer.paragraphs[0]
    marks.right_tab(footer, _WIDTH)
    footer.add_run(f"{plain(paper.running_title)}\t")
    before, _, rest = paper.page_label.partition("{page}")
    between, _, after = rest.partition("{pages}")
    footer.add_run(before)
    marks.counted(footer, "PAGE")
    footer.add_run(between)
    marks.counted(footer, "NUMPAGES")
    footer.add_run(after)


def _add(document: WordDocument, block: Written) -> None:
    match block:
        case Heading():
            document.add_heading(plain(block.text), level=block.level)
        case Paragraph():
            document.add_paragraph(plain(block.text))
        case Note():
            document.add_paragraph(plain(block.text), style="Note")
        case Facts():
            _add_facts(document, block)
        case Table():
            _add_table(document, block)
        case Figure():
            _add_figure(document, block)


def _add_facts(document: WordDocument, facts: Facts) -> None:
    table = document.add_table(rows=len(facts.rows), cols=2)
    # The labels stand where the page's text does.
    marks.set_margins(table, left=0, right=80)
    _set_widths(table, (4, 8))
    for row, (label, value) in zip(table.rows, facts.rows, strict=True):
        left, right = row.cells
        marks.keep_together(row)
        _fill(left, label, is_strong=True)
        _fill(right, value)


def _add_table(document: WordDocument, table: Table) -> None:
    caption = document.add_paragraph(plain(table.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns), style="Table Grid")
    marks.describe_table(made, plain(table.caption))
    marks.set_margins(made, left=80, right=80)
    _set_widths(made, tuple(column.share for column in table.columns))
    header, *rows = made.rows
    marks.mark_header(header)
    for cell, column in zip(header.cells, table.columns, strict=True):
        _align(_fill(cell, column.title, is_strong=True), is_number=column.is_number)
        marks.shade(cell)
    for row, given in zip(rows, table.rows, strict=True):
        if stays_whole(table, given):
            marks.keep_together(row)
        for cell, column, text in zip(row.cells, table.columns, given.cells, strict=True):
            _align(_fill(cell, text, is_strong=given.is_strong), is_number=column.is_number)
    # A row stays with the next one; the header with the first in any case.
    for row in made.rows[:-1] if is_short(table) else (header,):
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _add_figure(document: WordDocument, figure: Figure) -> None:
    picture = document.add_picture(io.BytesIO(png(figure.svg)), width=int(_WIDTH * figure.share))
    described = picture._inline.docPr  # noqa: SLF001 - python-docx has no other door to the picture's text
    described.set("descr", plain(figure.alternative))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    caption = document.add_paragraph(plain(figure.caption), style="Caption")
    if figure.said:
        caption.add_run(f" {plain(figure.said)}").bold = False


def _fill(cell: _Cell, text: str, *, is_strong: bool = False) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    marks.set_style(paragraph, "Cell")
    paragraph.add_run(plain(text)).bold = is_strong or None
    return paragraph


def _align(paragraph: WordParagraph, *, is_number: bool) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT


def _set_widths(table: WordTable, shares: tuple[int, ...]) -> None:
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(_WIDTH * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def _without_times(content: bytes) -> bytes:
    """The same package, its members without the moment at which they were written."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(target, "w") as written:
        for name in given.namelist():
            member = zipfile.ZipInfo(name, _NO_TIME)
            written.writestr(member, given.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return target.getvalue()
