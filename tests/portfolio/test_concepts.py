"""What concepts mean for planning, and how they are compared (P9)."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.concept_comparison import compared
from gevinst_portfolio.domain.concepts import Concept, ConceptState, alternatives, figures_with
from gevinst_portfolio.domain.project_profiles import ProjectFigures, duration_in_quarters
from gevinst_portfolio.domain.projects import ProjectStatus

PROJECT = UUID(int=99)
ZERO = Concept(UUID(int=1), PROJECT, "Zero", True, ConceptState.CONSIDERED, cost_minor=0, benefit_minor=0)
figure = st.none() | st.integers(0, 20)


def concept(number: int, cost: int | None, benefit: int | None) -> Concept:
    return Concept(
        UUID(int=number),
        PROJECT,
        f"C{number}",
        False,
        ConceptState.CONSIDERED,
        cost_minor=cost,
        benefit_minor=benefit,
    )


@given(st.lists(st.tuples(figure, figure), max_size=6))
def test_p9_nobody_dominates_in_a_circle_and_what_is_unknown_is_not_compared(
    figures: list[tuple[int | None, int | None]],
) -> None:
    others = [concept(number, *pair) for number, pair in enumerate(figures, start=2)]

    found = {one.concept.id: one for one in compared([*others, ZERO])}

    assert next(iter(found)) == ZERO.id
    for one in found.values():
        is_unknown = one.concept.cost_minor is None or one.concept.benefit_minor is None
        assert not (is_unknown and one.dominated_by)
        assert all(one.concept.id not in found[other].dominated_by for other in one.dominated_by)


def test_the_project_takes_the_concepts_figures_and_length() -> None:
    """Check: 4 quarters from 2027-02-01 end on 2027-12-31."""
    project = ProjectFigures(PROJECT, "Post", ProjectStatus.PROPOSED, start=date(2027, 2, 1), cost_minor=7)
    bought = Concept(UUID(int=2), PROJECT, "Buy", False, ConceptState.CONSIDERED, cost_minor=5, quarters=4)

    found = figures_with(project, bought)

    assert (found.name, found.cost_minor, found.end) == ("Post: Buy", 5, date(2027, 12, 31))
    assert duration_in_quarters(found) == 4


def test_a_concept_that_says_how_long_needs_no_days() -> None:
    project = ProjectFigures(PROJECT, "Post", ProjectStatus.PROPOSED)
    bought = Concept(UUID(int=2), PROJECT, "Buy", False, ConceptState.CONSIDERED, quarters=3)

    assert duration_in_quarters(figures_with(project, bought)) == 3


def test_p9_leaving_a_project_out_is_its_zero_alternative() -> None:
    """So the zero alternative is never among those that can be planned."""
    withdrawn = Concept(UUID(int=3), PROJECT, "Old", False, ConceptState.WITHDRAWN)
    chosen = Concept(UUID(int=4), PROJECT, "Chosen", False, ConceptState.CHOSEN)
    bought = concept(2, 1, 1)

    assert alternatives([ZERO, bought, withdrawn]) == (bought,)
    assert alternatives([ZERO, bought, chosen]) == ()
