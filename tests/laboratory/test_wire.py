"""The laboratory's judgement of what was on the wire, on talks that are made up here."""

import base64
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

import pytest

from tests.laboratory.bodies import Body
from tests.laboratory.canaries import Canaries, Key
from tests.laboratory.network import Network
from tests.laboratory.talk import Conversation, Said
from tests.laboratory.wire import examined

GIVER, READER, THIRD = "0192:810000007", "0192:810000015", "0192:810000023"
PROJECT: Key = ("project", "01981b2c-9f3e-7abc-8def-0123456789ab")
SHARED_AT, REVOKED_AT = 10.0, 20.0


def _packed(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@dataclass
class Wire:
    """A body that shares the name of one project with one reader, from 10 to 20, and never its cost."""

    canaries: Canaries = field(default_factory=lambda: Canaries(Random(1)))
    talks: list[Conversation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = self.canaries.word(GIVER, "name", PROJECT)
        self.cost = self.canaries.figure(GIVER, "cost", PROJECT)
        self.canaries.known(GIVER, PROJECT[1], PROJECT)
        self.giver = self.body("a", GIVER)
        self.giver.windows.note(READER, {(PROJECT, "id"), (PROJECT, "name")}, SHARED_AT, SHARED_AT)
        self.giver.windows.note(READER, set(), REVOKED_AT, REVOKED_AT)
        self.giver.followed.note(READER, {(PROJECT, "id"), (PROJECT, "name")}, 1, SHARED_AT)
        self.giver.followed.note(READER, set(), 2, REVOKED_AT)

    def body(self, name: str, organisation: str) -> Body:
        nothing = cast(Any, None)
        return Body(name, organisation, nothing, self.canaries, nothing)

    def conversations(self) -> list[Conversation]:
        return self.talks

    def say(
        self,
        *said: dict[str, Any],
        at: float,
        reader: str = READER,
        server: str = "a",
        feed: str = "/portfolio/v1/sync-feed",
    ) -> None:
        """A page of these, asked for at a moment and answered a second later."""
        token = f"x.{_packed({'organisation': reader})}.y"
        request = f"GET {feed} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        body = json.dumps({"revisions": [f"e30.{_packed(one)}.sig" for one in said]}).encode()
        answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        talk = Conversation("b", server, Said([(at, request)]), Said([(at + 1, answer)]))
        self.talks.append(talk)

    def leaks(self) -> set[str]:
        bodies = [self.giver, self.body("b", READER), self.body("c", THIRD)]
        found = examined(cast(Network, self), bodies, "hostile", self.canaries)
        return {leak.canary.field for leak in found.leaks}


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.mark.parametrize(
    ("at", "leaks"),
    [(8.0, {"id", "name"}), (9.5, set()), (15.0, set()), (19.9, set()), (20.5, {"id", "name"})],
)
def test_what_is_shared_may_leave_until_it_is_revoked(wire: Wire, at: float, leaks: set[str]) -> None:
    wire.say({"id": PROJECT[1], "fields": {"name": f"Prosjekt {wire.name.text}"}}, at=at)

    assert wire.leaks() == leaks


def test_a_field_that_is_not_shared_may_not(wire: Wire) -> None:
    wire.say({"id": PROJECT[1], "fields": {"cost": {"amount": f"{wire.cost.text}.00"}}}, at=15)

    assert wire.leaks() == {"cost"}


def test_nor_may_it_leave_for_another_or_from_another(wire: Wire) -> None:
    wire.say({"name": wire.name.text}, at=15, reader=THIRD)
    assert wire.leaks() == {"name"}
    wire.talks.clear()
    wire.say({"name": wire.name.text}, at=15, server="c")

    assert wire.leaks() == {"name"}


def test_a_tombstone_names_what_its_reader_had_and_nothing_else(wire: Wire) -> None:
    wire.say({"id": PROJECT[1], "tombstone": True}, at=25)
    assert wire.leaks() == set()
    wire.say({"id": PROJECT[1], "name": wire.name.text, "tombstone": True}, at=25)
    assert wire.leaks() == {"name"}
    wire.talks.clear()
    wire.say({"id": PROJECT[1], "tombstone": True}, at=15, reader=THIRD)

    assert wire.leaks() == {"id"}


def test_what_is_revoked_may_not_be_referred_to(wire: Wire) -> None:
    wire.say({"id": "other", "fields": {"merged_into": PROJECT[1]}}, at=25)

    assert wire.leaks() == {"id"}


def test_a_request_says_nothing_of_anybody(wire: Wire) -> None:
    request = f"POST /sync-hints?about={wire.name.text} HTTP/1.1\r\n\r\n".encode()
    wire.talks.append(Conversation("a", "b", Said([(15.0, request)]), Said()))

    assert wire.leaks() == {"name"}


def test_what_hangs_loose_says_nothing_of_anybody(wire: Wire) -> None:
    wire.talks.append(Conversation(None, None, Said([(15.0, wire.name.text.encode())])))

    assert wire.leaks() == {"name"}


PLANS = "/benefits/v1/sync-feed?owner=x&grants_number="


@pytest.mark.parametrize(
    ("number", "at", "leaks"),
    [(0, 8.0, {"name"}), (0, 15.0, set()), (1, 15.0, set()), (1, 25.0, set()), (2, 25.0, {"name"})],
)
def test_benefits_may_say_what_is_revoked_to_who_has_not_heard_of_that(
    wire: Wire, number: int, at: float, leaks: set[str]
) -> None:
    wire.say({"fields": {"name": wire.name.text}}, at=at, feed=f"{PLANS}{number}")

    assert wire.leaks() == leaks


def test_after_a_restore_the_numbers_of_before_allow_nothing(wire: Wire) -> None:
    wire.giver.followed.forget(30.0)
    wire.giver.followed.note(READER, set(), 1, 30.0)
    wire.say({"fields": {"name": wire.name.text}}, at=29.5, feed=f"{PLANS}1")
    assert wire.leaks() == set()
    wire.say({"fields": {"name": wire.name.text}}, at=31.0, feed=f"{PLANS}1")

    assert wire.leaks() == {"name"}


def test_what_two_bodies_agree_on_goes_to_and_fro_between_them_only(wire: Wire) -> None:
    letter: Key = ("agreement", "01981b2c-9f3e-7abc-8def-0123456789ad")
    for of in (GIVER, READER):
        wire.cost.stands_in(letter, at="letter", of=of)
    wire.giver.followed.note_always(READER, (letter, "letter"), SHARED_AT)
    figures = {"fields": {"figures": f"{wire.cost.text}.00"}}
    wire.say(figures, at=50.0, feed=f"{PLANS}9")
    assert wire.leaks() == set()
    wire.say(figures, at=50.0, feed=f"{PLANS}9", reader=THIRD)
    wire.say(figures, at=50.0)

    assert wire.leaks() == {"cost"}
