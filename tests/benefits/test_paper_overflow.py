"""What papers leave out for length, they say: with how many."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gevinst_benefits.papers.benefit_report.benefits import benefits
from gevinst_benefits.papers.benefit_report.budgets import budgets
from gevinst_benefits.papers.benefit_report.documents import PlanDocuments, ReportOf
from gevinst_benefits.papers.benefit_report.following import following
from gevinst_benefits.papers.benefit_report.unit_change import unit_change
from gevinst_benefits.papers.gate.facts import ConditionFacts, StandingFacts
from gevinst_shared.papers.model import Paragraph
from gevinst_shared.papers.wording import LANGUAGES, Words
from tests.benefits.paper_facts import gate_facts, gate_paper

ENGLISH = Words("en", "gevinst_benefits")
NOTHING = {"count": 0, "first": [], "late": 0}
CONDITION = {
    "text": "Train the counters",
    "project_name": "Digital post",
    "owner_id": "kari",
    "deadline": "2026-05-01",
    "is_late": False,
}
GATE = {
    "gate": "BP2",
    "gate_name": "Plan",
    "project_name": "Digital post",
    "outcome": "go",
    "decide_by": "2026-05-01",
    "is_late": False,
}
GOAL = {
    "name": "Home longer",
    "target": {"amount": "3", "unit_of_measure": "points"},
    "due_year": 2030,
    "has_means": True,
}


def report(plan: PlanDocuments | None = None, **overview: Any) -> ReportOf:
    return ReportOf(
        kind="programme",
        name="Digital",
        organisation="0192:958935420",
        path="/",
        overview=overview,
        sums=(),
        plan=plan,
        people={},
        today=date(2026, 3, 2),
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
        first_year=2026,
        last_year=2028,
    )


def said(blocks: Any) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_gates_and_conditions_beyond_the_first_are_counted(language: str) -> None:
    whole = report(
        gates={"count": 31, "late": 0, "first": [GATE] * 20},
        conditions={"count": 20, "late": 0, "first": [CONDITION] * 20},
    )

    (found,) = said(following(whole, Words(language, "gevinst_benefits")))

    assert found.endswith(": 11.")


def test_unseen_benefits_and_vacant_roles_beyond_the_first_are_counted() -> None:
    """B2, B6."""
    unseen = {"name": "Post", "project_name": "Digital post", "state": "confirmed"}
    vacant = {"role": "benefit-owner", "unit_name": "Home care", "benefits": 2}
    whole = report(
        without_indicator={"count": 140, "first": [unseen] * 20},
        vacant_owners={"count": 26, "benefits": 52, "first": [vacant] * 25},
    )

    assert said(benefits(whole, ENGLISH)) == ["Not shown here: 120.", "Not shown here: 1."]


def test_a_units_goals_beyond_the_first_are_counted() -> None:
    """G8: those that are met or withdrawn are not asked for."""
    whole = report(
        year=2026,
        change={"quarters": []},
        staff={},
        goals={"with_means": 20, "without_means": 3, "met": 9, "withdrawn": 1, "first": [GOAL] * 20},
    )

    assert said(unit_change(whole, ENGLISH)) == ["Not shown here: 3."]


def test_benefits_beyond_those_that_were_reconciled_are_counted() -> None:
    """E2: also where none of those that were has anything in these years."""
    plan = PlanDocuments(
        plan={"items": []}, indicators=(), reconciled=(), lights={}, units={}, unread_count=17
    )

    assert said(budgets(report(plan), ENGLISH))[-1] == "Benefits whose budgets are not shown here: 17."
    assert len(said(budgets(report(replace(plan, unread_count=0)), ENGLISH))) == 1


def test_actions_of_benefits_that_are_not_shown_are_not_counted_silently() -> None:
    """B8."""
    action = {"name": "Train", "state": "planned", "owner": {"person_id": "kari"}, "is_overdue": False}
    item = {"name": "Post", "actions": [action] * 25}
    plan = PlanDocuments({"items": [item], "next_cursor": "x"}, (), (), {}, {})

    found = said(following(report(plan, gates=NOTHING, conditions=NOTHING), ENGLISH))

    assert found == ["Not shown here: 5.", "Only actions for the first 1 benefits are counted here."]


def test_conditions_and_requirements_of_a_gate_beyond_the_first_are_counted() -> None:
    facts = gate_facts()
    standing = StandingFacts(ConditionFacts("Train", "Olav", date(2026, 2, 1)), "reported")
    whole = replace(facts, standing=(standing,) * 53, requirements=(facts.requirements[0],) * 24)

    found = said(gate_paper(whole, "en").blocks)

    assert "Not shown here: 3." in found
    assert "Not shown here: 4." in found
