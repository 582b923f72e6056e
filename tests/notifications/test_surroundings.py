"""What an event's record is part of, and who is named by it."""

from uuid import UUID

import pytest

from gevinst_notifications.domain.messages import Held
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.surroundings import (
    Project,
    completed,
    doer,
    named_holders,
    place_around,
)
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind
from tests.notifications.examples import event

ONE, TWO, UNIT, ABOVE, PORTFOLIO, PROGRAMME = (UUID(int=number) for number in range(1, 7))
PROJECT = Project(ONE, "Digital post", PORTFOLIO, "Digitalisering", PROGRAMME, frozenset({UNIT}), TWO, None)


def test_a_gates_event_gets_its_names_from_the_register() -> None:
    bare = event(NoticeKind.GATE_DECIDED, project_id=str(ONE), project_name=None, portfolio_name=None)

    data = completed(bare, [PROJECT]).data

    assert (data["project_name"], data["portfolio_name"]) == ("Digital post", "Digitalisering")


def test_what_the_event_says_itself_counts_more() -> None:
    said = event(NoticeKind.GATE_DECIDED, project_id=str(ONE), project_name="Its name then")

    assert completed(said, [PROJECT]).data["project_name"] == "Its name then"


def test_an_unknown_project_is_called_by_its_id() -> None:
    bare = event(NoticeKind.GATE_DECIDED, project_id=str(TWO), project_name=None)

    assert completed(bare, []).data["project_name"] == str(TWO)


def test_a_place_is_everything_that_its_projects_are_part_of() -> None:
    place = place_around(Place(projects=frozenset({ONE})), [PROJECT], [[ABOVE, UNIT]])

    assert place == Place(
        frozenset({ABOVE, UNIT}), frozenset({PORTFOLIO}), frozenset({PROGRAMME}), frozenset({ONE})
    )


def test_whom_a_project_names_holds_the_role_on_it_and_nobody_else() -> None:
    assert named_holders([PROJECT]) == [Held(Grant(Role.PROJECT_OWNER, ScopeKind.PROJECT, ONE), (TWO,))]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"proposed_by": "kari"}, "kari"),
        ({"decided_by": "ola"}, "ola"),
        ({"decided_by": ["ola", "kari"]}, None),
        ({}, None),
    ],
)
def test_the_doer_is_the_one_person_whom_the_event_names(data: dict[str, object], expected: str) -> None:
    assert doer(data) == expected
