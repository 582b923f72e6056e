"""One published GMPP file in, its projects and a report of every doubtful cell out."""

from collections import Counter
from collections.abc import Sequence

from gevinst_portfolio.domain.gmpp.columns import Column, columns_of, notes_above, remarks_of
from gevinst_portfolio.domain.gmpp.file import MAX_BYTES, MAX_CELLS, Table, read_table
from gevinst_portfolio.domain.gmpp.identity import normalised, project_keys
from gevinst_portfolio.domain.gmpp.projects import Finding, FindingKind, ImportedFile
from gevinst_portfolio.domain.gmpp.record import RecordReader, key_parts
from gevinst_portfolio.domain.gmpp.refusals import NoProjects
from gevinst_portfolio.domain.gmpp.year import year_of

_KeyParts = tuple[str | None, str, str | None]


def import_gmpp(
    data: bytes,
    *,
    year: int | None = None,
    file_name: str | None = None,
    max_bytes: int = MAX_BYTES,
    max_cells: int = MAX_CELLS,
) -> ImportedFile:
    """The projects of one year's file of the UK Government Major Projects Portfolio.

    One column or one row per project, with comma, semicolon, tab or bar, in UTF-8, cp1252, mac_roman or
    UTF-16. Labels are known by their words. Money is in pounds, given in £ millions unless the cell or the
    label says otherwise. `year` and `file_name` tell the year where the labels do not.

    A cell that cannot be read leaves its member None and an entry in `cells`; it never fails the file.
    Raises the refusals of `gmpp_refusals`.
    """
    table = read_table(data, max_bytes=max_bytes, max_cells=max_cells)
    columns, findings = columns_of(table)
    findings += notes_above(table) + _broken_rows(table)
    lines, left = _lines_with_projects(table, columns)
    if not lines:
        raise NoProjects
    parts = [key_parts(columns, table.records[line]) for line in lines]
    chosen, source, others = year_of(
        table.labels, year=year, file_name=file_name, identifiers=[part[0] for part in parts if part[0]]
    )
    findings += left + _clashes(table, lines, parts)
    findings += [
        Finding(FindingKind.YEAR_DIFFERS, None, None, f"{other}: {found}") for other, found in others
    ]
    readers = [
        RecordReader(table, columns, line, key, chosen)
        for line, key in zip(lines, project_keys(parts), strict=True)
    ]
    projects = tuple(reader.project() for reader in readers)
    return ImportedFile(
        year=chosen,
        year_source=source,
        encoding=table.encoding,
        delimiter=table.delimiter,
        is_transposed=table.is_transposed,
        projects=projects,
        cells=tuple(report for reader in readers for report in reader.reports_in_order()),
        findings=tuple(findings),
    )


def _lines_with_projects(table: Table, columns: Sequence[Column]) -> tuple[list[int], list[Finding]]:
    """The records that are projects, and a finding for each that holds something and is none."""
    lines: list[int] = []
    findings: list[Finding] = []
    for line, record in enumerate(table.records):
        identifier, name, _ = key_parts(columns, record)
        at = len(table.above) + 1 + line
        if remarks := remarks_of(table, at, record):
            findings += remarks
        elif name or identifier:
            lines.append(line)
        elif any(cell.strip() for cell in record):
            place = table.place(at, 0)
            text = "\n".join(cell.strip() for cell in record if cell.strip())
            findings.append(Finding(FindingKind.LEFT_OUT, *_line_only(table, place), text))
    return lines, findings


def _broken_rows(table: Table) -> list[Finding]:
    findings = [Finding(FindingKind.STRAY_QUOTE, row, None, "") for row in table.stray_quotes]
    findings += [Finding(FindingKind.UNEVEN_ROW, row, None, "") for row in table.uneven]
    findings += [Finding(FindingKind.ROW_SET_ASIDE, row, None, text) for row, text in table.set_aside]
    return findings


def _clashes(table: Table, lines: Sequence[int], parts: Sequence[_KeyParts]) -> list[Finding]:
    """A finding for each project that shares its identifier, or name and department, with another."""
    identifiers = Counter(identifier for identifier, _, _ in parts if identifier)
    names = Counter(_name_and_department(part) for part in parts)
    findings: list[Finding] = []
    for line, part in zip(lines, parts, strict=True):
        place = _line_only(table, table.place(len(table.above) + 1 + line, 0))
        identifier, name, _ = part
        if identifier and identifiers[identifier] > 1:
            findings.append(Finding(FindingKind.IDENTIFIER_CLASH, *place, identifier))
        if names[_name_and_department(part)] > 1:
            findings.append(Finding(FindingKind.NAME_CLASH, *place, name))
    return findings


def _name_and_department(part: _KeyParts) -> tuple[str, str]:
    return normalised(part[1]), normalised(part[2] or "")


def _line_only(table: Table, place: tuple[int, int]) -> tuple[int | None, int | None]:
    """Row and column of a whole record: one of the two."""
    row, column = place
    return (None, column) if table.is_transposed else (row, None)
