"""X1: what is shared, with whom and until when, over a real PostgreSQL."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from datetime import date

import pytest

from gevinst_shared.sync.catalogue import unknown_names
from gevinst_shared.sync.kinds import HIDDEN
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.receiving import Outcome
from tests.support.exchange import ALL_FIELDS, Body, bodies, later
from tests.support.installation import Installation


@pytest.fixture
async def pair(installation: Installation) -> AsyncIterator[list[Body]]:
    async with bodies(installation.databases["portfolio"].url, 2) as found:
        yield found


async def test_nothing_is_shared_by_default(pair: list[Body]) -> None:
    mine, theirs = pair
    await mine.add_project()

    pages = await theirs.pull(mine)

    assert [page.revisions for page in pages] == [()]
    assert await theirs.has(mine) == {}


async def test_a_shared_project_arrives_with_the_fields_of_the_grant_only(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project("Case system")
    await mine.share(theirs, "project", project, {"project": ("name", "cost", "status")})

    await theirs.pull(mine)

    cost = {"amount": "125.00", "currency": "NOK", "price_year": 2026}
    assert await theirs.has(mine) == {
        ("project", project): {"name": "Case system", "cost": cost, "status": "proposed"}
    }


async def test_a_change_of_a_field_that_is_not_shared_is_no_revision(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project, {"project": ("name",)})
    await theirs.pull(mine)

    await mine.execute("UPDATE project SET need = 'another', status = 'approved' WHERE id = $1", project)
    (page,) = await theirs.pull(mine)

    assert page.revisions == ()


async def test_a_programme_brings_its_projects_and_those_that_join_it(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    first = await mine.add_project("First", programme)
    await mine.add_project("Alone")
    await mine.share(theirs, "programme", programme)
    await theirs.pull(mine)
    joining = await mine.add_project("Joining")
    await mine.execute("UPDATE project SET programme_id = $2 WHERE id = $1", joining, programme)
    await mine.execute("UPDATE project SET programme_id = NULL WHERE id = $1", first)

    await theirs.pull(mine)

    assert set(await theirs.has(mine)) == {("programme", programme), ("project", joining)}


async def test_a_confidential_project_does_not_come_along_with_its_programme(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    project = await mine.add_project("Secret", programme)
    await mine.share(theirs, "programme", programme)
    await theirs.pull(mine)
    assert ("project", project) in await theirs.has(mine)

    await mine.execute(
        "INSERT INTO confidentiality (organisation_id, id, is_confidential, basis, created_at) "
        "VALUES ($1, $2, true, 'law', now())",
        mine.organisation,
        project,
    )
    await theirs.pull(mine)
    without = await theirs.has(mine)
    await mine.share(theirs, "project", project)
    await theirs.pull(mine)

    assert ("project", project) not in without
    assert ("project", project) in await theirs.has(mine)


async def test_what_is_revoked_is_gone_after_one_pull(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    grant = await mine.share(theirs, "project", project)
    await theirs.pull(mine)

    await mine.end(grant)
    await mine.rename(project, "Not for them")
    (page,) = await theirs.pull(mine)

    assert await theirs.has(mine) == {}
    assert "Not for them" not in _told(page)


async def test_one_of_two_grants_that_ends_takes_its_fields_along(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project("Both")
    ending = await mine.share(theirs, "project", project, {"project": ("status",)})
    await mine.share(theirs, "project", project, {"project": ("name",)})
    await theirs.pull(mine)
    assert await theirs.has(mine) == {("project", project): {"name": "Both", "status": "proposed"}}

    await mine.end(ending)
    await theirs.pull(mine)

    assert await theirs.has(mine) == {("project", project): {"name": "Both"}}


async def test_a_grant_ends_when_its_last_day_has_passed(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project, until=date(2026, 9, 2))
    await theirs.pull(mine)
    later(mine, days=1)
    await theirs.pull(mine)
    on_the_last_day = await theirs.has(mine)

    later(mine, days=1)
    await theirs.pull(mine)

    assert on_the_last_day
    assert await theirs.has(mine) == {}


async def test_a_deleted_record_is_deleted_there(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    await theirs.pull(mine)

    await mine.execute("DELETE FROM project WHERE id = $1", project)
    await theirs.pull(mine)

    assert await theirs.has(mine) == {}


async def test_a_reference_to_a_record_that_is_not_shared_is_cut_to_an_opaque_id(pair: list[Body]) -> None:
    mine, theirs = pair
    programme = await mine.add_programme()
    projects = [await mine.add_project(f"Project {number}", programme) for number in range(2)]
    for project in projects:
        await mine.share(theirs, "project", project)
    pages = await theirs.pull(mine)
    cut = [(await theirs.has(mine))[("project", project)]["programme"] for project in projects]

    whole = await mine.share(theirs, "programme", programme, {"programme": ("name",)})
    await theirs.pull(mine)
    known = [(await theirs.has(mine))[("project", project)]["programme"] for project in projects]
    await mine.end(whole)
    await theirs.pull(mine)
    again = [(await theirs.has(mine))[("project", project)]["programme"] for project in projects]

    assert cut[0] == cut[1]
    assert cut[0].startswith(HIDDEN)
    assert not any(str(programme) in _told(page) for page in pages)
    assert known == [str(programme)] * 2
    assert again == cut


async def test_a_hidden_id_is_another_one_for_each_partner(installation: Installation) -> None:
    async with bodies(installation.databases["portfolio"].url, 3) as (mine, one, two):
        programme = await mine.add_programme()
        project = await mine.add_project("Project", programme)
        for reader in (one, two):
            await mine.share(reader, "project", project)
            await reader.pull(mine)

        cut = {(await reader.has(mine))[("project", project)]["programme"] for reader in (one, two)}

    assert len(cut) == 2


async def test_numbers_are_dense_and_do_not_tell_of_what_is_hidden(pair: list[Body]) -> None:
    mine, theirs = pair
    await mine.add_projects(50)
    shared = await mine.add_projects(3)
    for project in shared:
        await mine.share(theirs, "project", project)

    (page,) = await theirs.pull(mine)
    await mine.execute("UPDATE project SET name = 'Another'")
    (next_page,) = await theirs.pull(mine)

    assert [_payload(one)["number"] for one in page.revisions] == [1, 2, 3]
    assert [_payload(one)["number"] for one in next_page.revisions] == [4, 5, 6]
    assert len(page.cursor) == len(next_page.cursor)


async def test_what_is_no_page_is_put_aside_and_asked_for_again(pair: list[Body]) -> None:
    mine, theirs = pair
    project = await mine.add_project()
    await mine.share(theirs, "project", project)
    partner_id = theirs.partners[mine.organisation]

    async with theirs.work() as connection:
        await theirs.receiving.refuse(
            connection, theirs.organisation, partner_id, b"<html>\x00\xff", "no-json", theirs.now
        )
    (inlet,) = await theirs.rows("sync_inlet")
    await theirs.pull(mine)

    assert (inlet["problem"], inlet["cursor"], inlet["quarantined"]) == ("no-json", None, 1)
    assert set(await theirs.has(mine)) == {("project", project)}


async def test_a_grant_names_only_what_there_is() -> None:
    odd = unknown_names({"project": ["name", "manager"], "person": ["name"]})

    assert odd == ["person", "project.manager"]
    assert unknown_names(ALL_FIELDS) == []


def _payload(text: str) -> dict[str, object]:
    part = text.split(".")[1]
    found: dict[str, object] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _told(page: Page) -> str:
    """All that a page says, opened."""
    return json.dumps([_payload(one) for one in page.revisions])


async def test_a_key_of_another_service_signs_nothing_here(pair: list[Body]) -> None:
    mine, theirs = pair
    await mine.share(theirs, "project", await mine.add_project())
    await theirs.execute(
        "UPDATE sync_partner SET keys = jsonb_set(keys, ARRAY[$1, 'service'], '\"benefits\"')",
        mine.jwk["kid"],
    )
    question = await theirs.ask(mine)
    assert question is not None
    page = await mine.answer(theirs, question.cursor)
    assert isinstance(page, Page)

    assert await theirs.take(mine, question, page) is Outcome.NEEDS_STATEMENT
    assert await theirs.has(mine) == {}
