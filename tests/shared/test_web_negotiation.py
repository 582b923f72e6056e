"""Which representation `Accept` chooses (RFC 9110, 12.5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.web.negotiation import NotOffered, chosen_media

OFFERED = ("application/pdf", "text/csv")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/pdf"),
        (" ", "application/pdf"),
        ("*/*", "application/pdf"),
        ("text/*", "text/csv"),
        ("text/csv, application/pdf", "application/pdf"),
        ("text/csv;q=0.9, application/pdf;q=0.8", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv"),
        ("application/*;q=1, application/pdf;q=0.1, text/csv;q=0.5", "text/csv"),
        ("text/csv;header=present;Q=0.4, application/pdf;q=0.3", "text/csv"),
        ("text/csv;q=2, application/pdf;q=0.1", "application/pdf"),
        ("text/csv;q=nan, application/pdf;q=0.1", "application/pdf"),
    ],
)
def test_the_most_wanted_is_chosen_and_the_first_of_equals(accept: str | None, chosen: str) -> None:
    assert chosen_media(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv;q=0.0", "text", "text/csv;q=x"])
def test_what_is_not_there_is_refused_with_what_is(accept: str) -> None:
    with pytest.raises(NotOffered) as refused:
        chosen_media(accept, OFFERED)

    assert refused.value.values == {"offered": "application/pdf, text/csv"}


@given(st.text(max_size=200))
def test_any_header_is_answered(accept: str) -> None:
    try:
        assert chosen_media(accept, OFFERED) in OFFERED
    except NotOffered:
        assert accept.strip()
