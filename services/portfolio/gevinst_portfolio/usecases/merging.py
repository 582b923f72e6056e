"""Finding duplicates, and merging one project into another (P1)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.concepts import ConceptState
from gevinst_portfolio.domain.dependencies import DependencyCycle, OutsidePortfolio, find_cycle
from gevinst_portfolio.domain.likeness import Described, likely_duplicates, words_of
from gevinst_portfolio.domain.merging import MergedIntoItself, NotMerged, refuse_merge
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.events.projects import ProjectChanged, ProjectMerged
from gevinst_portfolio.store import announcements, duplicates, merges, portfolios, project_acts, projects
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.conceiving import concept_record
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of

MOST_DUPLICATES = 20


async def find_duplicates(work: Work, described: Described) -> dict[str, Any]:
    """`DuplicatesOut`: projects and ideas of the organisation that are likely the same."""
    words = words_of(f"{described.name} {described.need or ''}")
    rows = {row["id"]: row for row in await duplicates.list_sharing(work.connection, words)}
    others = [Described(row["id"], row["name"], row["need"]) for row in rows.values()]
    found = likely_duplicates(described, others, at_most=MOST_DUPLICATES)
    return {
        "items": [
            {
                **{name: rows[one.id][name] for name in ("kind", "id", "name", "state", "portfolio_id")},
                "likeness": one.share,
                "shared_words": list(one.words),
            }
            for one in found
        ]
    }


async def merge_project(
    work: Work, project_id: UUID, *, into_id: UUID, reason: str, expected: int
) -> Stored | None:
    """Let the proposal become part of another project; the merged record, or None when it changed meanwhile.

    Its source, supporters, concepts and dependencies are carried over; it stays, and says what it became.
    """
    if project_id == into_id:
        raise MergedIntoItself(pointer="/body/into_id")
    row, into = await merges.lock_both(work.connection, project_id, into_id)
    work.require(ARRANGE, await place_of(work.connection, portfolio_id=row["portfolio_id"]))
    if row["portfolio_id"] != into["portfolio_id"]:
        raise OutsidePortfolio(member="into_id", pointer="/body/into_id")
    refuse_merge(row["name"], ProjectStatus(row["status"]), into["name"], ProjectStatus(into["status"]))
    now = {**dict(row), "status": ProjectStatus.MERGED, "merged_into_id": into_id}
    record = _merged(work, now, into, reason)
    stored = await merges.MERGED.change(work.connection, now, record, expected=expected)
    if stored is not None:
        await _carry_over(work, row, into, reason)
    return stored


async def undo_merge(work: Work, project_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Make the merged project a proposal of its own again; None when it changed meanwhile.

    What was carried over stays with the survivor, who may have built on it; the source comes back.
    """
    row = await project_acts.lock_project(work.connection, project_id)
    work.require(ARRANGE, await place_of(work.connection, portfolio_id=row["portfolio_id"]))
    if row["merged_into_id"] is None:
        raise NotMerged(name=row["name"])
    _, into = await merges.lock_both(work.connection, project_id, row["merged_into_id"])
    now = {**dict(row), "status": ProjectStatus.PROPOSED, "merged_into_id": None}
    record = _changed(work, now, reason)
    stored = await merges.MERGED.change(work.connection, now, record, expected=expected)
    if stored is not None:
        origins = [one for one in _origins(into) if one["project_id"] != str(project_id)]
        left = {**dict(into), "origins": origins}
        await merges.ORIGINS.change(
            work.connection, left, _changed(work, left, reason), expected=into["revision"]
        )
    return stored


async def _carry_over(work: Work, row: asyncpg.Record, into: asyncpg.Record, reason: str) -> None:
    await portfolios.hold(work.connection, into["portfolio_id"])
    naming = await merges.list_naming(work.connection, row["id"])
    gone, survivor = row["id"], into["id"]
    depends_on = _without(survivor, _renamed((*into["depends_on"], *row["depends_on"]), gone, survivor))
    after = {
        **dict(into),
        "depends_on": depends_on,
        "dependency_lags": _lags((into, row), gone, survivor, depends_on),
        "excludes": _without(survivor, _renamed((*into["excludes"], *row["excludes"]), gone, survivor)),
        "supporters": list(dict.fromkeys([*into["supporters"], *row["supporters"]])),
        "origins": [*_origins(into), *_origins(row), _origin(row)],
    }
    changed = [_following(other, gone, survivor) for other in naming if other["id"] not in {gone, survivor}]
    await _refuse_circle(work, after, changed)
    await merges.SURVIVORS.change(
        work.connection, after, _changed(work, after, reason), expected=into["revision"]
    )
    for other in changed:
        await merges.DEPENDANTS.change(
            work.connection, other, _changed(work, other, reason), expected=other["revision"]
        )
    await _carry_concepts(work, gone, into, reason)
    await _carry_parts(work, gone, into, reason)


