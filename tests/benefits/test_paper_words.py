"""Every code of a list has a word in the service's papers, in five languages."""

import pytest

from gevinst_benefits.domain.case.business_case import MixedPriceYears
from gevinst_benefits.domain.case.case_difference import Change, MixedCurrencies
from gevinst_benefits.domain.case.rates_of_return import NoRate
from gevinst_benefits.domain.gates.checklists import AnswerValue
from gevinst_benefits.domain.gates.conditions import ConditionState
from gevinst_benefits.domain.gates.gates import Outcome
from gevinst_benefits.domain.gates.thresholds import Verdict
from gevinst_benefits.domain.measuring.indicators import IndicatorState
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.money.reconciliation import Gap
from gevinst_benefits.domain.monthly_reports import Area, MeasureState
from gevinst_benefits.domain.plan.benefit_plan import Flag
from gevinst_benefits.domain.plan.benefits import KINDS, BenefitState, Ledger, RealisationMode
from gevinst_benefits.store.overview_scopes import ScopeKind
from gevinst_shared.papers.wording import LANGUAGES, read_sentences
from gevinst_shared.values.actor import EVERYONE

LISTS = {
    "outcome": [*Outcome],
    "state": [*BenefitState],
    "mode": [*RealisationMode],
    "line": [*Change],
    "answer": [*AnswerValue, "none"],
    "role": [*EVERYONE],
    "no-rate": [*NoRate],
    "condition": [*ConditionState],
    "verdict": [*Verdict],
    "why": [MixedCurrencies.code, MixedPriceYears.code],
    "light": [*Colour],
    "area": [*Area],
    "measure": [*MeasureState],
    "scope": [one for one in ScopeKind if one is not ScopeKind.ORGANISATION],
    "kind": [*KINDS],
    "sign": [*IndicatorState],
    "gap": [*Gap],
    "flag": [*Flag],
}
TERMS = {f"{name}.{code}" for name, codes in LISTS.items() for code in codes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_list_has_a_word_and_no_word_is_of_a_code_that_is_gone(language: str) -> None:
    known = read_sentences("gevinst_benefits", language).keys()

    assert {one for one in known if "." in one} == TERMS
    assert {f"ledger-{ledger}" for ledger in Ledger} <= known
