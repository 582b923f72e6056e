"""What a gate paper takes from an organisation: its checklist's words and its thresholds (G1, G5, G11)."""

import json
from typing import Any

import pytest

from gevinst_benefits.schemas.progress import ProgressOut
from tests.benefits.steered import own_model, phase
from tests.benefits.world import World, made
from tests.support.paper_reading import docx_text, pdf_text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Json = dict[str, Any]


def item(code: str, nb: str, *, is_mandatory: bool = True, **texts: str) -> Json:
    return {"code": code, "is_mandatory": is_mandatory, "texts": {"nb": nb, **texts}}


def worded(version: str = "1", **members: Any) -> Json:
    """A model whose first gate asks in words that no shipped model has."""
    gate = {
        "code": "G1",
        "names": {"nb": "Port én: er vi der?", "en": "Gate one: are we there?"},
        "items": [
            item("heimebuande", "Har rådmannen spurt de hjemmeboende?", en="Were those at home asked?"),
            item("vaktmester", "Er vaktmesteren med på laget?", is_mandatory=False),
        ],
    }
    phases = [phase("forst", gate=gate), phase("siste", code="G2")]
    return own_model(version=version, phases=phases, **members)


async def proposed(world: World) -> Json:
    answers = [
        {"item": "heimebuande", "value": "yes"},
        {"item": "vaktmester", "value": "not-relevant", "reason": "Bygget er leid"},
    ]
    body = {"gate": "G1", "outcome": "go", "reason": "It holds", "answers": answers}
    return await made(world.office, f"/projects/{world.project_id}/gates", body)


async def paper(world: World, gate: Json, language: str, media: str = "application/pdf") -> str:
    headers = {"Accept": media, "Accept-Language": language}
    answer = await world.office.get(f"/gates/{gate['id']}/paper", headers=headers)
    assert answer.status_code == 200, answer.text
    return docx_text(answer.content) if media == DOCX else pdf_text(answer.content)


async def following(world: World) -> None:
    await made(world.office, "/phase-models", worded())
    await made(world.office, f"/projects/{world.project_id}/progress", {"phase_model": "our-model"})


@pytest.mark.parametrize(
    ("language", "name", "asked"),
    [
        ("nb", "Port én: er vi der?", "Har rådmannen spurt de hjemmeboende?"),
        ("en", "Gate one: are we there?", "Were those at home asked?"),
        # What was not written in Swedish is told in the model's own language.
        ("sv", "Port én: er vi der?", "Har rådmannen spurt de hjemmeboende?"),
    ],
)
async def test_the_api_and_the_paper_ask_in_the_organisations_own_words(
    world: World, language: str, name: str, asked: str
) -> None:
    """G1, G5: word by word, in the reader's language where the organisation wrote it."""
    await following(world)
    path, told = f"/projects/{world.project_id}/progress", {"Accept-Language": language}
    ahead = (await world.office.get(path, headers=told)).json()["gates_ahead"][0]
    model = (await world.office.get("/phase-models/our-model", headers=told)).json()
    gate = await proposed(world)

    printed = await paper(world, gate, language)
    written = await paper(world, gate, language, DOCX)

    assert ProgressOut.model_validate((await world.office.get(path)).json())
    for said in (ahead, model["phases"][0]["gate"]):
        assert (said["name"], [one["text"] for one in said["items"]]) == (
            name,
            [asked, "Er vaktmesteren med på laget?"],
        )
    for text in (printed, written):
        for said in (name, asked, "Er vaktmesteren med på laget?", "Bygget er leid"):
            assert said in text, (said, text)


async def test_a_papers_words_stay_those_of_the_version_that_it_was_proposed_in(world: World) -> None:
    """G4: the next version asks otherwise, and the project has moved to it."""
    await following(world)
    gate = await proposed(world)
    await world.decided(gate["id"])
    before = await paper(world, gate, "nb")
    other = own_model(version="2", phases=[phase("forst", code="G1"), phase("siste", code="G2")])
    await made(world.office, "/phase-models", other)
    change = {"phase_model": "our-model", "version": "2", "reason": "The handbook was revised"}
    path = f"/projects/{world.project_id}/progress"
    seen = (await world.office.get(path)).headers["etag"]
    moved = await world.office.post(f"{path}/phase-model", json=change, headers={"If-Match": seen})

    assert moved.status_code == 200, moved.text
    assert "Har rådmannen spurt de hjemmeboende?" in before
    assert await paper(world, gate, "nb") == before


async def test_what_was_required_is_frozen_with_the_gate_and_stands_in_its_paper(world: World) -> None:
    """G11, G4: with limit, source and day; what is demanded later changes no paper that is there."""
    await world.started()
    cost = world.cost(amounts={"pattern": "yearly", "amounts": ["320000000.00"]})
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case(lines=[cost]))
    council = {
        "code": "our-council",
        "name": "Kommunestyret avgjør",
        "amount": "20000000.00",
        "currency": "NOK",
        "source": "Council 12/2026",
        "valid_from": "2020-01-01",
    }
    await made(world.office, "/thresholds", council)
    first = await world.proposed()
    before = await paper(world, first, "en", DOCX)
    await world.decided(first["id"])

    reason = "We are a municipality; the rule binds the state"
    exemption = {"threshold": "no-quality-assurance", "reason": reason, "valid_from": "2020-01-01"}
    await made(world.office, "/threshold-exemptions", exemption)
    second = await world.proposed(gate="BP2")
    after = await paper(world, second, "en", DOCX)

    frozen = json.loads((await world.office.get(f"/gates/{first['id']}/basis")).json()["canonical"])
    found = {one["id"]: one for one in frozen["requirements"]}
    assert frozen["business_case"]["investment"] == "320000000"
    assert {code: one["verdict"] for code, one in found.items()} == {
        "no-quality-assurance": "applies",
        "our-council": "applies",
    }
    ours = found["our-council"]
    assert (ours["source"], ours["valid_from"]) == ("Council 12/2026", "2020-01-01")
    for said in (
        "investments come to NOK 320,000,000 (2026 prices)",
        "concept, steering basis and cost estimate above NOK 300,000,000 applies",
        "limit is on the cost frame (P85); in force since 21 September 2019",
        "Kommunestyret avgjør from NOK 20,000,000 applies Council 12/2026; in force since 1 January 2020",
    ):
        assert said in before, (said, before)
    assert "not bound by it" not in before
    assert f"not bound by it: {reason}" in after
    assert "not bound by it" not in await paper(world, first, "en", DOCX)
    assert {one["part"] for one in second["difference"]["parts"]} >= {"requirements"}
