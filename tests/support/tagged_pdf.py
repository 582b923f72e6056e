"""Whether a PDF can be read by those who do not see it: what PDF/UA-1 (ISO 14289-1) asks and a program can
check, and what a screen reader would say, in its order."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdf
from pypdf.generic import BooleanObject, ContentStream

_SHOWS_TEXT = {b"Tj", b"TJ", b"'", b'"'}
_PAINTS = _SHOWS_TEXT | {
    b"f",
    b"F",
    b"f*",
    b"B",
    b"B*",
    b"b",
    b"b*",
    b"S",
    b"s",
    b"sh",
    b"Do",
    b"INLINE IMAGE",
}
_STANDARD = {
    *("/Document", "/Part", "/Div", "/P", "/Span", "/Link", "/Note", "/NonStruct"),
    *("/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption", "/Figure"),
    *("/L", "/LI", "/Lbl", "/LBody", "/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD"),
}
_CHILDREN = {
    "/Table": {"/Caption", "/THead", "/TBody", "/TFoot", "/TR"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
    "/L": {"/Caption", "/L", "/LI"},
    "/LI": {"/Lbl", "/LBody"},
}
Place = tuple[int, int]  # the page's object number and the content's number on it


@dataclass(slots=True)
class Element:
    """A tag with its children and texts in reading order; `kind` after the document's role map."""

    kind: str
    given: Any
    children: list["Element"] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parts: list["Element | Place"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self, texts: dict[Place, str]) -> str:
        said = (part.text(texts) if isinstance(part, Element) else texts.get(part, "") for part in self.parts)
        # A word that is divided at the end of a line is one word.
        return re.sub(r"\s+", " ", re.sub("\\s*\u00ad\\s*|\u200b", "", " ".join(said))).strip()

    def attribute(self, name: str) -> Any:
        given = self.given.get("/A", [])
        given = given.get_object() if hasattr(given, "get_object") else given
        every = given if isinstance(given, list) else [given]
        found = (one.get_object().get(name) for one in every)
        return next((one for one in found if one is not None), None)


class TaggedPdf:
    """The tags and the contents of a PDF, read once."""

    def __init__(self, content: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(content))
        self.root = _anything(self.reader.trailer["/Root"])
        self.texts: dict[Place, str] = {}
        self.untagged: list[str] = []
        for number, page in enumerate(self.reader.pages, start=1):
            self._read_page(number, page)
        tree: Any = self.root.get("/StructTreeRoot")
        self.roles: Any = {} if tree is None else tree.get("/RoleMap", {})
        self.top = Element("", {})
        if tree is not None:
            self._read(tree["/K"], self.top, page=0)

    def elements(self, *kinds: str) -> list[Element]:
        return [one for one in self.top.walk() if one.kind and (not kinds or one.kind in kinds)]

    def spoken(self) -> list[tuple[str, str]]:
        """What is said, in order: headings, paragraphs, list items, cells, captions; a figure's own text."""
        said = []
        for one in self.elements("/H1", "/H2", "/H3", "/P", "/LI", "/TH", "/TD", "/Caption", "/Figure"):
            is_figure = one.kind == "/Figure"
            said.append((one.kind, str(one.given.get("/Alt", "")) if is_figure else one.text(self.texts)))
        return said

    def _read(self, node: Any, parent: Element, page: int) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                self._read(child, parent, page)
        elif isinstance(node, int):
            self._place(parent, (page, int(node)))
        elif "/S" in node:
            kind = str(node["/S"])
            made = Element(str(self.roles.get(kind, kind)), node)
            parent.children.append(made)
            parent.parts.append(made)
            own = node.raw_get("/Pg").idnum if "/Pg" in node else page
            if "/K" in node:
                self._read(node["/K"], made, own)
        elif "/MCID" in node:
            own = node.raw_get("/Pg").idnum if "/Pg" in node else page
            self._place(parent, (own, int(node["/MCID"])))

    def _place(self, parent: Element, place: Place) -> None:
        parent.places.append(place)
        parent.parts.append(place)

    def _read_page(self, number: int, page: Any) -> None:
        fonts = {name: _characters(font.get_object()) for name, font in _fonts(page)}
        stack: list[int | None] = []
        font: dict[int, str] = {}
        spelled: str | None = None
        stream = page.get_contents()
        for operands, operator in [] if stream is None else ContentStream(stream, self.reader).operations:
            if operator in {b"BDC", b"BMC"}:
                stack.append(_mark(operands, page))
                spelled = _spelled(operands)
            elif operator == b"EMC":
                stack.pop()
                spelled = None
            elif operator == b"Tf":
                font = fonts[operands[0]]
            elif operator in _PAINTS:
                if not stack:
                    self.untagged.append(f"page {number}: {operator.decode()} outside of any tag")
                mark = next((one for one in reversed(stack) if one is not None), None)
                if mark is not None and mark >= 0:
                    place = (page.indirect_reference.idnum, mark)
                    shown = _shown(operands, font) if operator in _SHOWS_TEXT and spelled is None else ""
                    self.texts[place] = self.texts.get(place, "") + (spelled or shown)


def faults(content: bytes, language: str | None = None) -> list[str]:
    """What a reader who does not see the PDF would stumble over; nothing is as it should be."""
    pdf = TaggedPdf(content)
    return [
        *_of_document(pdf, language),
        *pdf.untagged,
        *_of_contents(pdf),
        *_of_kinds(pdf),
        *_of_headings(pdf),
        *_of_figures(pdf),
        *_of_tables(pdf),
        *_of_fonts(pdf),
    ]


