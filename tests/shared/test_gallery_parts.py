"""The gallery without a house: what it says where there is nothing, and how its story is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gevinst_shared.cli.gallery.publishing import own_origins
from gevinst_shared.cli.gallery.story import moved
from gevinst_shared.cli.gateway.gallery import Exhibit, gallery_page, shown_before, write_gallery
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, TrustedIssuer
from gevinst_shared.cli.municipality.loading import read_example
from tests.support.tree import ROOT

LANGUAGES = ("en", "nb", "nn", "da", "sv")
WORDS = ROOT / "shared" / "gevinst_shared" / "cli" / "gateway" / "gallery_words"
PRODUCTION = GatewaySettings(
    listen=Address("127.0.0.1", 8080),
    services={"portfolio": Address("portfolio", 8000)},
    issuers=(
        TrustedIssuer("https://id.example", "https://gevinst.example", jwks_url="https://id.example/k"),
    ),
    public_url="https://gevinst.example",
)
STRIP = Exhibit("gate-strip", "benefits", "/projects/1/charts/gate-strip?language=en", 300, 600)
SUMS = replace(STRIP, name="planned-against-realised")


def test_years_and_days_move_and_nothing_else() -> None:
    said = {"due_year": 2027, "points": 2027, "lines": [{"day": "2027-01-31", "name": "2027"}], "years": [2]}

    assert moved(said, 2) == {
        "due_year": 2029,
        "points": 2027,
        "lines": [{"day": "2029-01-31", "name": "2027"}],
        "years": [2],
    }


def test_every_record_that_the_story_names_is_in_the_files() -> None:
    story, municipality = read_example("story.json"), read_example("municipality.json")
    names = {one["key"] for noun in ("goals", "benefits", "people") for one in story[noun]}
    names |= {one["key"] for one in municipality["units"]}

    assert _named(story) <= names
    assert {one["unit"] for one in (story["project"],)} <= names


@pytest.mark.parametrize("language", LANGUAGES)
def test_production_says_where_the_examples_are_and_names_no_token(language: str) -> None:
    page = gallery_page(PRODUCTION, language, ())

    assert f'<html lang="{language}">' in page
    assert "make run</code>" in page
    assert "TOKEN" not in page
    assert "iframe" not in page


def test_development_says_that_they_are_on_their_way() -> None:
    page = gallery_page(replace(PRODUCTION, issuer_upstream=Address("127.0.0.1", 1)), "en", ())

    assert "being loaded" in page


def test_every_language_has_every_word() -> None:
    words = {language: json.loads((WORDS / f"{language}.json").read_text("utf-8")) for language in LANGUAGES}

    assert {frozenset(one) for one in words.values()} == {frozenset(words["en"])}
    assert all(all(one.values()) for one in words.values())


def test_what_was_written_is_found_again_and_another_versions_is_left(tmp_path: Path) -> None:
    settings = replace(PRODUCTION, gallery=tmp_path)
    write_gallery(settings, {"en": [STRIP, SUMS]})

    found = shown_before(tmp_path)
    (tmp_path / "exhibits.json").write_text('{"en": [{"old": 1}]}')

    assert found == {"en": [STRIP, SUMS]}
    assert shown_before(tmp_path) == {}
    assert 'id="gate-strip"' in (tmp_path / "en.html").read_text("utf-8")


def test_titles_are_text_and_never_markup() -> None:
    odd = replace(STRIP, title='<script>"&', frame='<iframe title="x"></iframe>')

    page = gallery_page(PRODUCTION, "en", [odd, SUMS])

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_exhibit_names_its_operation_without_the_language() -> None:
    odd = replace(STRIP, resource="/portfolios/1/charts/bubbles?criterion=2&language=nb")

    assert odd.operation == "/benefits/v1/portfolios/1/charts/bubbles?criterion=2"
    assert STRIP.operation == "/benefits/v1/projects/1/charts/gate-strip"


def test_the_pages_of_one_machine_have_two_names() -> None:
    assert own_origins("http://127.0.0.1:8080") == ["http://127.0.0.1:8080", "http://localhost:8080"]
    assert own_origins("https://gevinst.example/below") == ["https://gevinst.example"]


def _named(said: object) -> set[str]:
    if isinstance(said, list):
        return {name for one in said for name in _named(one)}
    if not isinstance(said, dict):
        return set()
    own = {value for name, value in said.items() if name.endswith("_id")}
    return own | {name for value in said.values() for name in _named(value)}
