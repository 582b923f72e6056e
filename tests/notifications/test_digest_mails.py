"""Digests in their readers' words."""

import pytest

from gevinst_notifications.domain.wording import Language
from tests.notifications.digest_examples import DATA, LETTER, digest, digest_mail
from tests.notifications.test_mail_texts import Outline

every_language = pytest.mark.parametrize("language", Language)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (
            Language.NB,
            "Ukentlig oppsummering – forsinket: 2, frist snart: 1, forsinket hos dem du leder: 31, nytt: 23",
        ),
        (
            Language.NN,
            "Oppsummering for veka – forseinka: 2, frist snart: 1, forseinka hos dei du leier: 31, nytt: 23",
        ),
        (
            Language.DA,
            "Ugentlig opsamling – forsinket: 2, frist snart: 1, forsinket hos dem, du leder: 31, nyt: 23",
        ),
        (
            Language.SV,
            "Veckosammanfattning – försenat: 2, snart dags: 1, försenat hos dem du leder: 31, nytt: 23",
        ),
        (Language.EN, "Weekly digest – late: 2, due soon: 1, late among those you lead: 31, new: 23"),
    ],
)
def test_the_title_says_how_much_there_is_of_what(language: Language, title: str) -> None:
    assert digest(language).title == title


def test_what_there_is_none_of_is_not_told() -> None:
    one = digest(Language.EN, late=None, line=None, changed_count=0)

    assert one.title == "Weekly digest – due soon: 1"
    assert [section.heading for section in one.sections] == ["Due soon"]
    assert one.plot is None


def test_what_is_not_listed_is_counted() -> None:
    sections = {section.heading: section for section in digest(Language.EN).sections}

    assert sections["Late"].more is None
    assert sections["Late among those you lead"].more == "29 more, not listed here."
    assert sections["New"].more == "20 more, not listed here."


def test_who_answers_is_a_name_or_a_role() -> None:
    (line,) = [one for one in digest(Language.NB).sections if one.heading == "Forsinket hos dem du leder"]

    assert [dict(row.facts)["Ansvarlig"] for row in line.rows] == ["Magnus Mo", "Gevinstansvarlig"]


@every_language
def test_both_twins_of_a_digest_say_the_same(language: Language) -> None:
    told, content = digest(language), digest_mail(language)
    text = Outline(content.html).text

    parts = [told.title, told.lead, told.why]
    for section in told.sections:
        parts.append(section.heading)
        parts += [row.title for row in section.rows]
        parts += [value for row in section.rows for _, value in row.facts]
        parts += [section.more] if section.more else []
    for part in parts:
        assert part in text
        assert part in content.text
    assert LETTER.leave is not None
    assert LETTER.leave in content.text


@every_language
def test_a_digests_picture_says_in_words_what_it_shows(language: Language) -> None:
    told, content = digest(language), digest_mail(language)

    assert told.plot is not None
    assert content.picture is not None
    (picture,) = Outline(content.html).all("img")
    assert picture["alt"] == told.plot.alternative
    assert picture["src"] == f"cid:{content.picture.cid}"
    assert told.plot.alternative in content.text
    assert {bar.value for bar in told.plot.bars} == {2, 1, 31, 23}


def test_what_people_wrote_is_text_in_a_digest() -> None:
    hostile = {**DATA["late"]["entries"][0], "name": "<script>x</script> #set page()"}

    content = digest_mail(Language.EN, late={"count": 1, "entries": [hostile]})

    assert not Outline(content.html).tags["script"]
    assert "<script>x</script> #set page()" in content.text
