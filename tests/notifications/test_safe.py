"""What is sealed opens for its own purpose only, and with a key that is still here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.clients.safe import NotOpenedError, Safe

OLD, NEW = "o" * 32, "n" * 32


@given(st.text(), st.text(max_size=60))
def test_what_was_sealed_opens_again(text: str, about: str) -> None:
    safe = Safe([NEW])

    assert safe.open(safe.seal(text, about=about), about=about) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    safe = Safe([NEW])

    assert safe.seal("x", about="a") != safe.seal("x", about="a")


def test_a_new_key_comes_first_and_the_old_one_still_opens() -> None:
    sealed = Safe([OLD]).seal("https://hooks.example.no/secret", about="endpoint 1")

    assert Safe.of(f"{NEW} {OLD}") is not None
    assert Safe([NEW, OLD]).open(sealed, about="endpoint 1") == "https://hooks.example.no/secret"
    with pytest.raises(NotOpenedError):
        Safe([NEW]).open(sealed, about="endpoint 1")


def test_it_does_not_open_for_another_record_nor_when_it_was_changed() -> None:
    safe = Safe([NEW])
    sealed = safe.seal("secret", about="endpoint 1")

    for other, about in ((sealed, "endpoint 2"), (sealed[:-1] + b"x", "endpoint 1"), (b"", "endpoint 1")):
        with pytest.raises(NotOpenedError):
            safe.open(other, about=about)


def test_a_key_that_can_be_guessed_is_refused_and_none_is_none() -> None:
    assert Safe.of(None) is None
    assert Safe.of("  ") is None
    with pytest.raises(ValueError, match="32 characters"):
        Safe.of("short")
