"""Columns to branch on beside the starts: whether a project is chosen, and roughly when.

They change no plan and no relaxation. Branching on them moves the bound where branching on one start of many
does not, and a model in which they alone must be whole is solved to its end in seconds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gevinst_portfolio.domain.optimiser.highs import Ints, LinearModel


def with_choices(linear: LinearModel, groups: Sequence[Ints], *, is_relaxed: bool) -> LinearModel:
    """The model with one binary more per group: the sum of its columns.

    `groups[i][c]` is the group of column c, for the first columns of the model, numbered from 0 without
    holes. `is_relaxed` lets these columns be fractions, so that only the groups must be whole: the optimum
    is then a bound.
    """
    height, width = len(linear.row_lower), len(linear.gain)
    columns: list[NDArray[np.integer]] = [np.repeat(np.arange(width), np.diff(linear.begin))]
    rows: list[NDArray[np.integer]] = [linear.rows]
    amounts = [linear.amounts]
    for group in groups:
        size = int(group.max(initial=-1)) + 1
        if size == len(group) and not is_relaxed:
            # Each column is its own choice.
            continue
        columns += [np.arange(len(group)), width + np.arange(size)]
        rows += [height + group, height + np.arange(size)]
        amounts += [np.ones(len(group)), -np.ones(size)]
        height, width = height + size, width + size
    added = width - len(linear.gain)
    column, row = np.concatenate(columns), np.concatenate(rows)
    order = np.lexsort((row, column))
    is_whole = linear.is_whole.copy()
    if is_relaxed and groups:
        is_whole[: len(groups[0])] = False
    nothing = np.zeros(added)
    return LinearModel(
        gain=np.concatenate([linear.gain, nothing]),
        lower=np.concatenate([linear.lower, nothing]),
        upper=np.concatenate([linear.upper, np.ones(added)]),
        is_whole=np.concatenate([is_whole, np.ones(added, np.bool_)]),
        row_lower=np.concatenate([linear.row_lower, nothing]),
        row_upper=np.concatenate([linear.row_upper, nothing]),
        begin=np.searchsorted(column[order], np.arange(width + 1)).astype(np.int32),
        rows=row[order].astype(np.int32),
        amounts=np.concatenate(amounts)[order],
    )


def project_parts(project: Ints, parts: int) -> Ints:
    """The group of each column when the starts of every project are cut into `parts` spans of time.

    `project[c]` is the project of column c, columns of a project in the order of their starts. One part is
    the project itself.
    """
    _, own, counts = np.unique(project, return_inverse=True, return_counts=True)
    order = np.argsort(own, kind="stable")
    rank = np.empty(len(project), np.int64)
    rank[order] = np.arange(len(project)) - np.repeat(np.cumsum(counts) - counts, counts)
    span = rank * parts // np.maximum(counts[own], parts)
    _, group = np.unique(own * parts + span, return_inverse=True)
    return np.asarray(group, np.int32)
