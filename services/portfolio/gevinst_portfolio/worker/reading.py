"""Reading files in a process of its own."""

import resource

from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import ImportedFile
from gevinst_portfolio.worker.calculation import Ear
from gevinst_shared.sheets.reading import Table, read_csv, read_workbook
from gevinst_shared.sheets.unpacking import MOST_CELLS, WorkbookTooLarge

# Cells may all name one long text: what a file comes to is not known before it is read.
_MOST_BYTES = 2 * 1024**3


def read_gmpp(ear: Ear, *, content: bytes, year: int | None) -> ImportedFile:
    """The file's projects; refuses what is no such file."""
    ear.progress(0.1, "reading the file")
    file = import_gmpp(content, year=year)
    ear.progress(0.5, f"keeping {len(file.projects)} projects")
    return file


def read_tables(ear: Ear, *, content: bytes, is_csv: bool) -> list[Table]:
    """The file's cells; refuses what has none."""
    ear.progress(0.1, "reading the file")
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    try:
        tables = [read_csv(content)] if is_csv else read_workbook(content)
    except MemoryError:
        raise WorkbookTooLarge(most=MOST_CELLS, what="cells") from None
    ear.progress(0.5, "comparing it with what is registered")
    return tables
