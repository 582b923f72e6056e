"""GMPP files for tests: the published ones, and made-up ones in the shape of other years."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

_ROOT = Path(__file__).parents[2]

PUBLISHED_YEARS = (2014, 2015, 2016, 2017, 2019, 2020, 2021, 2023)


def published(year: int) -> tuple[bytes, str]:
    """The bytes and the name of one year's file."""
    folder = "examples/gmpp" if year == 2023 else "tests/data/gmpp"
    path = _ROOT / folder / f"gmpp_{year}.csv"
    return path.read_bytes(), path.name


def one_column_per_project(fields: Mapping[str, Sequence[str]], *, delimiter: str = ",") -> str:
    """CSV with a row per field: its label, then the cell of each project."""
    return _csv([[label, *cells] for label, cells in fields.items()], delimiter)


def one_row_per_project(fields: Mapping[str, Sequence[str]], *, delimiter: str = ",") -> str:
    """CSV with a column per field and the labels in the first row."""
    return _csv([list(fields), *zip(*fields.values(), strict=True)], delimiter)


def _csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()
