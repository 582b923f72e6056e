"""The gate paper over HTTP: what was frozen, as PDF and DOCX, in the reader's language (G4, C7, B6)."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest
from docx import Document

from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.benefits.living_cases import ranged
from tests.benefits.paper_facts import HOSTILE
from tests.benefits.plans import shipped
from tests.benefits.steered import condition_set
from tests.benefits.world import MODEL, World, made
from tests.support import office
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation
from tests.support.paper_reading import docx_text, lost, pdf_text
from tests.support.tagged_pdf import faults

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SOON = (utc_now() + timedelta(days=60)).date().isoformat()
# What stands in the paper of the gate below, by language: a section, the case's value, and the time saved.
SAID = {
    "nb": ("Hvor tallene kommer fra", "−16 834 kr", "1 200,5 timer"),
    "nn": ("Kvar tala kjem frå", "−16 834 kr", "1 200,5 timer"),
    "da": ("Hvor tallene kommer fra", "−16.834 NOK", "1.200,5 timer"),
    "sv": ("Varifrån siffrorna kommer", "−16 834 Nkr", "1 200,5 timer"),
    "en": ("Where the figures come from", "−NOK 16,834", "1,200.5 timer"),
}


async def second_gate(world: World, **members: Any) -> dict[str, Any]:
    """A gate put after another was decided: the case became dearer, and the plan has two benefits."""
    await world.started()
    cases = f"/projects/{world.project_id}/business-cases"
    cost, gain = (await made(world.office, cases, world.case(lines=_lines(world, "100000.00"))))["lines"]
    await world.decided((await world.proposed())["id"])
    dearer = {**cost, "amounts": {"pattern": "yearly", "amounts": ["130000.00"]}}
    await made(world.office, cases, world.case(lines=[dearer, gain]))
    estimate = {"ledger": "time", "amount_per_year": "1200.5", "unit_of_measure": "timer"}
    await world.planned(name="Kortere køer på øya", estimate=estimate)
    cash = {"amount": "60000.00", "currency": "NOK", "price_year": 2026}
    await world.planned(
        name="Mindre porto", mode="budget-reduction", estimate={"ledger": "money", "money_per_year": cash}
    )
    return await world.proposed(gate="BP2", decide_by=SOON, **members)


async def paper(world: World, gate: dict[str, Any], **headers: str) -> httpx.Response:
    answer = await world.office.get(f"/gates/{gate['id']}/paper", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("language", SAID)
async def test_the_paper_speaks_the_readers_language_in_both_forms(world: World, language: str) -> None:
    gate = await second_gate(world)

    printed = await paper(world, gate, **{"Accept": PDF, "Accept-Language": language})
    written = await paper(world, gate, **{"Accept": DOCX, "Accept-Language": language})

    for answer, text in ((printed, pdf_text(printed.content)), (written, docx_text(written.content))):
        assert answer.headers["content-language"] == language
        for said in (*SAID[language], gate["basis_sha256"], "Kortere køer på øya", "Digital post"):
            assert said in text, (said, text)
    assert (printed.headers["content-type"], written.headers["content-type"]) == (PDF, DOCX)
    assert faults(printed.content, language) == []
    assert len(pypdf.PdfReader(io.BytesIO(printed.content)).pages) in range(2, 5)


@pytest.mark.slow
async def test_libreoffice_prints_all_of_it_in_every_language(world: World, tmp_path: Path) -> None:
    gate = await second_gate(world)
    written = {
        language: (await paper(world, gate, **{"Accept": DOCX, "Accept-Language": language})).content
        for language in SAID
    }

    printed = office.printed_together(written, tmp_path)

    assert [lost(written[one], printed[one]) for one in SAID] == [[]] * 5


async def test_the_figures_of_the_paper_are_those_of_the_api(world: World) -> None:
    """G4: what changed since the gate before, part by part, and the frozen figures."""
    gate = await second_gate(world)
    frozen = json.loads((await world.office.get(f"/gates/{gate['id']}/basis")).json()["canonical"])

    text = pdf_text((await paper(world, gate)).content)

    assert frozen["business_case"]["net_present_value"] == "-16834.32"
    assert "Net present value 13,166 −16,834 −30,000" in text
    assert "Licences changed 100,000 130,000 −30,000" in text
    assert "2026 130,000 0 −130,000 −130,000" in text
    assert "2027 0 60,000 60,000 −70,000" in text
    assert "Not paid back by 2028" in text
    assert "NOK 60,000 (2026 prices)" in text


async def test_the_paper_says_how_sure_the_value_is_and_how_conditions_stand(world: World) -> None:
    """C5, G7: as the simulation of the case shows it, and as it stood when the gate was proposed."""
    asked = await condition_set(world, world.project_id)
    saved = ranged("saved", "600", "200", "800", "NOK/year")
    gain = world.gain(amounts={"pattern": "recurring", "amount_per_year": "saved"})
    body = world.case(lines=[world.cost(), gain], assumptions=[saved])
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", body)
    gate = await world.proposed(gate="BP2")

    text = pdf_text((await paper(world, gate)).content)

    shown = (await world.office.get(f"/business-cases/{case['id']}/simulation")).json()
    above = Decimal(shown["probability_above_zero"]["value"])
    assert f"Probability of a value above zero {above * 100:.0f} %" in text
    assert "(10,000 draws)" in text
    rate = Decimal(case["results"]["appraisal"]["internal_rate_of_return"])
    assert f"Internal rate of return {rate * 100:.1f} %" in text
    assert f"{asked['text']} Olav" in text
    assert "Conditions of earlier gates (1)" in text


async def test_without_ranges_or_a_rate_the_paper_says_so(world: World) -> None:
    """B6, C5: missing is not zero, and no rate is better than a wrong one."""
    await world.started()
    lines = [world.cost()]
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case(lines=lines))

    text = pdf_text((await paper(world, await world.proposed())).content)

    assert "None: all amounts go one way" in text
    assert "No assumption has a range" in text
    assert "Paid back from, discounted Not paid back by 2028" in text


async def test_open_mandatory_items_stand_first(world: World) -> None:
    """G5."""
    items = {item.code: item for item in shipped(MODEL).phases[1].gate.items}
    mandatory = [item for item in items.values() if item.is_mandatory]
    last = mandatory[-1]
    answers = [{"item": one.code, "value": "yes"} for one in items.values() if one is not last]
    gate = await second_gate(world, outcome="rework", answers=answers)

    written = await paper(world, gate, **{"Accept": DOCX, "Accept-Language": "nb"})

    table = Document(io.BytesIO(written.content)).tables[-2]
    assert [cell.text for cell in table.rows[1].cells] == [last.texts["nb"], "ja", "ikke besvart", "–"]
    assert f"Åpne obligatoriske punkter: 1 av {len(mandatory)}." in docx_text(written.content)


async def test_conditions_and_the_decision_stand_in_the_paper_when_there_are_any(world: World) -> None:
    """G2, G7."""
    condition = {"text": "Train the counters", "owner_id": str(world.owner_id), "deadline": SOON}
    gate = await second_gate(world, outcome="go-with-conditions", conditions=[condition])
    asked = pdf_text((await paper(world, gate)).content)
    await world.decided(gate["id"], "pause", case_number="2026/77", reason="No money before the summer")

    decided = pdf_text((await paper(world, gate)).content)

    assert "Train the counters Olav" in asked
    assert "Not yet decided" in asked
    assert "No money" not in asked
    assert "Case number 2026/77" in decided
    assert "Decision Pause" in decided
    assert "No money before the summer" in decided


async def test_a_project_without_case_or_plan_has_missing_figures_not_zero(world: World) -> None:
    """B6."""
    await world.started()
    gate = await world.proposed()

    text = pdf_text((await paper(world, gate)).content)

    assert "The project has no business case. Its costs, benefits and net present value are missing" in text
    assert "The plan has no benefits." in text
    assert "No gate of this project was decided before" in text
    assert "NOK" not in text.partition("What is required")[0]


async def test_the_same_input_gives_the_same_bytes_and_tag(world: World) -> None:
    gate = await second_gate(world)

    for media in (PDF, DOCX):
        first, second = [await paper(world, gate, Accept=media) for _ in range(2)]
        other = await paper(world, gate, **{"Accept": media, "Accept-Language": "nn"})
        assert first.content == second.content
        assert first.headers["etag"] == second.headers["etag"] != other.headers["etag"]
        assert first.headers["vary"] == "Accept, Accept-Language"


async def test_a_paper_that_the_caller_has_is_not_written_again(world: World) -> None:
    gate = await second_gate(world)
    tag = (await paper(world, gate)).headers["etag"]

    known = await world.office.get(f"/gates/{gate['id']}/paper", headers={"If-None-Match": f'"x", {tag}'})
    stale = await world.office.get(f"/gates/{gate['id']}/paper", headers={"If-None-Match": '"x"'})

    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    assert stale.status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, PDF),
        ("*/*", PDF),
        ("application/*", PDF),
        (f"{PDF};q=0.5, {DOCX}", DOCX),
        (f"text/html, {DOCX};q=0.1", DOCX),
        (f"{PDF};q=0, */*", DOCX),
        (DOCX.upper(), DOCX),
        ("application/octet-stream", "application/octet-stream"),
    ],
)
async def test_accept_chooses_the_form(world: World, accept: str | None, media: str) -> None:
    await world.started()
    gate = await world.proposed()

    answer = await paper(world, gate, **({} if accept is None else {"Accept": accept}))

    assert answer.headers["content-type"] == media


@pytest.mark.parametrize(
    "accept", ["text/html", "image/png, application/json", f"{PDF};q=0", "x", ";;,=", "*"]
)
async def test_another_form_is_refused_with_what_there_is(world: World, accept: str) -> None:
    await world.started()
    gate = await world.proposed()

    answer = await world.office.get(
        f"/gates/{gate['id']}/paper", headers={"Accept": accept, "Accept-Language": "nb"}
    )

    assert answer.status_code == 406
    assert problem(answer)["type"].endswith("#representation-not-offered")
    assert PDF in problem(answer)["detail"]
    assert DOCX in problem(answer)["detail"]


async def test_the_file_is_named_after_the_gate_and_the_project(world: World) -> None:
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        name='Bedre "kø" / Ærø\\..',
        portfolio_id=world.portfolio_id,
    )
    await world.started()
    gate = await world.proposed()

    answer = await paper(world, gate, **{"Accept-Language": "nb"})

    disposition = answer.headers["content-disposition"]
    assert disposition == (
        'attachment; filename="Beslutningsgrunnlag-BP1-Bedre-k_-_r_.pdf"; '
        "filename*=UTF-8''Beslutningsgrunnlag-BP1-Bedre-k%C3%B8-%C3%86r%C3%B8.pdf"
    )


@pytest.mark.parametrize("media", [PDF, DOCX])
async def test_what_users_write_is_text_and_nothing_else(world: World, media: str) -> None:
    """Names as the feed brings them; what the API itself takes has no control characters."""
    name = " ".join(HOSTILE).replace("\0", "")
    await world.tell(
        "project-changed", project_id=world.project_id, name=name, portfolio_id=world.portfolio_id
    )
    typed = "".join(one for one in " ".join(HOSTILE) if one.isprintable())[:200]
    gate = await second_gate(world, reason=f"{typed}\n#panic()")
    await world.planned(name=typed)

    answer = await paper(world, gate, Accept=media)

    text = pdf_text(answer.content) if media == PDF else docx_text(answer.content)
    for said in (
        '#import "x"',
        '"); #panic(1)',
        "<w:br/>&amp;",
        "$x^2$ *b* _i_ @ref <label> // ```",
        "#panic()",
    ):
        assert said in text


async def test_the_paper_is_for_those_who_see_the_gate(world: World, benefits: Desk) -> None:
    await world.started()
    gate = await world.proposed()
    elsewhere = benefits.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    path = f"/gates/{gate['id']}/paper"

    foreign = await elsewhere.get(path)
    nobody = await benefits.with_headers().get(path)
    roleless = await benefits.caller(subject="per").get(path)

    assert (foreign.status_code, nobody.status_code, roleless.status_code) == (404, 401, 403)
    assert (await world.office.get(f"{path}?language=nb")).status_code == 400


def _lines(world: World, cost: str) -> list[dict[str, Any]]:
    gain = {"pattern": "recurring", "amount_per_year": "60000.00"}
    return [world.cost(amounts={"pattern": "yearly", "amounts": [cost]}), world.gain(amounts=gain)]
