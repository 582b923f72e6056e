"""Charts over HTTP: the figures of the JSON operations, in every form that Accept can ask for."""

from xml.etree.ElementTree import fromstring

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.purse import Purse
from tests.support.callers import problem
from tests.support.organisations import new_organisation

LANGUAGES = ("en", "nb", "nn", "da", "sv")
FORMS = {
    "application/vnd.vegalite.v6+json": "application/vnd.vegalite.v6+json",
    "image/svg+xml": "image/svg+xml",
    "image/avif,image/webp,image/*,*/*;q=0.8": "image/svg+xml",
    "image/png": "image/png",
    "text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8",
    "*/*": "application/json",
}


def realised(purse: Purse) -> str:
    return f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised"


async def halfway(purse: Purse) -> None:
    """1000 a year planned, 800 booked in 2026, 600 found there."""
    phasing = await purse.agreed((2026, "-800.00"))
    await purse.booked(phasing, 2026)
    await purse.verified(2026, "600.00")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_specification_holds_the_figures_of_the_json_operation(purse: Purse, language: str) -> None:
    """M1, E2: one truth in five languages."""
    await halfway(purse)
    items = (await purse.finance.get("/reconciliation")).json()["items"]

    answer = await purse.finance.get(realised(purse), headers={"Accept-Language": language})

    drawn = answer.json()["data"]["values"]
    (item,) = items
    names = ("planned", "booked", "realised")
    assert [{name: one[name] for name in ("year", *names) if name in one} for one in drawn] == [
        {"year": year["year"]} | {name: float(year[name]["amount"]) for name in names if name in year}
        for year in item["years"]
    ]
    assert answer.headers["content-language"] == language
    assert "realised" not in drawn[1]


@pytest.mark.parametrize(("accept", "media"), FORMS.items())
async def test_a_chart_is_answered_in_the_form_that_is_asked_for(
    purse: Purse, accept: str, media: str
) -> None:
    await halfway(purse)

    answer = await purse.finance.get(realised(purse), headers={"Accept": accept})

    assert (answer.status_code, answer.headers["content-type"]) == (200, media), answer.text[:500]
    assert "Accept" in answer.headers["vary"]


async def test_a_picture_speaks_and_reaches_nowhere(purse: Purse) -> None:
    await halfway(purse)

    answer = await purse.finance.get(
        realised(purse), headers={"Accept": "image/svg+xml", "Accept-Language": "nb"}
    )

    root = fromstring(answer.text)
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert [title.tag.rpartition("}")[2], title.text] == ["title", "Planlagt mot realisert"]
    assert "600" in (description.text or "")
    assert not any(name in answer.text for name in ("<script", "href=", "onload", "@import"))


async def test_another_form_is_refused_with_those_that_there_are(purse: Purse) -> None:
    answer = await purse.finance.get(realised(purse), headers={"Accept": "application/pdf"})

    assert answer.status_code == 406
    assert "image/svg+xml" in problem(answer)["detail"]


async def test_the_tag_is_stable_until_a_figure_changes(purse: Purse) -> None:
    headers = {"Accept": "image/svg+xml"}
    first = await purse.finance.get(realised(purse), headers=headers)
    known = headers | {"If-None-Match": first.headers["etag"]}
    same = await purse.finance.get(realised(purse), headers=known)
    dark = await purse.finance.get(f"{realised(purse)}?scheme=dark", headers=known)
    await halfway(purse)
    later = await purse.finance.get(realised(purse), headers=known)

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (dark.status_code, later.status_code) == (200, 200)
    assert len({first.headers["etag"], dark.headers["etag"], later.headers["etag"]}) == 3


async def test_what_is_nobodys_here_is_not_drawn(purse: Purse) -> None:
    other = purse.world.desk.caller(Role.FINANCE, organisation=new_organisation())

    strange = await other.get(realised(purse))
    unknown = await purse.finance.get(f"/units/{new_id()}/charts/planned-against-realised")
    odd = await purse.finance.get(f"{realised(purse)}?scheme=pink")
    wide = await purse.finance.get(f"{realised(purse)}?width=100000")

    assert [answer.status_code for answer in (strange, unknown, odd, wide)] == [404, 404, 400, 400]


async def test_a_unit_has_its_own(purse: Purse) -> None:
    await halfway(purse)

    answer = await purse.finance.get(f"/units/{purse.unit}/charts/planned-against-realised")

    assert answer.json()["data"]["values"][0]["realised"] == 600.0


async def test_money_of_two_price_years_is_not_drawn_together(purse: Purse) -> None:
    """C1: sums never mix price years silently; the answer says so."""
    money = {"amount": "50.00", "currency": "NOK", "price_year": 2025}
    await purse.world.planned(
        mode="budget-reduction",
        kind="avoided-cost",
        estimate={"ledger": "money", "money_per_year": money},
        timing={"hangs_on": "none", "starts_on": "2026-01-01"},
    )

    mixed = await purse.finance.get(realised(purse))

    assert mixed.status_code == 409
    assert problem(mixed)["type"].endswith("#mixed-money")


async def test_a_picture_that_is_looked_at_alone_runs_nothing(purse: Purse) -> None:
    picture = await purse.finance.get(realised(purse), headers={"Accept": "image/svg+xml"})
    page = await purse.finance.get(realised(purse), headers={"Accept": "text/html"})

    policies = [answer.headers["content-security-policy"] for answer in (picture, page)]
    assert all(policy.startswith("default-src 'none'") for policy in policies)
    assert "script" not in "".join(policies)
    assert picture.headers["cache-control"] == "private, no-cache"
