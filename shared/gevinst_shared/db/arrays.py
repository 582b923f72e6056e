"""Many rows given to one statement: an array per column, which costs a fraction of a statement per row."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine


def given_rows(name: str, **columns: "TypeEngine[Any] | type[TypeEngine[Any]]") -> Any:  # noqa: ANN401 - a table to select from
    """A table of that name, whose rows come at run time: `arrays_of` gives the parameters."""
    arrays = [bindparam(f"{name}_{column}", type_=ARRAY(type_)) for column, type_ in columns.items()]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name)


def arrays_of(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """The parameters for `given_rows`; each row has its values in the order of `columns`."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return {f"{name}_{column}": list(value) for column, value in zip(columns, values, strict=True)}
