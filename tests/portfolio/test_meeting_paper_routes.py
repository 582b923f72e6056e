"""The paper of a meeting: the plans' figures before it, the decisions after it, in five languages (P8)."""

from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from gevinst_portfolio.routes.analysis_sentences import Saying
from gevinst_shared.papers.amounts import money
from gevinst_shared.papers.wording import LANGUAGES, Words
from gevinst_shared.values.actor import Role
from tests.portfolio.boards import BASIS, board_of, post, rule, ruled
from tests.portfolio.planned import open_world, plan_of, propose, publish, read, solved
from tests.portfolio.test_meetings_routes import called, item, meeting
from tests.portfolio.world import World, make_world
from tests.support import office
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation
from tests.support.paper_reading import docx_text, lost, pdf_text, tags
from tests.support.tagged_pdf import faults

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def paper(world: World, meeting_id: str, media: str = DOCX, language: str = "en") -> httpx.Response:
    headers = {"Accept": media, "Accept-Language": language}
    answer = await world.office.get(f"/meetings/{meeting_id}/paper", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def told(world: World, meeting_id: str, language: str = "en") -> str:
    return docx_text((await paper(world, meeting_id, DOCX, language)).content)


async def with_scenario(world: World) -> tuple[str, str]:
    """A meeting that was called to decide from a scenario whose money cannot carry all; both ids."""
    for name in ("Archive", "Booking", "Counter"):
        await propose(world, name)
    scenario = await solved(world)
    await publish(world, scenario["id"])
    found, _ = await called(
        world,
        kind="scenario",
        name="Plan for 2027",
        scenario_id=scenario["id"],
        proposed_decision="Decide as the plan says.",
    )
    return found["id"], scenario["id"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_scenario_stands_with_the_figures_of_its_plan_and_comparison(
    world: World, language: str
) -> None:
    """P7: what goes in, what is left out and why, money by year; in the reader's language."""
    meeting_id, scenario_id = await with_scenario(world)
    plan = await plan_of(world, scenario_id)
    compared = await read(world.office, f"/scenarios/{scenario_id}/comparison")

    printed = await paper(world, meeting_id, PDF, language)
    text = await told(world, meeting_id, language)

    words = Words(language, "gevinst_portfolio")
    costs, benefits = (
        money(words, Decimal(plan[name]["amount"]), "NOK") for name in ("total_cost", "total_benefit")
    )
    assert plan["left_out"]
    assert len(compared["leaves"]) == len(plan["selected"]) > 0
    said = [
        f"{words.say('total-cost')} {costs}",
        f"{words.say('total-benefit')} {benefits}",
        words.say("left-out-table", count=len(plan["left_out"])),
        words.say("in-table", count=len(compared["leaves"])),
        *(f"{one['project_name']} {one['start']}" for one in compared["leaves"]),
        *(
            f"{one['project_name']} {Saying(language).obstacles(one['obstacles'])}"
            for one in plan["left_out"]
            if one["obstacles"]
        ),
    ]
    for one in said:
        assert one.replace("\u00a0", " ") in text, (one, text)
    assert said[0].replace("\u00a0", " ") in pdf_text(printed.content)
    assert faults(printed.content, language) == []
    kinds = [element["/S"] for element in tags(printed.content)]
    assert kinds.count("/H1") >= 4
    assert kinds.count("/Table") == kinds.count("/THead") >= 4


async def test_before_the_meeting_it_is_a_paper_and_afterwards_a_record(world: World) -> None:
    meeting_id, scenario_id = await with_scenario(world)
    before = await told(world, meeting_id)
    (only,) = (await read(world.office, f"/meetings/{meeting_id}/agenda-items"))["items"]
    basis = {**BASIS, "agenda_item_id": only["id"], "reasons": "The most for the money."}
    decision = await board_of(world).post(f"/scenarios/{scenario_id}/decisions", json=basis)
    assert decision.status_code == 201, decision.text
    attended = {"attended_ids": [], "minutes": "All agreed but one."}
    held = await post(world.office, f"/meetings/{meeting_id}/attendance", attended, revision=2)
    assert held.status_code == 200, held.text
    draft = await told(world, meeting_id)
    await post(world.office, f"/meetings/{meeting_id}/minutes", {"minutes": "All agreed."}, revision=3)

    record = await told(world, meeting_id)

    assert "Board paper: March, 1 March 2027" in before
    assert "Where Room 3" in before
    assert "1 March 2027, 09:00" in before
    assert "Decide as the plan says." in before
    assert "Record of the meeting" not in before
    assert "A draft that is not approved. All agreed but one." in draft
    for said in (
        "Record of the meeting: March, 1 March 2027",
        "decided from a scenario, case 2026/12",
        "Decided by Kari Nordmann",
        "Reasons The most for the money.",
        "approved 1 January 2027",
        "Projects that the decision left out",
        "Approved, recorded by",
        "All agreed.",
    ):
        assert said in record, (said, record)
    assert "Scenarios side by side" not in record
    assert "All agreed but one." not in record


async def test_what_a_stop_frees_stands_with_its_decision(world: World) -> None:
    """G6."""
    project = await propose(world, "Archive")
    await ruled(world, project["id"], "approve")
    found, only = await called(world, kind="stop", name="Stop it", project_ids=[project["id"]])
    before = await told(world, found["id"])
    stopped = await rule(world, project["id"], "stop", agenda_item_id=only["id"])
    assert stopped.status_code == 201, stopped.text
    (release,) = (await read(world.office, f"/portfolios/{world.portfolio_id}/releases"))["items"]

    text = await told(world, found["id"])

    assert "Archive approved 1 January 2027 31 December 2027 NOK 4,000,000 NOK 10,000,000" in before
    assert release["decision_id"] == stopped.json()["id"]
    assert "stopped, case 2026/12" in text
    amount = money(Words("en", "gevinst_portfolio"), Decimal(release["total"]["amount"]), "NOK")
    assert f"Money that is free again {amount}".replace("\u00a0", " ") in text


async def test_an_empty_meeting_says_so_and_a_late_or_withdrawn_item_is_marked(world: World) -> None:
    planned = await meeting(world)
    empty = await told(world, planned["id"])
    found, only = await called(world, name="Status")
    late = {"reason": "It burns"}
    await item(world, found["id"], position=2, name="Fire", **late)
    taken = await post(world.office, f"/agenda-items/{only['id']}/withdrawal", late, revision=1)
    assert taken.status_code == 200, taken.text

    text = await told(world, found["id"])

    assert "There is nothing on the agenda." in empty
    assert "The members have not been called yet." in empty
    assert "Called –" in empty
    assert "Fire (added or changed after the agenda was sent)" in text
    assert "Status (taken off the agenda" in text


async def test_the_paper_is_for_those_who_see_the_meeting(world: World) -> None:
    planned = await meeting(world)
    path = f"/meetings/{planned['id']}/paper"
    elsewhere = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    reader = world.desk.caller(Role.READER, subject="rita")

    first = await paper(world, planned["id"], PDF)
    known = await world.office.get(path, headers={"Accept": PDF, "If-None-Match": first.headers["etag"]})
    odd = await world.office.get(path, headers={"Accept": "text/html", "Accept-Language": "nb"})

    assert (await elsewhere.get(path)).status_code == 404
    assert (await world.desk.with_headers().get(path)).status_code == 401
    assert (await reader.get(path)).status_code == 403
    assert known.status_code == 304
    assert odd.status_code == 406
    assert problem(odd)["title"] == "Finnes ikke i den formen"


async def test_a_scenario_whose_inputs_changed_says_so(world: World) -> None:
    meeting_id, _ = await with_scenario(world)
    await propose(world, "Newcomer")

    text = await told(world, meeting_id)

    assert "Projects, money or capacity have changed since the plan was made." in text


@pytest.mark.slow
async def test_libreoffice_opens_the_paper_and_reads_the_same(world: World, tmp_path: Path) -> None:
    meeting_id, scenario_id = await with_scenario(world)
    plan = await plan_of(world, scenario_id)
    written = {one: (await paper(world, meeting_id, DOCX, one)).content for one in LANGUAGES}

    printed = office.printed_together(written, tmp_path)

    assert [lost(written[one], printed[one]) for one in LANGUAGES] == [[]] * 5
    text = pdf_text(printed["nb"])
    for said in ("Scenarioene side om side", plan["selected"][0]["project_name"], "Side 1 av"):
        assert said in text
