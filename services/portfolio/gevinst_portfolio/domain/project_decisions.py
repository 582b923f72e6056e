"""What a decision about one project does to it (P8, G6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gevinst_portfolio.domain.decisions import FIRST_YEAR, LAST_YEAR, DecisionKind, Effect, approval
from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_by_year_from,
    duration_in_quarters,
)
from gevinst_portfolio.domain.projects import CostOfYear, EndsBeforeStart, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.releases import Freed, freed_between
from gevinst_shared.values.refusal import Refusal


class CannotDecideSo(Refusal):
    code = "cannot-decide-so"
    title = "The project's status says no"
    detail = "{name} is {status}. To {decision} a project it must be {needed}."


class OfAnotherPortfolio(Refusal):
    code = "of-another-portfolio"
    title = "The project is of another portfolio"
    detail = "{name} belongs to another portfolio, whose board decides about it. Decide there."


class StartMissing(Refusal):
    code = "start-missing"
    title = "Nobody knows when it starts"
    detail = "{name} does not say when it starts. Give the day on which it does."


class DayPassed(Refusal):
    code = "day-passed"
    title = "The day has passed"
    detail = "{day} is not ahead of us. Choose a day after {today}."


class DayTooFar(Refusal):
    code = "day-too-far"
    title = "The day is too far away"
    detail = "What is decided lies in the years from {first} to {last}. Choose another day than {day}."


class NotForThisDecision(Refusal):
    code = "not-for-this-decision"
    title = "Belongs to another decision"
    detail = "`{member}` belongs to {kinds}, and not to {decision}. Leave it away."


class NoEndNamed(Refusal):
    code = "no-end-named"
    title = "Until when is not said"
    detail = (
        "Say with `until` to which day the board will {decision} the project; a pause may have a `condition`."
    )


class EndBeforeToday(Refusal):
    code = "end-before-today"
    title = "Would be over already"
    detail = "The project cannot go on until {day}, which has passed. Give a later end."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the board says of one project.

    `start` belongs to an approval, `until` to a pause or a postponement, `condition` (what must have
    happened) to a pause, `end` to work that goes on.
    """

    kind: DecisionKind
    start: date | None = None
    until: date | None = None
    condition: str | None = None
    end: date | None = None


_NOTHING = Freed()


@dataclass(frozen=True, slots=True)
class Ruled:
    """The project after the decision, and what that leaves to others."""

    effect: Effect
    status: ProjectStatus
    start: date | None
    end: date | None
    cost_by_year: tuple[CostOfYear, ...]
    freed: Freed = _NOTHING


_S = ProjectStatus
FROM: Mapping[DecisionKind, frozenset[ProjectStatus]] = {
    DecisionKind.APPROVE: frozenset({_S.PROPOSED}),
    DecisionKind.REJECT: frozenset({_S.PROPOSED}),
    DecisionKind.POSTPONE: frozenset({_S.PROPOSED, _S.APPROVED}),
    DecisionKind.PAUSE: frozenset({_S.RUNNING}),
    DecisionKind.RESUME: frozenset({_S.PAUSED}),
    DecisionKind.STOP: frozenset({_S.APPROVED, _S.RUNNING, _S.PAUSED}),
    DecisionKind.CLOSE: frozenset({_S.RUNNING, _S.PAUSED}),
}
_ONLY_FOR = {
    "start": frozenset({DecisionKind.APPROVE}),
    "until": frozenset({DecisionKind.PAUSE, DecisionKind.POSTPONE}),
    "condition": frozenset({DecisionKind.PAUSE}),
    "end": frozenset({DecisionKind.RESUME}),
}
_ENDED = {
    DecisionKind.STOP: (Effect.STOPPED, _S.STOPPED),
    DecisionKind.CLOSE: (Effect.CLOSED, _S.CLOSED),
    DecisionKind.REJECT: (Effect.REJECTED, _S.REJECTED),
}


