"""Every code of a list has a word in the papers of meetings, in five languages."""

import pytest

from gevinst_portfolio.domain.capacity import ResourceKind
from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.meetings import ItemKind, MeetingState
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.scenario_candidates import ForcedBy
from gevinst_portfolio.domain.scenario_worth import ValueChoice
from gevinst_shared.papers.wording import LANGUAGES, read_sentences

LISTS = {
    "meeting": [*MeetingState],
    "item": [*ItemKind],
    "decision": [*DecisionKind],
    "effect": [*Effect],
    "status": [*ProjectStatus],
    "cost-kind": [*CostKind],
    "resource": [*ResourceKind],
    "value": [*ValueChoice],
    "forced": [*ForcedBy],
}
TERMS = {f"{name}.{code}" for name, codes in LISTS.items() for code in codes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_list_has_a_word_and_no_word_is_of_a_code_that_is_gone(language: str) -> None:
    known = read_sentences("gevinst_portfolio", language).keys()

    assert {one for one in known if "." in one} == TERMS
