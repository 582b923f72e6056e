"""The laboratory's judgement of who counted a benefit, on steps that are made up here."""

from collections.abc import Sequence

import pytest

from tests.laboratory.counting import Counted, counted_twice

_AGREEMENT = "01981b2c-9f3e-7abc-8def-0123456789ab"


def _body(*steps: tuple[int, str], restored: Sequence[int] = ()) -> Counted:
    """A body that counts so much from these milliseconds on."""
    found = Counted(restored=list(restored))
    found.keep((f"{at:012x}-7000-8000-0000-0000-{0:04x}", _AGREEMENT, counted, "0") for at, counted in steps)
    return found


@pytest.mark.parametrize(
    ("giver", "receiver", "is_twice"),
    [
        ([(10, "1"), (20, "0")], [(30, "1")], False),
        ([(10, "1"), (20, "0")], [(20, "1")], False),
        ([(10, "1"), (20, "0.25")], [(30, "0.75")], False),
        ([(10, "1"), (20, "0")], [(19, "1")], True),
        ([(10, "1")], [(30, "0.000001")], True),
        ([(10, "1"), (20, "0"), (50, "1")], [(30, "1"), (40, "0")], False),
        ([(10, "1"), (20, "0"), (39, "1")], [(30, "1"), (40, "0")], True),
    ],
)
def test_more_than_the_whole_is_noticed_at_any_instant(
    giver: list[tuple[int, str]], receiver: list[tuple[int, str]], is_twice: bool
) -> None:
    assert bool(counted_twice([_body(*giver), _body(*receiver)])) is is_twice


def test_who_was_restored_counts_nothing_until_its_next_step() -> None:
    receiver = _body((30, "1"))

    assert not counted_twice([_body((10, "1"), (20, "0"), (50, "0"), (60, "0"), restored=[40]), receiver])
    assert counted_twice([_body((10, "1"), (20, "0"), (50, "1"), restored=[40]), receiver])


def test_what_a_restore_took_away_is_not_the_newest_step() -> None:
    body = _body((10, "1"), (20, "0"))
    body.keep([("00000000000a-7000-8000-0000-0000-0000", _AGREEMENT, "1", "0")])

    newest = body.newest(_AGREEMENT)
    assert newest is not None
    assert (newest.at, str(newest.counted)) == (10, "1")
