"""B2: who owned a benefit is remembered, and a role that nobody holds is told at once, exactly once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gevinst_benefits.domain.plan.benefits import Benefit, Owner
from gevinst_benefits.events.owners import BenefitOwnerFilled, BenefitOwnerVacant
from gevinst_benefits.store import owners
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.organisations import organisation_after
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_MOST_NAMED = 100
_WATCH = "owner-watch"


async def remember(work: Work, known: Benefit, owner: Owner, *, reason: str | None = None) -> None:
    """Keep who the owner was, where it is another now."""
    if owner == known.owner:
        return
    await owners.add_change(
        work.connection,
        {
            "organisation_id": work.organisation,
            "id": new_id(),
            "benefit_id": known.id,
            "from_role": known.owner.role,
            "from_unit_id": known.owner.unit_id,
            "to_role": owner.role,
            "to_unit_id": owner.unit_id,
            "reason": reason,
            "changed_by": work.actor.subject,
            "created_at": work.now,
        },
    )


async def look_for_vacancies(work: Work, *, role: str | None = None) -> int:
    """Tell each role of an owner that has become vacant, or is filled again; how many were told.

    Two who look at once tell it once: the row of an open vacancy is unique. `role` looks at one role only.
    """
    vacant = await owners.vacant_now(work.connection, today=work.today, role=role)
    known = {_key(one): one for one in await owners.open_vacancies(work.connection, role=role)}
    # In one order, so that two who look at once wait for each other instead of stopping each other.
    found = sorted((one for one in vacant if _key(one) not in known), key=_key)
    filled = known.keys() - {_key(one) for one in vacant}
    records = [await _vacant(work, one) for one in found]
    records += [await _filled(work, known[key]) for key in sorted(filled)]
    told = [record for record in records if record is not None]
    await announce(work.connection, told)
    return len(told)


async def look_everywhere(database: Database, now: Callable[[], datetime]) -> int:
    """Look in every organisation: a role may end by a date that passes, with nothing else happening."""
    told, organisation = 0, ""
    while True:
        async with database.queue() as connection:
            following = await organisation_after(connection, organisation)
        if following is None:
            return told
        organisation = following
        async with database.transaction(organisation) as connection:
            told += await look_for_vacancies(Work(connection, Actor(_WATCH, organisation), now(), new_id()))


async def _vacant(work: Work, one: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record to announce, or None when somebody else has told it."""
    vacancy_id, ids = new_id(), one["benefit_ids"]
    after = {"role": one["role"], "unit_id": one["unit_id"], "since": work.today}
    row = {**after, "organisation_id": work.organisation, "id": vacancy_id, "filled_on": None}
    if not await owners.open_vacancy(work.connection, row):
        return None
    fact = BenefitOwnerVacant(
        role=one["role"],
        unit_id=one["unit_id"],
        unit_name=one["unit_name"],
        unit_path=tuple(one["path"]),
        since=work.today,
        benefit_count=len(ids),
        benefit_ids=tuple(ids[:_MOST_NAMED]),
    )
    record = recorded(work, fact, subject=subject_of("vacant-owners", vacancy_id))
    return {**record, "before": None, "after": _texts(after)}


async def _filled(work: Work, one: Mapping[str, Any]) -> dict[str, Any] | None:
    if not await owners.fill_vacancy(work.connection, one["id"], on=work.today):
        return None
    before = {"role": one["role"], "unit_id": one["unit_id"], "since": one["since"]}
    fact = BenefitOwnerFilled(**before, unit_name=one["unit_name"], filled_on=work.today)
    record = recorded(work, fact, subject=subject_of("vacant-owners", one["id"]))
    return {**record, "before": _texts(before), "after": _texts({**before, "filled_on": work.today})}


def _key(one: Mapping[str, Any]) -> tuple[str, Any]:
    return one["role"], one["unit_id"]


def _texts(members: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in members.items()}