def _of_document(pdf: TaggedPdf, language: str | None) -> Iterator[str]:
    root = pdf.root
    marks, preferences = root.get("/MarkInfo", {}), root.get("/ViewerPreferences", {})
    metadata = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    title = (pdf.reader.metadata.title if pdf.reader.metadata else "") or ""
    said = str(root.get("/Lang", ""))
    asked = {
        "not marked as tagged": marks.get("/Marked") == BooleanObject(True)
        and marks.get("/Suspects") != BooleanObject(True),
        "no structure": "/StructTreeRoot" in root,
        "no parent tree": "/ParentTree" in root.get("/StructTreeRoot", {}),
        "no language": re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", said) is not None,
        f"language is {said}": language is None or said.partition("-")[0] == language,
        "no title": bool(title.strip()),
        "title not shown": preferences.get("/DisplayDocTitle") == BooleanObject(True),
        "title not in the metadata": "<dc:title>" in metadata,
        "not said to be PDF/UA-1": "<pdfuaid:part>1</pdfuaid:part>" in metadata,
        "something runs": "/OpenAction" not in root and "/AA" not in root and "/JavaScript" not in root,
        "encrypted": not pdf.reader.is_encrypted,
    }
    yield from (fault for fault, holds in asked.items() if not holds)
    for number, page in enumerate(pdf.reader.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number}: not among the structure's pages"
        if "/Annots" in page and page.get("/Tabs") != "/S":
            yield f"page {number}: tab order is not the structure's"


def _of_contents(pdf: TaggedPdf) -> Iterator[str]:
    """Each content that is tagged stands in the tree, and once."""
    found = Counter(place for one in pdf.top.walk() for place in one.places)
    yield from (f"{place} stands in the tree {count} times" for place, count in found.items() if count > 1)
    yield from (f"{place} is tagged, and nowhere in the tree" for place in pdf.texts if place not in found)


def _of_kinds(pdf: TaggedPdf) -> Iterator[str]:
    for one in pdf.elements():
        if one.kind not in _STANDARD:
            yield f"{one.kind} is no tag of the standard"
        wanted = _CHILDREN.get(one.kind)
        strange = [child.kind for child in one.children if wanted is not None and child.kind not in wanted]
        if strange:
            yield f"{one.kind} has {strange} in it"


def _of_headings(pdf: TaggedPdf) -> Iterator[str]:
    before = 0
    for one in pdf.elements("/H1", "/H2", "/H3", "/H4", "/H5", "/H6"):
        level = int(one.kind[2])
        if level > before + 1:
            yield f"{one.kind} after a heading of level {before}"
        if not one.text(pdf.texts):
            yield f"{one.kind} without text"
        before = level
    if not before:
        yield "no heading"


def _of_figures(pdf: TaggedPdf) -> Iterator[str]:
    for one in pdf.elements("/Figure"):
        if not str(one.given.get("/Alt", "")).strip():
            yield "a figure without text"
        if one.attribute("/BBox") is None:
            yield "a figure that does not say where it is"


def _of_tables(pdf: TaggedPdf) -> Iterator[str]:
    for table in pdf.elements("/Table"):
        rows = [one for one in table.walk() if one.kind == "/TR"]
        if len({len(row.children) for row in rows}) != 1:
            yield "a table whose rows have not all the same number of cells"
        heads = [one for one in table.walk() if one.kind == "/TH"]
        if not heads:
            yield "a table without header cells"
        yield from ("a header cell without scope" for one in heads if one.attribute("/Scope") is None)
        yield from ("a header cell without text" for one in heads if not one.text(pdf.texts))
        known = {str(one.given.get("/ID")) for one in heads}
        for cell in (one for one in table.walk() if one.kind == "/TD"):
            if not {str(head) for head in cell.attribute("/Headers") or ()} <= known:
                yield "a cell of a header that is not there"


def _of_fonts(pdf: TaggedPdf) -> Iterator[str]:
    for number, page in enumerate(pdf.reader.pages, start=1):
        for name, given in _fonts(page):
            font = given.get_object()
            below = font.get("/DescendantFonts", [font])[0].get_object()
            described = below.get("/FontDescriptor", {})
            if not any(part in described for part in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"page {number}: typeface {name} is not inside"
            if "/ToUnicode" not in font:
                yield f"page {number}: letters of {name} cannot be read"


def _anything(given: Any) -> Any:
    """What pypdf only knows as an object of some kind."""
    return given.get_object()


def _fonts(page: Any) -> list[tuple[str, Any]]:
    return list(page["/Resources"].get("/Font", {}).items())


def _mark(operands: Any, page: Any) -> int | None:
    """The number of a content, −1 for what is no content, None for what is inside of one."""
    if operands[0] == "/Artifact":
        return -1
    given = operands[1] if len(operands) > 1 else {}
    if isinstance(given, str):
        given = page["/Resources"]["/Properties"][given].get_object()
    return int(given["/MCID"]) if "/MCID" in given else None


def _spelled(operands: Any) -> str | None:
    """What is read instead of what is shown, such as a hyphen at the end of a line."""
    given = operands[1] if len(operands) > 1 and isinstance(operands[1], dict) else {}
    return str(given["/ActualText"]) if "/ActualText" in given else None


def _characters(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    mapped = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", mapped, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", mapped, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            start = int(text, 16)
            codes = range(int(first, 16), int(last, 16) + 1)
            found |= {code: chr(start + step) for step, code in enumerate(codes)}
    return found


def _shown(operands: Any, font: dict[int, str]) -> str:
    parts: list[Any] = operands[0] if isinstance(operands[0], list) else operands
    texts = [one for one in parts if not isinstance(one, int | float)]
    raw = b"".join(bytes(getattr(one, "original_bytes", one)) for one in texts)
    codes = (int.from_bytes(raw[start : start + 2]) for start in range(0, len(raw), 2))
    return "".join(font.get(code, "\ufffd") for code in codes)