def ruled(
    project: ProjectFigures, ruling: Ruling, *, today: date, released_from: Quarter | None = None
) -> Ruled:
    """What the ruling makes of the project.

    `released_from` is, for work that rests, the first quarter that its pause has not released already; None
    when the pause released nothing. Raises the refusals above.
    """
    _refuse_odd(ruling)
    if _standing(project, today) not in FROM[ruling.kind]:
        raise CannotDecideSo(
            name=project.name,
            status=project.status.value,
            decision=ruling.kind.value,
            needed=" or ".join(sorted(FROM[ruling.kind])),
        )
    if ruling.until is not None and ruling.until <= today:
        raise DayPassed(day=ruling.until, today=today, pointer="/body/until")
    same = Ruled(Effect.UNCHANGED, project.status, project.start, project.end, project.cost_by_year)
    match ruling.kind:
        case DecisionKind.APPROVE:
            return _approved(project, ruling.start, today)
        case DecisionKind.POSTPONE:
            return _postponed(project, same, ruling.until)
        case DecisionKind.PAUSE:
            freed = freed_between(project, _next(today), _quarter(ruling.until))
            return replace(same, effect=Effect.PAUSED, status=_S.PAUSED, freed=freed)
        case DecisionKind.RESUME:
            return _resumed(same, ruling.end, today)
        case _:
            effect, status = _ENDED[ruling.kind]
            first = max(_next(today), released_from or _next(today))
            # Work that rests had its pause released; what lies behind the pause is free only now.
            freed = freed_between(replace(project, status=_taking(project)), first, None)
            return replace(same, effect=effect, status=status, freed=freed)


def _refuse_odd(ruling: Ruling) -> None:
    """Refuse what does not belong to the kind of decision, what is missing, and days that nobody can mean."""
    for member, kinds in _ONLY_FOR.items():
        value = getattr(ruling, member)
        if value is not None and ruling.kind not in kinds:
            told = " or ".join(sorted(kinds))
            raise NotForThisDecision(
                member=member, kinds=told, decision=ruling.kind.value, pointer=f"/body/{member}"
            )
        if isinstance(value, date):
            _refuse_far(value, member)
    has_condition = ruling.kind is DecisionKind.PAUSE and ruling.condition is not None
    if ruling.kind in _ONLY_FOR["until"] and ruling.until is None and not has_condition:
        raise NoEndNamed(decision=ruling.kind.value, pointer="/body/until")


def _refuse_far(day: date, member: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayTooFar(first=FIRST_YEAR, last=LAST_YEAR, day=day, pointer=f"/body/{member}")


def _approved(project: ProjectFigures, start: date | None, today: date) -> Ruled:
    begins = start or project.start
    if begins is None:
        raise StartMissing(name=project.name, pointer="/body/start")
    _refuse_far(begins, "start")
    moved = _starting(project, begins)
    duration = duration_in_quarters(moved)
    last = Quarter.of(begins).plus((duration or 1) - 1)
    after = approval(moved, Quarter.of(begins), last, today=today)
    # Nobody knows how long it lasts: then nobody knows when it ends either.
    end = moved.end if duration is None else after.end
    return Ruled(after.effect, after.status, after.start, end, after.cost_by_year)


def _postponed(project: ProjectFigures, same: Ruled, until: date | None) -> Ruled:
    """A proposal stays one; approved work starts on the later day."""
    if project.status is _S.PROPOSED or until is None:
        return replace(same, effect=Effect.POSTPONED)
    moved = _starting(project, until)
    return Ruled(Effect.POSTPONED, project.status, moved.start, moved.end, moved.cost_by_year)


def _resumed(same: Ruled, end: date | None, today: date) -> Ruled:
    if end is not None and end < max(today, same.start or today):
        raise EndBeforeToday(day=end, pointer="/body/end")
    return replace(same, effect=Effect.RESUMED, status=_S.RUNNING, end=end or same.end)


def _starting(project: ProjectFigures, start: date) -> ProjectFigures:
    """The project with another first day: as long as before, its cost per year moved along."""
    if start == project.start:
        return project
    end = project.end
    if project.start is not None and end is not None:
        later = start - project.start
        if end.toordinal() + later.days > date(LAST_YEAR, 12, 31).toordinal():
            raise DayTooFar(first=FIRST_YEAR, last=LAST_YEAR, day=start)
        end += later
    if end is not None and end < start:
        raise EndsBeforeStart(start=start, end=end)
    costs = cost_by_year_from(project, Quarter.of(start))
    return replace(project, start=start, end=end, cost_by_year=costs)


def _standing(project: ProjectFigures, today: date) -> ProjectStatus:
    """Approved work runs from its first day on, whether or not somebody has said so since."""
    has_begun = project.start is not None and project.start <= today
    return _S.RUNNING if project.status is _S.APPROVED and has_begun else project.status


def _taking(project: ProjectFigures) -> ProjectStatus:
    return _S.RUNNING if project.status is _S.PAUSED else project.status


def _next(today: date) -> Quarter:
    return Quarter.of(today).plus(1)


def _quarter(day: date | None) -> Quarter | None:
    return None if day is None else Quarter.of(day)
