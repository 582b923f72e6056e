"""Status pages: the figures of the overviews as small pages, by themselves and in frames."""

import json
import re
from importlib.resources import files
from string import Formatter

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.purse import Purse
from tests.support.organisations import new_organisation

LANGUAGES = ("en", "nb", "nn", "da", "sv")
INTRANET = "https://intranet.example"
PROGRAMME = new_id()


def figures(page: str) -> dict[str, str]:
    """Label → value, as the page says it."""
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))


def pages(purse: Purse) -> dict[str, str]:
    world = purse.world
    return {
        f"/projects/{world.project_id}/status-page": "",
        f"/portfolios/{world.portfolio_id}/status-page": f"/portfolios/{world.portfolio_id}/overview",
        f"/programmes/{PROGRAMME}/status-page": f"/programmes/{PROGRAMME}/overview",
        f"/units/{world.unit}/status-page": f"/units/{world.unit}/overview",
    }


@pytest.fixture
async def purse(purse: Purse) -> Purse:
    """Whose project is in a programme."""
    world = purse.world
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        programme_id=PROGRAMME,
        name="Digital post",
        unit_id=world.unit,
    )
    return purse


async def test_a_page_says_what_the_overview_says(purse: Purse) -> None:
    found = {path: (await purse.finance.get(path)).text for path in pages(purse)}
    overviews = {path: (await purse.finance.get(of)).json() for path, of in pages(purse).items() if of}

    for path, overview in overviews.items():
        said = figures(found[path])
        assert said["Benefits that are followed"] == str(overview["benefits"]["count"]), path
        assert said["Indicators"] == str(overview["indicators"]["count"]), path
        without = f"benefits without one: {overview['without_indicator']['count']}"
        assert without in found[path], path
    assert "Digital post: benefits and gates" in found[f"/projects/{purse.world.project_id}/status-page"]
    assert (
        figures(found[f"/projects/{purse.world.project_id}/status-page"])["Benefits that are followed"] == "1"
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_is_in_the_readers_language_and_runs_nothing(purse: Purse, language: str) -> None:
    for path in pages(purse):
        answer = await purse.finance.get(path, headers={"Accept-Language": language})

        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == language
        assert f'<html lang="{language}">' in answer.text
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'")
        assert "<script" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_projects_gates_are_called_in_the_readers_language(purse: Purse, language: str) -> None:
    world = purse.world
    await world.started()
    await world.proposed()
    path, headers = f"/projects/{world.project_id}", {"Accept-Language": language}
    said = (await purse.finance.get(f"{path}/progress", headers=headers)).json()

    page = (await purse.finance.get(f"{path}/status-page", headers=headers)).text

    assert said["phase_name"] in page
    assert said["gates_ahead"][0]["name"] in page


async def test_a_page_can_stand_in_a_frame_and_be_published(purse: Purse) -> None:
    path = f"/units/{purse.world.unit}/status-page?language=nb"
    body = {"resource": path, "origins": [INTRANET]}
    browser = purse.world.desk.with_headers()

    got = (await purse.finance.post("/embed-tickets", json=body)).json()
    published = (await purse.world.office.post("/embeds", json=body)).json()
    framed, shown = await browser.get(got["page"]), await browser.get(published["page"])
    described = await browser.get("/oembed", params={"url": published["page"]})

    assert "svg" not in got
    assert got["title"] == "Home care: gevinster og mål"
    assert [answer.status_code for answer in (framed, shown, described)] == [200, 200, 200]
    assert framed.headers["content-security-policy"].endswith(f"frame-ancestors {INTRANET}")
    assert figures(framed.text) == figures(shown.text)


async def test_a_page_has_no_picture(purse: Purse) -> None:
    path = f"/units/{purse.world.unit}/status-page"
    got = (await purse.finance.post("/embed-tickets", json={"resource": path, "origins": [INTRANET]})).json()

    answer = await purse.world.desk.with_headers().get(got["page"].replace("/page?", "/svg?"))

    assert answer.status_code == 404


async def test_what_is_nobodys_here_has_no_page(purse: Purse) -> None:
    stranger = purse.world.desk.caller(Role.READER, organisation=new_organisation())

    answers = [await stranger.get(path) for path in pages(purse)]
    answers += [await purse.finance.get(f"/{kind}/{new_id()}/status-page") for kind in ("projects", "units")]

    assert {answer.status_code for answer in answers} == {404}


def test_every_sentence_is_there_in_every_language() -> None:
    found = {
        language: json.loads(
            (files("gevinst_benefits") / "texts" / "status_pages" / f"{language}.json").read_text("utf-8")
        )
        for language in LANGUAGES
    }

    for language in LANGUAGES:
        assert found[language].keys() == found["en"].keys()
        for code, sentence in found[language].items():
            names = [
                {name for _, name, _, _ in Formatter().parse(one)} for one in (sentence, found["en"][code])
            ]
            assert names[0] - {None} == names[1] - {None}, (language, code)
