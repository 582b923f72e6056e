"""G9: the papers and people without which the line cannot take over, and who may say that it has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class HandoverIncomplete(Refusal):
    code = "handover-incomplete"
    title = "Something is missing for the handover"
    detail = "{count} thing(s) are missing: {missing}. See the handover's shortcomings for each."


class HandoverSettled(Refusal):
    code = "handover-settled"
    title = "The handover does not await this"
    detail = "The handover is {state}; this cannot be done to it. Open a new one if the project goes on."


class HandedOverToOneself(Refusal):
    code = "handed-over-to-oneself"
    title = "The line answers, not the project"
    detail = "You lead the project or offered the handover. Somebody else in the receiving unit must answer."


class OddPapers(Refusal):
    code = "odd-papers"
    title = "The papers do not fit"
    detail = "{paper}: each paper once; delivered ones say where they are, and others than that why not."


class NothingMissing(Refusal):
    code = "refused-without-missing"
    title = "What is missing?"
    detail = "Name at least one paper that is missing, so that the project knows what to mend."


class NotFinished(Refusal):
    code = "project-not-finished"
    title = "A project without result indicators is not finished"
    detail = "These open benefits have no indicator: {benefits}. Give each one before the project is closed."


class Paper(StrEnum):
    """What is handed over (G9)."""

    FINAL_REPORT = "final-report"
    BENEFIT_PLAN = "benefit-plan"
    RISK_ANALYSIS = "risk-analysis"
    MEASUREMENT_PLAN = "indicators-and-measurement-plan"
    OWNERS = "named-owners"
    TRAINING = "training"
    WORK_PROCESSES = "work-process-documentation"


class PaperState(StrEnum):
    MISSING = "missing"
    DELIVERED = "delivered"
    NOT_RELEVANT = "not-relevant"


class HandoverState(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CALLED_OFF = "called-off"


class Shortcoming(StrEnum):
    PAPER_MISSING = "paper-missing"
    WITHOUT_INDICATOR = "benefit-without-indicator"
    UNCONFIRMED = "benefit-not-confirmed"
    VACANT = "benefit-owner-vacant"


@dataclass(frozen=True, slots=True)
class HandoverPaper:
    """A paper: where it is, or why it is not relevant."""

    paper: Paper
    state: PaperState = PaperState.MISSING
    link: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """An open benefit as the line would take it over."""

    benefit_id: UUID
    name: str
    has_indicator: bool
    is_confirmed: bool
    has_holder: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, of a paper or of a benefit."""

    kind: Shortcoming
    subject: str
    benefit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """A project's way to the line. `papers` has each paper once."""

    id: UUID
    state: HandoverState
    papers: tuple[HandoverPaper, ...]
    offered_by: str | None = None
    offered_at: datetime | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str | None = None


NO_PAPERS = tuple(HandoverPaper(paper) for paper in Paper)


def with_papers(handover: Handover, papers: Sequence[HandoverPaper]) -> Handover:
    """The handover with these papers changed, as long as it is not settled.

    *Delivered* says where the paper is, *not relevant* why; *missing* may say why.
    """
    _refuse_unless(handover, HandoverState.DRAFT, HandoverState.OFFERED)
    changed: dict[Paper, HandoverPaper] = {}
    for one in papers:
        lacks_link = one.state is PaperState.DELIVERED and not one.link
        lacks_reason = one.state is PaperState.NOT_RELEVANT and not one.reason
        if one.paper in changed or lacks_link or lacks_reason:
            raise OddPapers(paper=one.paper.value)
        changed[one.paper] = one
    return replace(handover, papers=tuple(changed.get(one.paper, one) for one in handover.papers))


def shortcomings(papers: Sequence[HandoverPaper], benefits: Sequence[Readiness]) -> tuple[Missing, ...]:
    """What stands between the project and the line; nothing when all is there."""
    found = [
        Missing(Shortcoming.PAPER_MISSING, one.paper.value)
        for one in papers
        if one.state is PaperState.MISSING
    ]
    for benefit in benefits:
        checks = {
            Shortcoming.WITHOUT_INDICATOR: benefit.has_indicator,
            Shortcoming.UNCONFIRMED: benefit.is_confirmed,
            Shortcoming.VACANT: benefit.has_holder,
        }
        found += [
            Missing(kind, benefit.name, benefit.benefit_id) for kind, is_met in checks.items() if not is_met
        ]
    return tuple(found)


def offer(handover: Handover, missing: Sequence[Missing], *, by: str, at: datetime) -> Handover:
    """Offered to the line, when nothing is missing."""
    _refuse_unless(handover, HandoverState.DRAFT)
    _refuse_incomplete(missing)
    return replace(handover, state=HandoverState.OFFERED, offered_by=by, offered_at=at)


def accept(
    handover: Handover, missing: Sequence[Missing], *, by: str, manager: str | None, at: datetime
) -> Handover:
    """Accepted by the line. What was there when it was offered must still be there."""
    _refuse_unless(handover, HandoverState.OFFERED)
    _refuse_own(handover, by, manager)
    _refuse_incomplete(missing)
    return replace(handover, state=HandoverState.ACCEPTED, settled_by=by, settled_at=at)


def refuse(
    handover: Handover,
    papers: Sequence[Paper],
    *,
    by: str,
    manager: str | None,
    reason: str,
    at: datetime,
) -> Handover:
    """Refused by the line, which says what is missing. The gate may step back, or a new one is opened."""
    _refuse_unless(handover, HandoverState.OFFERED)
    _refuse_own(handover, by, manager)
    if not papers:
        raise NothingMissing
    lacking = tuple(
        replace(one, state=PaperState.MISSING, reason=reason) if one.paper in papers else one
        for one in handover.papers
    )
    return replace(
        handover,
        state=HandoverState.REFUSED,
        papers=lacking,
        settled_by=by,
        settled_at=at,
        reason=reason,
    )


def call_off(handover: Handover, *, by: str, reason: str, at: datetime) -> Handover:
    """G6: a project that stops is handed over to nobody."""
    return replace(handover, state=HandoverState.CALLED_OFF, settled_by=by, settled_at=at, reason=reason)


def refuse_unfinished(benefits: Sequence[Readiness]) -> None:
    """G9: refuse to close a project with an open benefit that nothing shows."""
    bare = [one.name for one in benefits if not one.has_indicator]
    if bare:
        raise NotFinished(benefits=", ".join(bare[:10]))


def _refuse_incomplete(missing: Sequence[Missing]) -> None:
    if missing:
        listed = ", ".join(f"{one.kind.value} ({one.subject})" for one in missing[:10])
        raise HandoverIncomplete(count=len(missing), missing=listed)


def _refuse_own(handover: Handover, by: str, manager: str | None) -> None:
    if by in {handover.offered_by, manager}:
        raise HandedOverToOneself


def _refuse_unless(handover: Handover, *fit: HandoverState) -> None:
    if handover.state not in fit:
        raise HandoverSettled(state=handover.state.value)
