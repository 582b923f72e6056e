"""G1: the shipped phase models, and documents that are refused."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from gevinst_benefits.domain.gates.phase_models import LANGUAGES, OddPhaseModel, parse_phase_model
from tests.benefits.plans import SHIPPED, shipped

PHASES = {
    "prosjektveiviseren": ["Idé", "Konsept", "Planlegge", "Gjennomføre", "Avslutte", "Realisere"],
    "statens-it-projektmodel-2018": ["Idé", "Analyse", "Gennemførelse", "Realisering"],
    "statens-it-projektmodel-2011": ["Idé", "Analyse", "Anskaffelse", "Gennemførelse", "Realisering"],
    "ks-veikart": [
        "Forankring",
        "Innsikt",
        "Tjenesteutvikling",
        "Pilotering",
        "Overgang til drift",
        "Ny praksis",
    ],
    "uk-gates": ["Strategy", "Justification", "Delivery strategy", "Sourcing", "Delivery", "Operation"],
}


def test_five_models_are_shipped_with_their_phases() -> None:
    assert {name: [phase.name for phase in shipped(name).phases] for name in SHIPPED} == PHASES


def test_prosjektveiviseren_has_bp1_to_bp6_and_repeats_execution() -> None:
    phases = shipped("prosjektveiviseren").phases

    assert [phase.gate.code for phase in phases] == ["BP1", "BP2", "BP3", "BP4", "BP5", "BP6"]
    assert [phase.code for phase in phases if phase.repeat_gate] == ["gjennomfore"]


def test_only_the_danish_procurement_of_2011_may_be_skipped() -> None:
    skippable = [(name, p.code) for name in SHIPPED for p in shipped(name).phases if p.may_be_skipped]

    assert skippable == [("statens-it-projektmodel-2011", "anskaffelse")]


def test_the_uk_gates_are_numbered_from_0_to_5() -> None:
    assert [phase.gate.code for phase in shipped("uk-gates").phases] == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", sorted(PHASES))
def test_a_gate_asks_three_to_eight_things_and_some_of_them_are_mandatory(name: str) -> None:
    for phase in shipped(name).phases:
        for gate in (phase.gate, phase.repeat_gate):
            assert gate is None or 3 <= len(gate.items) <= 8
            assert gate is None or any(item.is_mandatory for item in gate.items)


def test_an_item_of_one_code_says_the_same_everywhere() -> None:
    texts: dict[str, set[tuple[str, ...]]] = {}
    for name in SHIPPED:
        for phase in shipped(name).phases:
            for gate in (phase.gate, phase.repeat_gate):
                for item in gate.items if gate else ():
                    texts.setdefault(item.code, set()).add(tuple(item.texts[x] for x in LANGUAGES))

    assert [code for code, versions in texts.items() if len(versions) > 1] == []


def test_code_and_version_identify_a_model() -> None:
    identities = [(shipped(name).code, shipped(name).version) for name in SHIPPED]

    assert len(set(identities)) == len(identities)


def _drop_language(model: dict[str, Any]) -> None:
    del model["phases"][0]["gate"]["items"][0]["texts"]["nn"]


def _repeat_phase(model: dict[str, Any]) -> None:
    model["phases"][1]["code"] = model["phases"][0]["code"]


def _repeat_gate_code(model: dict[str, Any]) -> None:
    model["phases"][1]["gate"]["code"] = "BP1"


def _repeat_item(model: dict[str, Any]) -> None:
    items = model["phases"][0]["gate"]["items"]
    items.append(items[0])


def _empty(model: dict[str, Any]) -> None:
    model["phases"] = []


def _no_gate(model: dict[str, Any]) -> None:
    del model["phases"][2]["gate"]


def _odd_flag(model: dict[str, Any]) -> None:
    model["phases"][0]["gate"]["items"][0]["is_mandatory"] = "yes"


def _odd_source(model: dict[str, Any]) -> None:
    model["sources"] = [7]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (_drop_language, "phases/0/gate/items/0/texts/nn"),
        (_repeat_phase, "phases"),
        (_repeat_gate_code, "phases"),
        (_repeat_item, "phases/0/gate/items"),
        (_empty, "phases"),
        (_no_gate, "phases/2/gate"),
        (_odd_flag, "phases/0/gate/items/0/is_mandatory"),
        (_odd_source, "sources"),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused_at_its_place(
    spoil: Callable[[dict[str, Any]], None], place: str
) -> None:
    document = copy.deepcopy(SHIPPED["prosjektveiviseren"])
    spoil(document)

    with pytest.raises(OddPhaseModel) as refused:
        parse_phase_model(document)

    assert refused.value.values["place"] == place
