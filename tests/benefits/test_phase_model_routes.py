"""An organisation's own phase models, and skipped phases, over HTTP (G1, G5)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.phase_models import PhaseModelListOut, PhaseModelOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.steered import gate, own_model, phase
from tests.benefits.world import World, connection_of, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation


async def proposed(world: World, code: str, *items: str) -> Any:
    body = {
        "gate": code,
        "outcome": "go",
        "reason": "It holds",
        "answers": [{"item": item, "value": "yes"} for item in items],
    }
    return await world.office.post(f"/projects/{world.project_id}/gates", json=body)


async def passed(world: World, code: str, *items: str) -> None:
    answer = await proposed(world, code, *items)
    assert answer.status_code == 201, answer.text
    await world.decided(answer.json()["id"])


async def test_a_project_follows_a_model_of_the_organisations_own(world: World) -> None:
    """G1: phases run several times, and a text that is missing is shown in the model's own language."""
    model = await made(world.office, "/phase-models", own_model())
    english = (await world.office.get("/phase-models/our-model")).json()
    path = f"/projects/{world.project_id}/progress"
    await made(world.office, path, {"phase_model": "our-model"})

    await passed(world, "G1n", "klar")
    again = (await world.office.get(path)).json()
    await passed(world, "G1", "klar", "trygg")
    last = (await world.office.get(path)).json()

    assert PhaseModelOut.model_validate(model).model_dump(mode="json", exclude_none=True) == model
    assert (model["is_own"], model["name"], model["phases"][0]["name"]) == (True, "Our model", "Forst")
    assert english == model
    assert (again["phase"], again["round"]) == ("forst", 2)
    assert (last["phase"], last["gates_ahead"][0]["items"][0]["text"]) == ("siste", "Er det klar?")
    listed = (await world.office.get("/phase-models")).json()
    assert PhaseModelListOut.model_validate(listed)
    assert [one["code"] for one in listed["items"] if one["is_own"]] == ["our-model"]


async def test_a_project_stays_on_its_version_until_it_is_moved(world: World) -> None:
    """G1: a new version is for new projects; moving one is an act of its own."""
    await made(world.office, "/phase-models", own_model())
    path = f"/projects/{world.project_id}/progress"
    await made(world.office, path, {"phase_model": "our-model"})
    one_more = own_model(version="2", phases=[phase("forst", code="G1"), phase("mellom", code="G2")])
    await made(world.office, "/phase-models", one_more)
    stays = (await world.office.get(path)).json()
    change = {"phase_model": "our-model", "version": "2", "reason": "The handbook was revised"}

    manager = world.desk.caller(Role.PROJECT_MANAGER, subject="mia")
    by_manager = await manager.post(f"{path}/phase-model", json=change, headers={"If-Match": '"1"'})
    elsewhere = await world.office.post(
        f"{path}/phase-model", json=change | {"phase": "mellom"}, headers={"If-Match": '"1"'}
    )
    moved = await world.office.post(f"{path}/phase-model", json=change, headers={"If-Match": '"1"'})
    stale = await world.office.post(f"{path}/phase-model", json=change, headers={"If-Match": '"1"'})
    unnamed = await world.office.post(
        f"{path}/phase-model", json={"phase_model": "uk-gates", "reason": "x"}, headers={"If-Match": '"2"'}
    )

    assert stays["phase_model_version"] == "1"
    assert by_manager.status_code == 403
    assert problem(elsewhere)["type"].endswith("#phase-not-kept")
    assert (moved.json()["phase_model_version"], moved.json()["phase"]) == ("2", "forst")
    assert stale.status_code == 412
    assert problem(unnamed)["type"].endswith("#phase-not-named")
    auditor = world.desk.caller(Role.AUDITOR, subject="anna")
    trail = (await auditor.get("/audit?limit=100")).json()["items"]
    [act] = [one for one in trail if one["action"].endswith("phase-model-changed.v1")]
    assert act["before"]["phase_model_version"] == "1"
    assert (act["after"]["phase_model_version"], act["reason"]) == ("2", "The handbook was revised")


async def test_no_project_starts_on_a_retired_version_and_those_on_it_go_on(world: World) -> None:
    """G1."""
    await made(world.office, "/phase-models", own_model())
    path = f"/projects/{world.project_id}/progress"
    await made(world.office, path, {"phase_model": "our-model"})
    retire = {"version": "1", "reason": "Too long"}

    shipped = await world.office.post("/phase-models/uk-gates/retirement", json=retire)
    unknown = await world.office.post("/phase-models/no-such/retirement", json=retire)
    retired = await world.office.post("/phase-models/our-model/retirement", json=retire)
    twice = await world.office.post("/phase-models/our-model/retirement", json=retire)
    late = await world.office.post(f"/projects/{world.other_id}/progress", json={"phase_model": "our-model"})
    await passed(world, "G1", "klar", "trygg")

    assert problem(shipped)["type"].endswith("#phase-model-shipped")
    assert unknown.status_code == 404
    assert "retired_at" in retired.json()
    assert problem(twice)["type"].endswith("#phase-model-retired")
    assert problem(late)["type"].endswith("#phase-model-retired")
    assert (await world.office.get(path)).json()["phase"] == "siste"
    await made(world.office, "/phase-models", own_model(version="2"))
    newest = (await world.office.get("/phase-models/our-model")).json()
    assert newest["version"] == "2"


