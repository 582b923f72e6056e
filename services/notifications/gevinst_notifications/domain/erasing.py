"""Taking a person out of what was told (E3): their names, and nothing else."""

from collections.abc import Mapping
from typing import Any

from gevinst_shared.values.refusal import Refusal

ERASED = "–"


class AlreadyErased(Refusal):
    code = "already-erased"
    title = "The person was erased"
    detail = "Everything that named the person is gone from here already."


def without_names(value: Any, names: frozenset[str]) -> Any:  # noqa: ANN401 - any part of a fact's data
    """The data of a fact without the person: texts that are one of `names`, also as one of several with
    commas between, become a dash.

    What people wrote is left as it is: a name in the middle of a sentence is no more ours to find.
    """
    if isinstance(value, Mapping):
        return {member: without_names(one, names) for member, one in value.items()}
    if isinstance(value, list):
        return [without_names(one, names) for one in value]
    if isinstance(value, str) and names & set(value.split(", ")):
        return ", ".join(ERASED if part in names else part for part in value.split(", "))
    return value
