"""A chart read back from each of its forms: rows, words of the picture, cells, as figures again."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import fromstring

import httpx
from babel import Locale
from babel.dates import format_date, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol, parse_decimal

LANGUAGES = ("en", "nb", "nn", "da", "sv")
_TAGS = {"en": "en_GB", "nb": "nb_NO", "nn": "nn_NO", "da": "da_DK", "sv": "sv_SE"}
_MANY = {
    **dict.fromkeys(("million", "mill.", "mio.", "mn"), 10**6),
    **dict.fromkeys(("billion", "mrd.", "mia.", "md"), 10**9),
}
_SVG = "{http://www.w3.org/2000/svg}"
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A number in a sentence, and half of its last place: what it may be off."""

    value: Decimal
    half: Decimal

    def is_of(self, figure: Decimal) -> bool:
        return abs(self.value - figure) <= self.half


@dataclass(frozen=True, slots=True)
class ReadChart:
    """`specification` holds the data; `labels` are all lines in the picture; `tables` are without headers."""

    language: str
    specification: dict[str, Any]
    title: str
    description: str
    labels: frozenset[str]
    tables: tuple[Rows, ...]
    outline: tuple[str, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows that the marks stand for; one set of several in a Vega specification is `named`."""
        found: list[dict[str, Any]] = self.specification["data"]["values"]
        return found

    def named(self, name: str) -> list[dict[str, Any]]:
        (found,) = (one["values"] for one in self.specification["data"] if one["name"] == name)
        return list(found)

    def figure(self, cell: str) -> Decimal:
        return number(cell, self.language)

    def numbers_said(self, *beside: str) -> list[Said]:
        """The numbers of the description; `beside` are names, days and quarters that are not numbers."""
        text = self.description
        for one in sorted(set(beside), key=len, reverse=True):
            assert one in text, (one, text)
            text = text.replace(one, " ")
        return list(_numbers(text, self.language))


async def read_chart(client: httpx.AsyncClient, path: str, language: str) -> ReadChart:
    """Every form of a chart; the words are the same in all of them."""
    answers = []
    for media in ("application/json", "image/svg+xml", "text/html"):
        answer = await client.get(path, headers={"Accept": media, "Accept-Language": language})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-language"] == language
        answers.append(answer)
    specification = answers[0].json()
    picture = fromstring(answers[1].text)
    page = _Page(answers[2].text)
    title, description = (picture.findtext(f"{_SVG}{name}") or "" for name in ("title", "desc"))
    assert picture.get("role") == "img"
    assert page.title == title
    assert " ".join(page.paragraphs) == description
    assert specification["description"].startswith(title)
    labels = {line for one in picture.iter(f"{_SVG}text") for line in one.itertext()}
    return ReadChart(
        language=language,
        specification=specification,
        title=title,
        description=description,
        labels=frozenset(labels),
        tables=tuple(page.tables),
        outline=tuple(page.items),
    )


def missing(package: str, language: str) -> str:
    """What a package's tables say of what is not known."""
    text = (files(package) / "texts" / "charts" / f"{language}.json").read_text("utf-8")
    return str(json.loads(text)["missing"])


Cell = Decimal | date | int | str | None


def check_table(
    chart: ReadChart, package: str, expected: Sequence[Sequence[Cell]], *, columns: int | None = None
) -> None:
    """Each cell of the page's table, read back: None is what the package says of what is missing."""
    rows = [row[:columns] for row in chart.tables[0]]
    assert len(rows) == len(expected), (rows, expected)
    for cells, figures in zip(rows, expected, strict=True):
        found = [_read(cell, figure, chart, package) for cell, figure in zip(cells, figures, strict=True)]
        assert found == list(figures)


def _read(cell: str, expected: Cell, chart: ReadChart, package: str) -> Cell:
    match expected:
        case None:
            return None if cell == missing(package, chart.language) else cell
        case date():
            return day(cell, chart.language)
        case Decimal() | int():
            assert cell != missing(package, chart.language), (cell, expected)
            return chart.figure(cell)
        case str():
            return cell


def number(text: str, language: str) -> Decimal:
    """A number that people of this language wrote, or a percentage as a share."""
    plain = text.replace("−", "-").strip()
    share = plain.endswith("%")
    found = parse_decimal(plain.rstrip("%").strip(), locale=_TAGS[language], strict=True)
    return found / 100 if share else found


def day(text: str, language: str) -> date:
    """A day with the name of its month."""
    months = get_month_names("abbreviated", locale=Locale.parse(_TAGS[language]))
    (month,) = (at for at, name in months.items() if name in text.split())
    first, last = re.findall(r"\d+", text)
    found = date(int(last), month, int(first))
    assert day_text(found, language) == text
    return found


def day_text(found: date, language: str) -> str:
    return str(format_date(found, "medium", locale=_TAGS[language]))


def holds_all(said: Sequence[Said], figures: Sequence[Decimal | int | float | str]) -> bool:
    """Whether each figure is among the numbers that are said, and each number is one of the figures."""
    known = [Decimal(str(one)) for one in figures]
    lacking = [one for one in known if not any(number.is_of(one) for number in said)]
    strange = [one for one in said if not any(one.is_of(figure) for figure in known)]
    assert not lacking, (lacking, said)
    assert not strange, (strange, known)
    return True


def _numbers(text: str, language: str) -> Iterator[Said]:
    group = re.escape(get_group_symbol(_TAGS[language]))
    point = re.escape(get_decimal_symbol(_TAGS[language]))
    units = "|".join(map(re.escape, sorted(_MANY, key=len, reverse=True)))
    written = rf"−?(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}\d+)?"
    for found in re.finditer(rf"({written})(?:\s?(%|(?:{units})(?=\s)))?", text):
        value = number(found[1], language)
        unit = found[2] or ""
        step = Decimal("0.01") if unit == "%" else Decimal(_MANY.get(unit, 1))
        places = len(found[1].rpartition(get_decimal_symbol(_TAGS[language]))[2])
        is_broken = get_decimal_symbol(_TAGS[language]) in found[1]
        last = Decimal(1).scaleb(-places) if is_broken else Decimal(1)
        yield Said(value * step, last * step / 2)


class _Page(HTMLParser):
    """The heading, the paragraphs, the items and the cells of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title = ""
        self.paragraphs: list[str] = []
        self.items: list[str] = []
        self.tables: list[Rows] = []
        self._into: list[str] | None = None
        self.feed(text)
        assert all(len(row) == len(table[0]) for table in self.tables for row in table)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "tbody":
                self.tables.append([])
            case "tr" if self.tables:
                self.tables[-1].append([])
            case "p" | "li" | "h1":
                self._begin({"p": self.paragraphs, "li": self.items, "h1": []}[tag])
            case "td" | "th" if dict(attrs).get("role") in {"cell", "rowheader"}:
                self._begin(self.tables[-1][-1])
            case _:
                self._into = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1" and self._into is not None:
            self.title = self._into[0]
        if tag == "table" and not self.tables[-1][-1]:
            self.tables[-1].pop()
        self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def _begin(self, into: list[str]) -> None:
        into.append("")
        self._into = into
