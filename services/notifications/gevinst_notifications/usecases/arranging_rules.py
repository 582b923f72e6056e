"""Arranging when people are reminded, and on which days they work (N2, N3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.rules import DEFAULTS, DutyRule, Step, refuse_unsound
from gevinst_notifications.domain.working_days import refuse_odd_days
from gevinst_notifications.events.duties import ReminderRuleSet, WorkingDaysSet
from gevinst_notifications.store import deliveries, duty_register, duty_rules
from gevinst_notifications.store.duty_rules import KeptRule, step_json
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day on which the organisation works although the country does not, or the other way round."""

    day: date
    is_open: bool
    name: str


async def set_rule(
    work: Work, kind: DutyKind, steps: Sequence[Step], *, within: int, expected: int
) -> KeptRule | None:
    """Give a kind of duty a ladder of the organisation's own; None at another revision than `expected`."""
    refuse_unsound(kind, steps)
    rule = DutyRule(kind, tuple(steps), within, set_at=work.now)
    return await _keep(work, rule, is_own=True, expected=expected)


async def reset_rule(work: Work, kind: DutyKind, *, expected: int) -> KeptRule | None:
    """Go back to the rule that we ship; None at another revision than `expected`."""
    rule = replace(DEFAULTS[kind], set_at=work.now)
    return await _keep(work, rule, is_own=False, expected=expected)


async def set_days(work: Work, year: int, days: Sequence[OwnDay], *, expected: int) -> bool:
    """Say which days of a year differ from the country's, in place of those that were said before.

    False when they are not at revision `expected` any more.
    """
    refuse_odd_days([one.day for one in days], year=year)
    if not await duty_rules.count_setting(work.connection, work.organisation, year, expected=expected):
        return False
    before = await duty_rules.list_days(work.connection, year)
    rows = [{"day": one.day, "is_open": one.is_open, "name": one.name} for one in days]
    await duty_rules.replace_days(work.connection, work.organisation, year, rows)
    await duty_register.look_at_kinds(work.connection, DutyKind, at=work.now)
    record = recorded(work, WorkingDaysSet(year, len(days)), subject=f"working-days/{year}")
    after = await duty_rules.list_days(work.connection, year)
    await deliveries.announce(work.connection, record, before={"days": before}, after={"days": after})
    return True


async def _keep(work: Work, rule: DutyRule, *, is_own: bool, expected: int) -> KeptRule | None:
    was = await duty_rules.get_rule(work.connection, rule.kind, for_change=True)
    is_kept = was.revision == expected and await duty_rules.keep_rule(
        work.connection,
        work.organisation,
        rule,
        is_own=is_own,
        by=work.actor.subject,
        expected=expected,
    )
    if not is_kept:
        return None
    await duty_register.look_at_kinds(work.connection, [rule.kind], at=work.now)
    kept = KeptRule(rule, is_own, expected + 1, work.actor.subject)
    record = recorded(work, ReminderRuleSet(rule.kind, is_own), subject=f"reminder-rules/{rule.kind}")
    before, after = ({"steps": [step_json(step) for step in one.rule.steps]} for one in (was, kept))
    await deliveries.announce(work.connection, record, before=before, after=after)
    return kept
