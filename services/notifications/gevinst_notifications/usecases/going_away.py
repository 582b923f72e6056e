"""Leave and stand-ins (N3)."""

from datetime import date
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.absences import Absence, AbsencesOverlap
from gevinst_notifications.domain.permissions import ENTER_LEAVE
from gevinst_notifications.events.people import AbsenceChanged
from gevinst_notifications.store import absences, announcements, people
from gevinst_notifications.usecases.gathering import move_digests
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


async def enter_absence(
    work: Work, *, person_id: UUID | None, away_from: date, back_on: date, substitute_id: UUID | None
) -> tuple[UUID, Stored]:
    """Enter leave of the caller or, for who administers, of somebody who cannot; its id and record."""
    person_id = await _whose(work, person_id)
    wanted = Absence(person_id, away_from, back_on, substitute_id)
    absence_id = new_id()
    await _refuse_unfit(work, wanted, but=absence_id)
    values = {**_columns(wanted), "id": absence_id, "person_id": person_id, "created_at": work.now}
    record = _record(work, absence_id, person_id)
    stored = await absences.RECORDS.add(work.connection, values, record)
    await move_digests(work.connection, work.organisation, person_id, now=work.now)
    return absence_id, stored


async def change_absence(
    work: Work,
    absence_id: UUID,
    *,
    away_from: date,
    back_on: date,
    substitute_id: UUID | None,
    expected: int,
) -> Stored | None:
    """Change the days or who stands in; None when it changed meanwhile."""
    row = await _get_own(work, absence_id, for_change=True)
    wanted = Absence(row["person_id"], away_from, back_on, substitute_id)
    await _refuse_unfit(work, wanted, but=absence_id)
    values = {**_columns(wanted), "id": absence_id}
    record = _record(work, absence_id, wanted.person_id)
    stored = await absences.RECORDS.change(work.connection, values, record, expected=expected)
    await move_digests(work.connection, work.organisation, wanted.person_id, now=work.now)
    return stored


async def cancel_absence(work: Work, absence_id: UUID, *, expected: int) -> bool:
    """Take the leave back; False when it changed meanwhile."""
    row = await _get_own(work, absence_id, for_change=True)
    if not await absences.delete_absence(work.connection, absence_id, expected=expected):
        return False
    await move_digests(work.connection, work.organisation, row["person_id"], now=work.now)
    fact = AbsenceChanged(absence_id, row["person_id"], is_cancelled=True)
    record = recorded(work, fact, subject=subject_of("absences", absence_id))
    before = {name: str(row[name]) for name in ("person_id", "away_from", "back_on")}
    await announcements.announce(work.connection, [{**record, "before": before, "after": None}])
    return True


async def get_absence(work: Work, absence_id: UUID) -> Stored:
    """The caller's own, or anybody's for who administers; otherwise `Unknown`."""
    await _get_own(work, absence_id)
    return await absences.RECORDS.get(work.connection, absence_id)


async def reader_of_list(work: Work, person_id: UUID | None) -> UUID | None:
    """Whose leave the caller may list: their own, or whose they ask for (None: all) when they administer."""
    if _administers(work):
        return person_id
    return await _whose(work, person_id)


async def _whose(work: Work, person_id: UUID | None) -> UUID:
    """The caller, or the person whom an administrator names."""
    if person_id is not None and _administers(work):
        if not await absences.is_person(work.connection, person_id):
            raise Unknown(pointer="/body/person_id")
        return person_id
    own = (await get_reader(work)).person_id
    if person_id not in {None, own}:
        work.require(ENTER_LEAVE, Place())
    return own


async def _get_own(work: Work, absence_id: UUID, *, for_change: bool = False) -> dict[str, Any]:
    row = await absences.RECORDS.row(work.connection, absence_id, for_change=for_change)
    if not _administers(work):
        reader = await people.find_reader(work.connection, work.actor.subject)
        if reader is None or reader.person_id != row["person_id"]:
            raise Unknown
    return row


async def _refuse_unfit(work: Work, wanted: Absence, *, but: UUID) -> None:
    if wanted.substitute_id is not None and not await absences.is_person(
        work.connection, wanted.substitute_id
    ):
        raise Unknown(pointer="/body/substitute_id")
    other = await absences.find_overlapping(work.connection, wanted, but=but)
    if other is not None:
        raise AbsencesOverlap(away_from=other[0], back_on=other[1])


def _administers(work: Work) -> bool:
    return work.actor.holds(ENTER_LEAVE.roles, place=Place(), today=work.today)


def _columns(wanted: Absence) -> dict[str, Any]:
    return {
        "away_from": wanted.away_from,
        "back_on": wanted.back_on,
        "substitute_id": wanted.substitute_id,
    }


def _record(work: Work, absence_id: UUID, person_id: UUID) -> dict[str, Any]:
    fact = AbsenceChanged(absence_id, person_id)
    return recorded(work, fact, subject=subject_of("absences", absence_id))
