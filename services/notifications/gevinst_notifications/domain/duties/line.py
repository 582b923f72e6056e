"""Who stands on each rung of a duty's line on a day: owner, controller, the owner's leader (N2, B2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Duty, Owner
from gevinst_notifications.domain.duties.rules import Rung
from gevinst_notifications.domain.messages import Held, Recipients
from gevinst_notifications.domain.rules import Reason
from gevinst_notifications.domain.surroundings import Project, named_holders
from gevinst_shared.values.actor import Grant, Role, ScopeKind

ROLES = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.PORTFOLIO_OFFICE,
        Role.BOARD_MEMBER,
        Role.PROJECT_OWNER,
        Role.PROJECT_MANAGER,
        Role.BENEFIT_OWNER,
        Role.BENEFIT_CONTROLLER,
        Role.UNIT_LEADER,
        Role.FINANCE,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the line of one duty is made of: its project, its unit's path from the top, who holds what there.

    `barred` is the person who may not do it themselves (G3).
    """

    roles: Sequence[Held]
    unit_path: Sequence[UUID] = ()
    project: Project | None = None
    portfolio_id: UUID | None = None
    barred: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a step reaches, and the rungs below them that nobody holds."""

    recipients: Recipients
    vacant: tuple[Rung, ...]


def reached(rung: Rung, duty: Duty, line: Line, *, today: date) -> Reached:
    """Who hears of the step; where nobody holds a rung, the next one up does (B2)."""
    vacant: list[Rung] = []
    for step in tuple(Rung)[tuple(Rung).index(rung) :]:
        people = _on(step, duty, line, today)
        if people:
            reasons = (_REASONS[step], *((Reason.NEXT_IN_LINE,) if vacant else ()))
            return Reached(_recipients(people, reasons), tuple(vacant))
        vacant.append(step)
    people = _nearest(Role.ADMINISTRATOR, line, today)
    return Reached(_recipients(people, (Reason.ADMINISTERS, Reason.NEXT_IN_LINE)), tuple(vacant))


def with_reason(who: Reached, reason: Reason) -> Reached:
    """The same people, who hear of it for one reason more."""
    more = {person: tuple(sorted({*reasons, reason})) for person, reasons in who.recipients.items()}
    return replace(who, recipients=more)


def owners(owner: Owner, line: Line, *, today: date) -> tuple[UUID, ...]:
    """Who must do it: the named person, else who holds the role nearest to where it is held."""
    if owner.person_id is not None:
        return (owner.person_id,)
    assert owner.role is not None
    barred = {line.barred} - {None}
    found = _nearest(owner.role, line, today, without=barred)
    if not found and owner.role is Role.PROJECT_OWNER:
        # G2, P10: the board decides where the project has no owner, or the owner has proposed it.
        found = _nearest(Role.BOARD_MEMBER, line, today, without=barred)
    return found


def _on(rung: Rung, duty: Duty, line: Line, today: date) -> tuple[UUID, ...]:
    if rung is Rung.OWNER:
        return owners(duty.task.owner, line, today=today)
    if rung is Rung.CONTROLLER:
        return _nearest(Role.BENEFIT_CONTROLLER, line, today)
    if rung is Rung.OWNERS_LEADER:
        return _leaders(duty, line, today)
    return _nearest(Role.PORTFOLIO_OFFICE, line, today)


def _leaders(duty: Duty, line: Line, today: date) -> tuple[UUID, ...]:
    """Of a project's manager its owner; of everybody else the nearest leader above who is not them."""
    mine = frozenset(owners(duty.task.owner, line, today=today))
    owner, project = duty.task.owner, line.project
    is_managers = owner.role is Role.PROJECT_MANAGER or (
        project is not None and owner.person_id is not None and owner.person_id == project.manager_id
    )
    if is_managers:
        return _nearest(Role.PROJECT_OWNER, line, today, without=mine)
    return _nearest(Role.UNIT_LEADER, line, today, without=mine)


def _nearest(
    role: Role, line: Line, today: date, *, without: Collection[UUID | None] = ()
) -> tuple[UUID, ...]:
    """The holders of the role closest to the duty: in its project, then up its units, then further out."""
    named = named_holders([line.project]) if line.project is not None else []
    ranks: dict[UUID, int] = {}
    for held in (*named, *line.roles):
        is_theirs = held.grant.role is role and held.grant.is_valid_on(today)
        rank = _rank(held.grant, line) if is_theirs else None
        if rank is not None:
            ranks |= {one: max(rank, ranks.get(one, 0)) for one in held.people if one not in without}
    best = max(ranks.values(), default=0)
    return tuple(sorted(person for person, rank in ranks.items() if rank == best))


def _rank(grant: Grant, line: Line) -> int | None:
    """How close the role is that somebody holds; None when it is held elsewhere."""
    project = line.project
    if grant.scope is ScopeKind.ORGANISATION:
        return 0
    if grant.scope is ScopeKind.UNIT:
        return 10 + line.unit_path.index(grant.scope_id) if grant.scope_id in line.unit_path else None
    portfolio_id = line.portfolio_id or (project.portfolio_id if project else None)
    ids = {
        ScopeKind.PROJECT: (1000, project.id if project else None),
        ScopeKind.PROGRAMME: (3, project.programme_id if project else None),
        ScopeKind.PORTFOLIO: (1, portfolio_id),
    }
    rank, record = ids[grant.scope]
    return rank if grant.scope_id == record else None


def _recipients(people: Sequence[UUID], reasons: tuple[Reason, ...]) -> Recipients:
    return dict.fromkeys(people, tuple(sorted(reasons)))


_REASONS = {
    Rung.OWNER: Reason.MUST_DO,
    Rung.CONTROLLER: Reason.CONTROLS_BENEFITS,
    Rung.OWNERS_LEADER: Reason.LEADS_OWNER,
    Rung.PORTFOLIO_OFFICE: Reason.RUNS_PORTFOLIO,
}