def _with(place: list[Any], value: Any) -> dict[str, Any]:
    model: Any = own_model()
    part = model
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return dict(model)


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (own_model(names={"en": "Only English"}), "names/nb"),
        (own_model(code="uk-gates"), "code"),
        (own_model(phases=[phase("forst"), phase("forst", code="G2")]), "phases"),
        (own_model(phases=[phase("forst"), phase("siste")]), "phases"),
        (own_model(phases=[phase("forst", repeat_gate=gate("G1", "klar"))]), "phases"),
        (_with(["phases", 0, "gate", "items", 1, "code"], "klar"), "phases/0/gate/items"),
        (
            _with(["phases", 1, "gate", "items", 0, "texts"], {"da": "Er det?"}),
            "phases/1/gate/items/0/texts/nb",
        ),
        (_with(["phases", 0, "repeat_gate", "names"], {"sv": "Port"}), "phases/0/repeat_gate/names/nb"),
    ],
)
async def test_a_model_that_does_not_hold_together_is_refused_with_the_place_at_fault(
    world: World, model: dict[str, Any], place: str
) -> None:
    """G1."""
    answer = await world.office.post("/phase-models", json=model)

    assert answer.status_code == 400, answer.text
    found = problem(answer)
    assert found["type"].endswith("#odd-phase-model")
    assert found["detail"].startswith(f"{place}:")


@pytest.mark.parametrize(
    ("model", "pointer"),
    [
        (own_model(phases=[]), "/body/phases"),
        (own_model(language="fi"), "/body/language"),
        (_with(["phases", 0, "gate", "items"], []), "/body/phases/0/gate/items"),
        (_with(["phases", 0, "colour"], "red"), "/body/phases/0/colour"),
        (_with(["phases", 0, "names"], "Forst"), "/body/phases/0/names"),
        (_with(["phases", 0, "code"], "Første fase"), "/body/phases/0/code"),
        (own_model(names={"nb": " \u0007"}), "/body/names/nb"),
    ],
)
async def test_a_malformed_model_is_refused_with_a_pointer(
    world: World, model: dict[str, Any], pointer: str
) -> None:
    answer = await world.office.post("/phase-models", json=model)

    assert answer.status_code == 400, answer.text
    assert pointer in [one["pointer"] for one in problem(answer)["errors"]]


async def test_a_version_is_written_once_and_seen_by_its_organisation_only(world: World) -> None:
    await made(world.office, "/phase-models", own_model())
    stranger = world.desk.caller(*EVERYONE, subject="per", organisation=new_organisation())

    twice = await world.office.post("/phase-models", json=own_model())

    assert twice.status_code == 409
    assert (await stranger.get("/phase-models/our-model")).status_code == 404
    assert len((await stranger.get("/phase-models")).json()["items"]) == 5
    async with connection_of(world.desk) as connection:
        assert (
            await connection.fetchval("SELECT has_table_privilege('phase_model', 'UPDATE, DELETE')") is False
        )


async def test_each_of_several_skipped_phases_brings_its_mandatory_items_along(world: World) -> None:
    """G5: over HTTP, two phases in a row; and stepping back to one of them asks for it again."""
    phases = [
        phase("en", code="G1", gate=gate("G1", "first")),
        phase("to", code="G2", gate=gate("G2", "second"), may_be_skipped=True),
        phase("tre", code="G3", gate=gate("G3", "third"), may_be_skipped=True),
        phase("fire", code="G4", gate=gate("G4", "fourth")),
    ]
    await made(world.office, "/phase-models", own_model(phases=phases))
    path = f"/projects/{world.project_id}/progress"
    await made(world.office, path, {"phase_model": "our-model"})
    for number, code in enumerate(("to", "tre"), start=1):
        skipped = await world.office.post(
            f"{path}/skipped-phases",
            json={"phase": code, "reason": "Covered elsewhere"},
            headers={"If-Match": f'"{number}"'},
        )
        assert skipped.status_code == 200
    await passed(world, "G1", "first")

    there = (await world.office.get(path)).json()
    open_items = await proposed(world, "G4", "fourth", "second")
    whole = await proposed(world, "G4", "second", "third", "fourth")
    await made(
        world.board,
        f"/gates/{whole.json()['id']}/decision",
        {"outcome": "step-back", "reason": "Not yet", "step_back_to": "to"},
    )
    back = (await world.office.get(path)).json()
    await passed(world, "G2", "second")
    ahead = (await world.office.get(path)).json()

    assert there["phase"] == "fire"
    asked = [item["code"] for item in there["gates_ahead"][0]["items"]]
    assert asked == ["second", "third", "fourth"]
    assert problem(open_items)["detail"].endswith(": third.")
    assert (back["phase"], back["skipped_phases"]) == ("to", ["tre"])
    assert ahead["phase"] == "fire"
    assert [item["code"] for item in ahead["gates_ahead"][0]["items"]] == ["third", "fourth"]


async def test_the_items_of_a_last_phase_that_is_skipped_are_asked_at_the_gate_that_closes(
    world: World,
) -> None:
    """G5: what no later gate would ask is not lost; a repeated phase is not asked for it."""
    phases = [
        phase("en", code="G1", gate=gate("G1", "first"), repeat_gate=gate("G1n", "again")),
        phase("to", code="G2", gate=gate("G2", "second"), may_be_skipped=True),
    ]
    await made(world.office, "/phase-models", own_model(phases=phases))
    path = f"/projects/{world.project_id}/progress"
    await made(world.office, path, {"phase_model": "our-model"})
    await world.office.post(
        f"{path}/skipped-phases",
        json={"phase": "to", "reason": "Covered elsewhere"},
        headers={"If-Match": '"1"'},
    )

    await passed(world, "G1n", "again")
    lacking = await proposed(world, "G1", "first")
    await passed(world, "G1", "first", "second")

    assert problem(lacking)["detail"].endswith(": second.")
    assert (await world.office.get(path)).json()["state"] == "closed"
