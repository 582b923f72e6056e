"""B15: recording installations many at a time, and which of them do not carry their cost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.installations import Installation, refuse_odd_installations, verdict
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.installations import InstallationsNotCarrying, InstallationsRecorded
from gevinst_benefits.store import installations as store
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.projects import known_units
from gevinst_benefits.usecases.planning import require_followed
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InstallationDraft:
    """Installations of one kind at a unit; `code` is the caller's own name for them within the benefit."""

    code: str
    name: str
    unit_id: UUID
    installed_on: date
    installation: Installation


async def record_installations(work: Work, benefit_id: UUID, drafts: Sequence[InstallationDraft]) -> Json:
    """Insert each, or bring the one of its code up to it; what the benefit's installations then are."""
    benefit = await require_followed(work, PLAN, benefit_id)
    refuse_odd_installations([(draft.code, draft.installation) for draft in drafts])
    units = {draft.unit_id for draft in drafts}
    refuse_unknown_units(sorted(units), await known_units(work.connection, units))
    known = {row["code"]: row for row in await store.rows_of_benefit(work.connection, benefit_id)}
    new = sum(draft.code not in known for draft in drafts)
    refuse_too_many(len(known) + new - 1, most=store.MOST_INSTALLATIONS)
    rows = [_row(work, benefit, draft, known.get(draft.code)) for draft in drafts]
    await store.keep_installations(work.connection, rows)
    after = {**known, **{row["code"]: row for row in rows}}
    summary = _summary(len(rows), list(after.values()))
    before = [known[row["code"]] for row in rows if row["code"] in known]
    await _announce(work, benefit, summary, before or None, rows)
    failing = {code for code, row in known.items() if not row["carries"]}
    if any(not row["carries"] and row["code"] not in failing for row in rows):
        await _flag(work, benefit, _summary(0, list(known.values())), summary)
    return {"benefit_id": str(benefit_id), **summary}


def with_verdicts(items: str) -> str:
    """A page's installations, each with its verdict."""
    return json.dumps([_judged(members) for members in json.loads(items)], ensure_ascii=False)


def _judged(members: Json) -> Json:
    found = verdict(store.installation_of(members))
    known = {"break_even_count": found.break_even_count, "break_even_months": found.break_even_months}
    return {
        **members,
        "net_per_year": wire(found.net_per_year),
        "carries": found.carries,
        **{name: value for name, value in known.items() if value is not None},
    }


def _summary(changed: int, rows: Sequence[Mapping[str, Any]]) -> Json:
    return {
        "changed": changed,
        "count": sum(row["count"] for row in rows),
        "not_carrying": sum(row["count"] for row in rows if not row["carries"]),
    }


def _row(work: Work, benefit: Benefit, draft: InstallationDraft, known: Mapping[str, Any] | None) -> Json:
    one = draft.installation
    return {
        "organisation_id": work.organisation,
        "id": new_id() if known is None else known["id"],
        "benefit_id": benefit.id,
        "code": draft.code,
        "name": draft.name,
        "unit_id": draft.unit_id,
        "count": one.count,
        "installed_on": draft.installed_on,
        "lifetime_months": one.lifetime_months,
        **store.amounts_of(one),
        "carries": verdict(one).carries,
        "changed_at": work.now,
    }


async def _announce(
    work: Work,
    benefit: Benefit,
    summary: Json,
    before: Sequence[Mapping[str, Any]] | None,
    after: Sequence[Mapping[str, Any]],
) -> None:
    fact = InstallationsRecorded(
        project_id=benefit.project_id, benefit_id=benefit.id, name=benefit.name, **summary
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit.id))
    sides = {"before": _plain(before), "after": _plain(after)}
    await announce(work.connection, [{**record, **sides}])


async def _flag(work: Work, benefit: Benefit, before: Json, after: Json) -> None:
    """B15: some do not carry their cost that were not known to."""
    fact = InstallationsNotCarrying(
        project_id=benefit.project_id,
        benefit_id=benefit.id,
        name=benefit.name,
        owner_unit_id=benefit.owner.unit_id,
        count=after["count"],
        not_carrying=after["not_carrying"],
        actor=work.actor.subject,
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit.id))
    counts = [{"not_carrying": one["not_carrying"]} for one in (before, after)]
    await announce(work.connection, [{**record, "before": counts[0], "after": counts[1]}])


def _plain(rows: Sequence[Mapping[str, Any]] | None) -> Any:  # noqa: ANN401 - JSON
    if rows is None:
        return None
    return {"installations": json.loads(json.dumps([dict(row) for row in rows], default=wire))}
