"""What is wrong at a place of a request is said in the reader's language."""

import json
from string import Formatter
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from gevinst_shared.web.faults import fault_text
from gevinst_shared.web.languages import LANGUAGES
from gevinst_shared.web.shapes import Amount, Day, Id, In, Moment, Name
from tests.support.tree import PACKAGES

TEXTS = json.loads((PACKAGES["gevinst_shared"] / "texts" / "faults.json").read_text("utf-8"))


class _Shape(In):
    name: Name
    id: Id
    day: Day
    moment: Moment
    amount: Amount
    count: Annotated[int, Field(ge=1, le=9)] = 1
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    way: Literal["up", "down"] = "up"
    words: tuple[Annotated[str, Field(min_length=2, max_length=3)], ...] = Field(default=(), max_length=2)


def faults(value: object) -> list[Any]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(_Shape).validate_python(value)
    return list(refused.value.errors())


def test_each_sentence_is_there_in_every_language_with_the_same_values() -> None:
    for kind, texts in TEXTS.items():
        assert texts.keys() == set(LANGUAGES) - {"en"}, kind
        named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()]
        assert all(names == named[0] for names in named), kind


@pytest.mark.parametrize("language", ["nb", "nn", "da", "sv"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    odd = {
        "name": " ",
        "id": 5,
        "day": 0,
        "moment": "T",
        "amount": "1e5",
        "more": None,
        "words": ["a", "abcd"],
    }
    below, above = {"count": 0, "share": 0}, {"count": 10, "share": 1, "way": "left", "words": [""] * 3}

    told = [(fault, fault_text(fault, language)) for fault in [*faults(odd | below), *faults(above)]]

    assert len(told) == 21
    assert [fault["type"] for fault, text in told if text == fault["msg"]] == []


def test_choices_are_joined_in_the_readers_language() -> None:
    fault = {
        "type": "literal_error",
        "msg": "Input should be 'up' or 'down'",
        "ctx": {"expected": "'up' or 'down'"},
    }

    assert fault_text(fault, "nb") == "Må være 'up' eller 'down'."
    assert fault_text(fault, "en") == "Input should be 'up' or 'down'"


def test_what_nobody_has_translated_is_told_as_the_framework_tells_it_without_control_characters() -> None:
    assert fault_text({"type": "odd", "msg": "Odd\u0000"}, "da") == "Odd\ufffd"
