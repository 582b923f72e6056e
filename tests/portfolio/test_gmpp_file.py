"""Encodings, delimiters, layouts and the files that are refused."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest

from gevinst_portfolio.domain.gmpp.cells import CellState
from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import FindingKind, ImportedFile
from gevinst_portfolio.domain.gmpp.refusals import (
    EncodingUnreadable,
    FieldsNotRecognised,
    FileBinary,
    FileEmpty,
    FileTooLarge,
    NoProjects,
    NotATable,
    TooManyCells,
    YearUnknown,
)
from gevinst_shared.values.refusal import Refusal
from tests.support.gmpp import one_column_per_project, one_row_per_project, published

FIELDS = {
    "Project Name": ["Éole – the wind’s turn", "Bridge • North"],
    "Department": ["DFT", "DFT"],
    "Description / Aims": ["A “quoted” aim, with £5m; and more", "Two\nlines"],
    "Whole Life Cost TOTAL Baseline £m": ["£1,200.50", "7"],
}


def imported(text: str, encoding: str = "utf-8") -> ImportedFile:
    return import_gmpp(text.encode(encoding), year=2022)


def refusal_of(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        import_gmpp(data, year=2022)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("layout", [one_column_per_project, one_row_per_project])
def test_the_same_table_is_read_alike_in_every_encoding_delimiter_and_layout(
    encoding: str, delimiter: str, layout: Callable[..., str]
) -> None:
    found = imported(layout(FIELDS, delimiter=delimiter), encoding)

    assert [one.name for one in found.projects] == FIELDS["Project Name"]
    assert [one.description for one in found.projects] == FIELDS["Description / Aims"]
    assert [one.whole_life_cost for one in found.projects] == [Decimal(1_200_500_000), Decimal(7_000_000)]
    assert found.delimiter == delimiter


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(newline: str) -> None:
    text = one_column_per_project({**FIELDS, "Description / Aims": ["a", "b"]}).replace("\n", newline)

    assert len(imported(text).projects) == 2


def test_one_broken_byte_in_a_utf_8_file_breaks_one_cell_only() -> None:
    data = one_column_per_project(FIELDS).encode().replace("•".encode(), b"\xe2\x80")

    found = import_gmpp(data, year=2022)

    assert found.encoding == "utf-8"
    assert found.projects[0].name == FIELDS["Project Name"][0]
    assert found.projects[1].name == r"Bridge \xe2\x80 North"
    assert [(report.state, report.column) for report in found.cells] == [(CellState.DAMAGED, 3)]


def test_a_stray_quotation_mark_inside_a_cell_is_told_and_moves_nothing() -> None:
    text = 'Project Name,Department,Description\nBridge,DFT,"The "north" bridge"\nTunnel,DFT,A tunnel\n'

    found = imported(text)

    assert [one.name for one in found.projects] == ["Bridge", "Tunnel"]
    (finding,) = [one for one in found.findings if one.kind is FindingKind.STRAY_QUOTE]
    assert finding.row == 2


@pytest.mark.parametrize(
    "text",
    [
        'Project Name,Department,Description\nBridge,DFT,"The bridge\nTunnel,DFT,A tunnel\n',
        'Project Name,Department,Description\nBridge,"DFT,A bridge\nTunnel,"DFT",A tunnel\nRoad,DFT,A road\n',
    ],
)
def test_a_quotation_mark_that_swallows_cells_is_refused_with_its_row(text: str) -> None:
    refused = refusal_of(text.encode())

    assert isinstance(refused, NotATable)
    assert refused.values == {"row": 2}


def test_titles_above_the_labels_are_kept_as_notes() -> None:
    text = "Government Major Projects Portfolio,,,\n,,,\n" + one_row_per_project(FIELDS)

    found = imported(text)

    assert len(found.projects) == 2
    assert [one.number for one in found.projects] == [4, 5]
    assert ("note", 1, 1) in [(one.kind, one.row, one.column) for one in found.findings]


def test_a_row_that_is_cut_short_loses_only_its_own_cells() -> None:
    found = imported(
        "Project Name,Department,End Date\nBridge,DFT,2030-01-01\nTunnel\nRoad,DFT,2031-01-01\nX,DFT"
    )

    assert [(one.name, one.end_date is None) for one in found.projects] == [
        ("Bridge", False),
        ("Road", False),
        ("X", True),
    ]
    assert [one.text for one in found.findings if one.kind is FindingKind.NOTE] == ["Tunnel"]


def test_a_delimiter_too_many_gives_no_project_the_figures_of_another() -> None:
    data, name = published(2014)
    text = data.decode("cp1252").replace("5609.46,753,", "5609.46,,753,")

    found = import_gmpp(text.encode("cp1252"), file_name=name)

    assert len(found.projects) == 199
    assert {one.whole_life_cost for one in found.projects} == {None}
    (set_aside,) = [one for one in found.findings if one.kind is FindingKind.ROW_SET_ASIDE]
    assert set_aside.row == 13
    assert "5609.46\n753\n278" in set_aside.text


def test_a_project_on_a_row_with_a_delimiter_too_many_is_set_aside_and_the_others_are_read() -> None:
    found = imported("Project Name,Department,End Date\nBridge, north,DFT,2030-01-01\nRoad,DFT,2031-01-01\n")

    assert [one.name for one in found.projects] == ["Road"]
    told = [(one.kind, one.row, one.text) for one in found.findings if one.row == 2]
    assert told == [
        (FindingKind.UNEVEN_ROW, 2, ""),
        (FindingKind.ROW_SET_ASIDE, 2, "Bridge\n north\nDFT\n2030-01-01"),
    ]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert isinstance(refusal_of(data), FileEmpty)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "an Excel workbook or ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"Project Name,A\x00B\nDepartment,DFT\n", "a binary file"),
        ("Project Name,A\x00B".encode("utf-16"), "a binary file"),
    ],
)
def test_a_binary_file_is_refused_with_what_it_looks_like(data: bytes, kind: str) -> None:
    refused = refusal_of(data)

    assert isinstance(refused, FileBinary)
    assert refused.values == {"kind": kind}


def test_100_megabytes_are_refused_by_size_alone() -> None:
    refused = refusal_of(bytes(100_000_000))

    assert isinstance(refused, FileTooLarge)
    assert refused.values == {"size": 100_000_000, "limit": 20_000_000}


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfeP\x00r",
        "プロジェクト名,部署\n橋,運輸省\n".encode("shift_jis"),
        b"\xef\xbb\xbf" + one_column_per_project(FIELDS).encode("cp1252") + b"\x9d\x90\x81\x8f" * 9,
    ],
)
def test_text_in_no_known_encoding_is_refused(data: bytes) -> None:
    assert isinstance(refusal_of(data), EncodingUnreadable)


@pytest.mark.parametrize("data", [b"Dear colleague", b"Project Name\nBridge\nTunnel\n"])
def test_text_that_is_not_a_table_is_refused(data: bytes) -> None:
    assert isinstance(refusal_of(data), NotATable)


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><body>Please log in, colleague</body>\n</html>",
        b"name,age\nBridge,5\n",
        b"Department,Start date,End date\nDFT,2020-01-01,2021-01-01\n",
    ],
)
def test_a_table_without_the_labels_is_refused(data: bytes) -> None:
    assert isinstance(refusal_of(data), FieldsNotRecognised)


@pytest.mark.parametrize(
    "data", [b"Project Name,,\nDepartment,,\nEnd Date,,\n", b"Project Name,Department,End Date\n"]
)
def test_labels_without_a_project_are_refused(data: bytes) -> None:
    assert isinstance(refusal_of(data), NoProjects)


def test_a_year_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(YearUnknown):
        import_gmpp(one_column_per_project(FIELDS).encode())


def test_more_cells_than_the_limit_are_refused() -> None:
    data, name = published(2014)

    with pytest.raises(TooManyCells):
        import_gmpp(data, file_name=name, max_cells=1000)


def test_one_very_wide_row_does_not_multiply_into_millions_of_cells() -> None:
    data = b"Project Name,Department,End Date\n" + b"A,B\n" * 1000 + b"," * 1000

    assert isinstance(refusal_of(data), TooManyCells)


@pytest.mark.parametrize("year", [2014, 2020, 2023])
@pytest.mark.parametrize("share", [0.1, 0.37, 0.5, 0.93])
def test_a_file_cut_short_anywhere_is_read_or_refused_and_never_fails(year: int, share: float) -> None:
    data, name = published(year)

    with suppress(Refusal):
        assert import_gmpp(data[: int(len(data) * share)], file_name=name).projects
