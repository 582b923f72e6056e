"""Reading a file in a process of its own."""

from gevinst_portfolio.domain.gmpp.importing import import_gmpp
from gevinst_portfolio.domain.gmpp.projects import ImportedFile
from gevinst_portfolio.worker.calculation import Ear


def read_gmpp(ear: Ear, *, content: bytes, year: int | None) -> ImportedFile:
    """The file's projects; refuses what is no such file."""
    ear.progress(0.1, "reading the file")
    file = import_gmpp(content, year=year)
    ear.progress(0.5, f"keeping {len(file.projects)} projects")
    return file
