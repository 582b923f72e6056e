"""Merging duplicates: one proposal survives, the other says what it has become (P1)."""

from uuid import UUID

from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_shared.values.refusal import Refusal

_SURVIVES = frozenset({ProjectStatus.PROPOSED, ProjectStatus.APPROVED, ProjectStatus.RUNNING})


class IsMerged(Refusal):
    code = "is-merged"
    title = "It has become part of another project"
    detail = "The project was merged into {into}. Use that one instead."


class CannotMerge(Refusal):
    code = "cannot-merge"
    title = "The projects cannot be merged"
    detail = (
        "{name} is {status}. Only a proposal can be merged into another project, and only into one that is "
        "proposed, approved or running."
    )


class MergedIntoItself(Refusal):
    code = "merged-into-itself"
    title = "Merged into itself"
    detail = "A project cannot be merged into itself. Name the one that it repeats."


class NotMerged(Refusal):
    code = "not-merged"
    title = "Not merged"
    detail = "The project {name} is not merged into any other."


def refuse_merged(into: UUID | None, *, pointer: str | None = None) -> None:
    """Refuse what was merged into the project `into`: nothing new is said of it, and nothing waits for it."""
    if into is not None:
        raise IsMerged(into=into, pointer=pointer)


def refuse_merge(name: str, status: ProjectStatus, into_name: str, into_status: ProjectStatus) -> None:
    """Refuse to merge decided work into another, and any work into what is over or merged itself."""
    if status is not ProjectStatus.PROPOSED:
        raise CannotMerge(name=name, status=status.value)
    if into_status not in _SURVIVES:
        raise CannotMerge(name=into_name, status=into_status.value)
