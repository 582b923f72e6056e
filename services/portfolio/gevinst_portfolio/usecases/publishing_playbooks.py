"""Writing playbooks, publishing them in editions, and withdrawing them (X3)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import PUBLISH_PLAYBOOK, WRITE_PLAYBOOK
from gevinst_portfolio.domain.playbooks import (
    ItemChange,
    NothingNewToPublish,
    Playbook,
    PlaybookEmpty,
    PlaybookNotPublished,
    PlaybookNotYours,
    PlaybookWithdrawn,
    difference,
    document_of,
    draft_of,
    refuse_unsound,
)
from gevinst_portfolio.events.playbooks import PlaybookDrafted, PlaybookPublished
from gevinst_portfolio.events.playbooks import PlaybookWithdrawn as WithdrawnFact
from gevinst_portfolio.store import playbooks, programmes, projects
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.changing import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission
from gevinst_shared.values.ids import new_id

Row = Mapping[str, Any]


async def draft(
    work: Work, said: Playbook, *, project_id: UUID | None = None, programme_id: UUID | None = None
) -> tuple[UUID, Stored]:
    """Begin a playbook of a project or of a programme; its id and record."""
    if project_id is not None:
        refuse_merged((await projects.get_row(work.connection, project_id))["merged_into_id"])
    of = {"project_id": project_id, "programme_id": programme_id}
    await _require(work, WRITE_PLAYBOOK, of)
    refuse_unsound(said)
    playbook_id = new_id()
    values = {
        "id": playbook_id,
        "publisher": work.organisation,
        "published_as": playbook_id,
        "partner_id": None,
        **of,
        **_drafted(work, said),
        "edition": 0,
        "sha256": None,
        "withdrawn_at": None,
        "withdrawal_reason": None,
        "unshared_at": None,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    return playbook_id, await playbooks.RECORDS.add(work.connection, values, _told_draft(work, values))


async def change(work: Work, playbook_id: UUID, said: Playbook, *, expected: int) -> Stored | None:
    """Replace all that the next edition will say; None when somebody changed it meanwhile."""
    row = await _own(work, WRITE_PLAYBOOK, playbook_id)
    refuse_unsound(said)
    values = {**row, **_drafted(work, said)}
    return await playbooks.RECORDS.change(
        work.connection, values, _told_draft(work, values), expected=expected
    )


async def publish(work: Work, playbook_id: UUID, *, note: str | None, expected: int) -> Stored | None:
    """Publish the draft as the next edition; None when somebody changed it meanwhile."""
    row = await _own(work, PUBLISH_PLAYBOOK, playbook_id)
    said, number = playbooks.drafted(row), row["edition"] + 1
    if not said.items:
        raise PlaybookEmpty
    refuse_unsound(said)
    # What is withdrawn comes back by its next edition, also when that says the same.
    is_open = row["edition"] and row["withdrawn_at"] is None
    if is_open and await playbooks.get_edition(work.connection, playbook_id, row["edition"]) == said:
        raise NothingNewToPublish(edition=row["edition"])
    document = document_of(
        said, playbook_id=playbook_id, publisher=work.organisation, edition=number, note=note
    )
    fact = PlaybookPublished(
        playbook_id=playbook_id,
        publisher=work.organisation,
        name=said.name,
        edition=number,
        project_ids=await playbooks.followers(work.connection, playbook_id),
        note=note,
    )
    record = recorded(work, fact, subject=subject_of("playbooks", playbook_id), reason=note)
    new = {"edition": number, "sha256": document["sha256"], "withdrawn_at": None, "withdrawal_reason": None}
    stored = await playbooks.EDITIONS_SET.change(
        work.connection, {**row, **new, "changed_at": work.now}, record, expected=expected
    )
    if stored is not None:
        await playbooks.add_edition(work.connection, edition_values(work, playbook_id, document))
    return stored


async def withdraw(work: Work, playbook_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Let nobody take it over any more, until the next edition; None when somebody changed it meanwhile."""
    row = await _own(work, PUBLISH_PLAYBOOK, playbook_id)
    if not row["edition"]:
        raise PlaybookNotPublished(name=row["name"])
    if row["withdrawn_at"] is not None:
        raise PlaybookWithdrawn(name=row["name"], reason=row["withdrawal_reason"])
    fact = WithdrawnFact(
        playbook_id=playbook_id,
        publisher=work.organisation,
        name=row["name"],
        edition=row["edition"],
        project_ids=await playbooks.followers(work.connection, playbook_id),
        reason=reason,
    )
    record = recorded(work, fact, subject=subject_of("playbooks", playbook_id), reason=reason)
    new = {"withdrawn_at": work.now, "withdrawal_reason": reason, "changed_at": work.now}
    return await playbooks.EDITIONS_SET.change(work.connection, {**row, **new}, record, expected=expected)


