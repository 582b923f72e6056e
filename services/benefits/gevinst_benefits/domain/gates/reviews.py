"""Advice on a proposed gate, by named reviewers, before it is decided (G2, G3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class NotAReviewer(Refusal):
    code = "not-a-reviewer"
    title = "You are not asked to review this gate"
    detail = "The proposal names other reviewers. Ask its proposer to name you in a new proposal."


class ReviewedAlready(Refusal):
    code = "gate-reviewed-already"
    title = "You have given your advice"
    detail = "Each reviewer advises once. Comment on the proposal for what you want to add."


class ProposerReviews(Refusal):
    code = "proposer-reviews"
    title = "The proposer cannot review"
    detail = "You cannot name yourself as a reviewer of your own proposal."


class ReviewPending(Refusal):
    code = "review-pending"
    title = "Reviewers have not advised yet"
    detail = "{count} reviewer(s) have not advised. The decision waits for them until: {day}."


class OddReviewers(Refusal):
    code = "odd-reviewers"
    title = "The reviewers do not fit"
    detail = "Name each reviewer once, and a day to review by only together with reviewers."


class Advice(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Panel:
    """Who is asked for advice (persons), and until which day the decision waits for them."""

    reviewers: tuple[UUID, ...] = ()
    review_by: date | None = None


def refuse_odd_panel(panel: Panel, *, proposer: UUID | None, today: date) -> None:
    """Refuse somebody named twice, a day without reviewers or in the past, and the proposer (G3)."""
    is_late = panel.review_by is not None and (not panel.reviewers or panel.review_by < today)
    if is_late or len(set(panel.reviewers)) != len(panel.reviewers):
        raise OddReviewers
    if proposer is not None and proposer in panel.reviewers:
        raise ProposerReviews


def refuse_review(panel: Panel, reviewer: UUID | None, advised: Collection[UUID]) -> None:
    """Refuse advice by somebody who is not asked, or has given it."""
    if reviewer is None or reviewer not in panel.reviewers:
        raise NotAReviewer
    if reviewer in advised:
        raise ReviewedAlready


def refuse_early_decision(panel: Panel, advised: Sequence[UUID], *, today: date) -> None:
    """Refuse a decision before all reviewers have advised, until the day they were given is over."""
    missing = set(panel.reviewers) - set(advised)
    is_over = panel.review_by is not None and today > panel.review_by
    if missing and not is_over:
        raise ReviewPending(count=len(missing), day=panel.review_by or "-")
