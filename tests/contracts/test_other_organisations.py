"""What belongs to another organisation is not there: on every operation, by every way to name it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.support.bodies import Place, id_places
from tests.support.operations import Operation, every_operation
from tests.support.organisations import new_organisation
from tests.support.records import PUBLIC_KINDS, STRANGER, Organisation, kind_of, organisation_in

pytestmark = pytest.mark.slow

PROTECTED = [one for one in every_operation() if not one.is_public]
IN_PATHS = [(one, name) for one in PROTECTED for name in one.path_names if kind_of(name) not in PUBLIC_KINDS]
IN_BODIES = [
    (one, place, name)
    for one in PROTECTED
    if one.body_schema is not None
    for place, name in id_places(one.service, one.body_schema)
    if kind_of(name) not in PUBLIC_KINDS
]
IN_FILTERS = [
    (one, name)
    for one in PROTECTED
    for name, schema in one.parameters("query").items()
    if schema.get("format") == "uuid"
]
# Sums and bodies stand there whatever is asked for; then they are of nothing.
ALWAYS_ANSWERED = {"get_joint_portfolio", "list_joint_bodies", "draw_joint_potential"}
# What readers do with what is their own.
READERS_OWN = {"Inbox", "Calendars", "Preferences", "Following", "Leave"}
# P1: every person may have an idea, and change their own. N2: whoever was told of a duty may take care of it.
# And whoever reads something may show it.
EVERY_PERSONS_OWN = {"submit_idea", "support_idea", "acknowledge_duty", "make_embed_ticket"}


@pytest.fixture(scope="module")
async def both(house: House) -> AsyncIterator[list[Organisation]]:
    """Two organisations with one record of each kind, made at the same time."""
    organisations = [organisation_in(house, new_organisation(), word) for word in ("Okapi", "Quagga")]
    try:
        await asyncio.gather(*(one.furnish() for one in organisations))
        yield organisations
    finally:
        for one in organisations:
            await one.close()


@pytest.fixture(scope="module")
def ours(both: list[Organisation]) -> Organisation:
    return both[0]


@pytest.fixture(scope="module")
def theirs(both: list[Organisation]) -> Organisation:
    """The other organisation, whose caller has every role there."""
    return both[1]


def told(text: str, *ids: str) -> Any:
    """An answer without what differs between two askings of the same: the request's id and the ids sent."""
    for one in ids:
        text = text.replace(one, "id")
    document = json.loads(text)
    document.pop("instance", None)
    return document


def leaks(text: str, owner: Organisation, *sent: str) -> list[str]:
    """What of the owner's stands in the answer; `sent` are ids that the caller wrote himself."""
    own = [one for kind, one in owner.ids.items() if kind not in PUBLIC_KINDS and one not in sent]
    return [one for one in (*own, owner.word, owner.number) if one in text]


def cases(listed: list[Any]) -> list[Any]:
    """Parameters with a name that can be read and typed."""
    return [pytest.param(*case, id=re.sub(r"[^\w-]+", ".", "-".join(map(str, case[:2])))) for case in listed]


async def test_a_record_of_each_kind_can_be_made(ours: Organisation, theirs: Organisation) -> None:
    """A path parameter without a maker stands here: without it nothing below would be tried on it."""
    assert (ours.failed, theirs.failed) == ({}, {})


@pytest.mark.parametrize("one", [one for one in PROTECTED if not one.is_write], ids=str)
async def test_what_is_read_is_ones_own_only(
    one: Operation, ours: Organisation, theirs: Organisation
) -> None:
    # Nobody holds every role: another body's excludes the others.
    is_for_bodies = one.roles == {Role.SYNC_PARTNER}
    caller = theirs.of(STRANGER, Role.SYNC_PARTNER) if is_for_bodies else theirs

    answer = await caller.send(one)

    assert answer.status_code in {200, 204, 404}, answer.text
    assert leaks(answer.text, ours) == []
    assert not answer.headers.get("location")


@pytest.mark.parametrize(("one", "name"), cases(IN_PATHS))
async def test_anothers_record_is_answered_like_one_that_does_not_exist(
    one: Operation, name: str, ours: Organisation, theirs: Organisation
) -> None:
    foreign, unknown = ours.ids[kind_of(name)], str(new_id())

    answer = await theirs.send(one, path={name: foreign})
    expected = await theirs.send(one, path={name: unknown})

    assert answer.status_code == 404, answer.text
    assert (answer.status_code, told(answer.text, foreign)) == (404, told(expected.text, unknown))
    assert leaks(answer.text, ours, foreign) == []
    assert "etag" not in answer.headers


@pytest.mark.parametrize(("one", "place", "name"), cases(IN_BODIES))
async def test_anothers_id_in_a_body_is_answered_like_one_that_does_not_exist(
    one: Operation, place: Place, name: str, ours: Organisation, theirs: Organisation
) -> None:
    foreign, unknown = ours.ids[kind_of(name)], str(new_id())

    answer = await theirs.send(one, ids={place: foreign})
    expected = await theirs.send(one, ids={place: unknown})

    assert answer.status_code in {400, 404, 409}, answer.text
    assert (answer.status_code, told(answer.text, foreign)) == (
        expected.status_code,
        told(expected.text, unknown),
    )
    assert leaks(answer.text, ours, foreign) == []


@pytest.mark.parametrize(("one", "name"), cases(IN_FILTERS))
async def test_anothers_id_in_a_filter_finds_what_an_unknown_one_finds(
    one: Operation, name: str, ours: Organisation, theirs: Organisation
) -> None:
    foreign, unknown = ours.ids[kind_of(name)], str(new_id())

    answer = await theirs.send(one, query={name: foreign})
    expected = await theirs.send(one, query={name: unknown})

    assert (answer.status_code, told(answer.text, foreign)) == (
        expected.status_code,
        told(expected.text, unknown),
    )
    is_answered = one.operation_id in ALWAYS_ANSWERED
    assert is_answered or answer.status_code in {400, 404, 409} or answer.json()["items"] == []
    assert leaks(answer.text, ours, foreign) == []


@pytest.mark.parametrize("one", PROTECTED, ids=str)
async def test_an_operation_is_for_its_roles_only(one: Operation, ours: Organisation) -> None:
    """Every role that the operation does not name is refused: the table role × operation holds."""
    for role in set(Role) - one.roles:
        answer = await ours.of(STRANGER, role).send(one)
        assert answer.status_code == 403, (role, answer.text)


@pytest.mark.parametrize("one", [one for one in PROTECTED if one.is_write], ids=str)
async def test_a_reader_writes_nothing(one: Operation, ours: Organisation) -> None:
    reader = ours.of(STRANGER, Role.READER)
    answer = await reader.send(one)

    is_own = bool(READERS_OWN.intersection(one.described["tags"])) or one.operation_id in EVERY_PERSONS_OWN
    assert (answer.status_code == 403) is not is_own, answer.text