async def compare(work: Work, playbook_id: UUID, *, edition: int | None, since: int | None) -> dict[str, Any]:
    """`PlaybookDifferenceOut`: what an edition says otherwise than an earlier one.

    The newest against the one before, where nothing is named; the first against nothing.
    """
    number = await _number(work, playbook_id, edition)
    earlier = number - 1 if since is None else since
    now = await playbooks.get_edition(work.connection, playbook_id, number)
    was = await playbooks.get_edition(work.connection, playbook_id, earlier) if earlier else None
    found = difference(() if was is None else was.items, now.items)
    return {
        "playbook_id": playbook_id,
        "edition": number,
        "since": earlier or None,
        "about": about_changes(was, now),
        **{
            member: [_told_change(one) for one in found if one.kind == kind]
            for kind, member in (("activity", "activities"), ("decision", "decisions"))
        },
    }


async def read_document(work: Work, playbook_id: UUID, edition: int | None) -> str:
    """The JSON that was published as an edition, the newest where none is named."""
    number = await _number(work, playbook_id, edition)
    return await playbooks.get_edition_document(work.connection, playbook_id, number)


def about_changes(was: Playbook | None, now: Playbook) -> list[str]:
    """Which of name, purpose and general case differ."""
    names = ("name", "purpose", "general_case")
    return [name for name in names if was is None or getattr(was, name) != getattr(now, name)]


def edition_values(work: Work, playbook_id: UUID, document: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an edition that is published, or arrives, now, of the playbook with this id here."""
    return {
        "organisation_id": work.organisation,
        "id": new_id(),
        "playbook_id": playbook_id,
        "number": document["edition"],
        "document": document,
        "sha256": document["sha256"],
        "note": document.get("note"),
        "published_by": work.actor.subject,
        "published_at": work.now,
    }


async def _number(work: Work, playbook_id: UUID, edition: int | None) -> int:
    row = await playbooks.RECORDS.row(work.connection, playbook_id)
    if not row["edition"]:
        raise PlaybookNotPublished(name=row["name"])
    return int(edition or row["edition"])


def _drafted(work: Work, said: Playbook) -> dict[str, Any]:
    return {
        "name": said.name,
        "purpose": said.purpose,
        "general_case": said.general_case,
        "draft": draft_of(said),
        "changed_at": work.now,
    }


def _told_draft(work: Work, values: Row) -> dict[str, Any]:
    fact = PlaybookDrafted(values["id"], values["name"], values["project_id"], values["programme_id"])
    return recorded(work, fact, subject=subject_of("playbooks", values["id"]))


def _told_change(one: ItemChange) -> dict[str, Any]:
    return {
        "key": one.key,
        "change": one.change,
        "members": list(one.members),
        **{
            name: None if members is None else {"key": one.key, **members}
            for name, members in (("before", one.before), ("after", one.after))
        },
    }


async def _own(work: Work, permission: Permission, playbook_id: UUID) -> dict[str, Any]:
    """The row of our own playbook, held, for who may."""
    row = await playbooks.RECORDS.row(work.connection, playbook_id, for_change=True)
    if row["partner_id"] is not None:
        raise PlaybookNotYours(publisher=row["publisher"])
    await _require(work, permission, row)
    return row


async def _require(work: Work, permission: Permission, of: Row) -> None:
    if of["programme_id"] is None:
        await require_at(work, permission, await projects.get_row(work.connection, of["project_id"]))
        return
    programme_id = of["programme_id"]
    portfolio_id = await programmes.get_portfolio_id(work.connection, programme_id)
    place = await place_of(work.connection, portfolio_id=portfolio_id, programme_id=programme_id)
    work.require(permission, place)