async def _carry_concepts(work: Work, gone: UUID, into: asyncpg.Record, reason: str) -> None:
    carried = await merges.carry_concepts(work.connection, gone, into["id"])
    records = [
        concept_record(work, into, one["id"], one["name"], ConceptState(one["state"]), reason=reason)
        for one in carried
    ]
    before, after = {"project_id": str(gone)}, {"project_id": str(into["id"])}
    told = [{**one, "before": before, "after": after} for one in records]
    await announcements.announce(work.connection, told)


async def _carry_parts(work: Work, gone: UUID, into: asyncpg.Record, reason: str) -> None:
    """What was merged into the merged project says the survivor's name from now on."""
    for row in await merges.list_parts(work.connection, gone):
        now = {**dict(row), "merged_into_id": into["id"]}
        record = _merged(work, now, into, reason)
        await merges.MERGED.change(work.connection, now, record, expected=row["revision"])


async def _refuse_circle(work: Work, after: Mapping[str, Any], changed: Sequence[Mapping[str, Any]]) -> None:
    """Two projects that waited for each other by way of the merged one would wait for ever."""
    rows = await projects.list_waiting(work.connection, after["portfolio_id"])
    waiting = {row["id"]: row["depends_on"] for row in rows} | {
        one["id"]: one["depends_on"] for one in (*changed, after)
    }
    circle = find_cycle(after["id"], after["depends_on"], waiting)
    if circle:
        names = {row["id"]: row["name"] for row in rows}
        raise DependencyCycle(circle=" → ".join(names[one] for one in circle), pointer="/body/into_id")


def _following(other: asyncpg.Record, gone: UUID, survivor: UUID) -> dict[str, Any]:
    depends_on = _renamed(other["depends_on"], gone, survivor)
    return {
        **dict(other),
        "depends_on": depends_on,
        "dependency_lags": _lags((other,), gone, survivor, depends_on),
        "excludes": _renamed(other["excludes"], gone, survivor),
    }


def _renamed(ids: Sequence[UUID], gone: UUID, survivor: UUID) -> list[UUID]:
    return list(dict.fromkeys(survivor if one == gone else one for one in ids))


def _lags(
    rows: Sequence[asyncpg.Record], gone: UUID, survivor: UUID, depends_on: Sequence[UUID]
) -> list[dict[str, Any]]:
    """The lags of the dependencies that are left; of two for the same one, the longer."""
    found: dict[UUID, int] = {}
    for row in rows:
        for one in json.loads(row["dependency_lags"]):
            (before,) = _renamed([UUID(one["project_id"])], gone, survivor)
            found[before] = max(found.get(before, 0), one["lag_quarters"])
    return [{"project_id": str(key), "lag_quarters": lag} for key, lag in found.items() if key in depends_on]


def _without(project_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    return [one for one in ids if one != project_id]


def _origins(row: asyncpg.Record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(row["origins"])
    return found


def _origin(row: asyncpg.Record) -> dict[str, Any]:
    """`OriginOut` as JSON (P1: the source is recorded)."""
    found = {"project_id": str(row["id"]), "name": row["name"], "source": row["source"]}
    return found | ({} if row["source_key"] is None else {"source_key": row["source_key"]})


def _merged(work: Work, columns: Mapping[str, Any], into: asyncpg.Record, reason: str) -> dict[str, Any]:
    said = {**columns, "into_id": into["id"], "into_name": into["name"]}
    fact = ProjectMerged.of(said, project_id=columns["id"])
    return recorded(work, fact, subject=subject_of("projects", columns["id"]), reason=reason)


def _changed(work: Work, columns: Mapping[str, Any], reason: str) -> dict[str, Any]:
    fact = ProjectChanged.of(columns, project_id=columns["id"])
    return recorded(work, fact, subject=subject_of("projects", columns["id"]), reason=reason)
