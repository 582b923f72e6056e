from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.clients.mail_texts import Letter, MailContent, catalogues, mail_content
from gevinst_notifications.clients.palettes import DARK, LIGHT, Palette
from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.rules import Rung
from gevinst_notifications.domain.duties.silences import Cause
from gevinst_notifications.domain.endpoints import ENDPOINT_CHANNELS, DisabledBecause
from gevinst_notifications.domain.members import Term
from gevinst_notifications.domain.messages import MEMBERS, notice
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.wording import (
    LONGEST_TITLE,
    Language,
    WordedNotice,
    formatted,
    language_of,
    one_line,
    shortened,
    why,
    worded,
)
from gevinst_shared.values.actor import EVERYONE
from gevinst_shared.values.money import Money
from tests.notifications.examples import event

HARD = "\u00a0"
LETTER = Letter("Åse Ødegård", "Oslo kommune", "https://gevinst.example.no/{subject}?a=1&b=2")
LINK = "https://gevinst.example.no/projects/0198?a=1&b=2"
OUTCOMES = {"go", "go-with-conditions", "rework", "step-back", "pause", "stop"}  # G2
every_language = pytest.mark.parametrize("language", Language)
every_kind = pytest.mark.parametrize("kind", NoticeKind)


def words(kind: NoticeKind, language: Language, **changes: object) -> WordedNotice:
    read = notice(event(kind, **changes))
    assert read is not None
    return worded(read, catalogues()[language], reasons=(Reason.OWNS_PROJECT, Reason.RUNS_PORTFOLIO))


def mail(kind: NoticeKind, language: Language, *, letter: Letter = LETTER, **changes: object) -> MailContent:
    return mail_content(
        words(kind, language, **changes), letter, subject="projects/0198", catalogue=catalogues()[language]
    )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every_language
def test_a_language_has_every_text(language: Language) -> None:
    catalogue = catalogues()[language]

    assert set(catalogue.kinds) == set(NoticeKind)
    assert set(catalogue.reasons) == set(Reason)
    assert set(catalogue.labels) == {member.told_as for members in MEMBERS.values() for member in members}
    assert set(catalogue.vocabularies["roles"]) == EVERYONE
    assert set(catalogue.vocabularies["outcomes"]) == OUTCOMES
    assert set(catalogue.vocabularies["decisions"]) == {"pause", "resume", "close", "reject", "postpone"}
    assert set(catalogue.vocabularies["duties"]) == set(DutyKind)
    assert set(catalogue.vocabularies["rungs"]) == set(Rung)
    assert set(catalogue.vocabularies["silences"]) == set(Cause)
    assert set(catalogue.vocabularies) == set(catalogues()[Language.EN].vocabularies)
    for name, words in catalogues()[Language.EN].vocabularies.items():
        assert set(catalogue.vocabularies[name]) == set(words)
    assert set(catalogue.vocabularies["channels"]) == {str(one) for one in ENDPOINT_CHANNELS}
    assert set(catalogue.vocabularies["disablings"]) == {str(one) for one in DisabledBecause}
    phrases = {"greeting", "because", "sent_by", "price_level", "test_title", "test_lead", "leave", "stays"}
    assert set(catalogue.phrases) == phrases
    for part in ("digest", "leaving"):
        english = getattr(catalogues()[Language.EN], part)
        assert {name: placeholders(text) for name, text in getattr(catalogue, part).items()} == {
            name: placeholders(text) for name, text in english.items()
        }


@every_language
def test_no_text_is_empty(language: Language) -> None:
    catalogue = catalogues()[language]
    kinds = [text for texts in catalogue.kinds.values() for text in asdict(texts).values()]
    lists = [word for words in catalogue.vocabularies.values() for word in words.values()]

    texts = [*kinds, *lists, *catalogue.labels.values(), *catalogue.reasons.values()]
    texts += [*catalogue.digest.values(), *catalogue.leaving.values(), *catalogue.phrases.values()]
    assert all(text and text == text.strip() for text in texts)


@every_kind
def test_the_placeholders_of_a_text_are_the_same_in_every_language(kind: NoticeKind) -> None:
    english = catalogues()[Language.EN].kinds[kind]
    for language in Language:
        texts = catalogues()[language].kinds[kind]
        for part in ("subject", "lead", "action"):
            assert placeholders(getattr(texts, part)) == placeholders(getattr(english, part)), (
                language,
                part,
            )


@every_kind
def test_sentences_need_only_members_that_every_event_of_the_kind_has(kind: NoticeKind) -> None:
    texts = catalogues()[Language.EN].kinds[kind]
    needed = {member.told_as for member in MEMBERS[kind] if member.is_required}

    assert placeholders(texts.subject) | placeholders(texts.lead) <= needed
    assert placeholders(texts.action) == set()


@pytest.mark.parametrize(
    ("language", "kroner", "pounds"),
    [
        (Language.NB, "1_234_567,50_kr (2026-priser)", "1_250_000_000_£ (2023-priser)"),
        (Language.NN, "1_234_567,50_kr (2026-prisar)", "1_250_000_000_£ (2023-prisar)"),
        (Language.DA, "1.234.567,50_NOK (2026-priser)", "1.250.000.000_£ (2023-priser)"),
        (Language.SV, "1_234_567,50_Nkr (2026 års priser)", "1_250_000_000_GBP (2023 års priser)"),
        (Language.EN, "NOK_1,234,567.50 (2026 prices)", "£1,250,000,000 (2023 prices)"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language: Language, kroner: str, pounds: str) -> None:
    catalogue = catalogues()[language]

    assert formatted(Money(Decimal("1234567.50"), "NOK", 2026), catalogue) == kroner.replace("_", HARD)
    assert formatted(Money(Decimal(1250000000), "GBP", 2023), catalogue) == pounds.replace("_", HARD)


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        (Language.NB, "24. mai 2027", "1_234,5"),
        (Language.NN, "24. mai 2027", "1_234,5"),
        (Language.DA, "24. maj 2027", "1.234,5"),
        (Language.SV, "24 maj 2027", "1_234,5"),
        (Language.EN, "24 May 2027", "1,234.5"),
    ],
)
def test_days_and_numbers_are_written_as_the_reader_writes_them(
    language: Language, day: str, number: str
) -> None:
    catalogue = catalogues()[language]

    assert formatted(date(2027, 5, 24), catalogue) == day
    assert formatted(Decimal("1234.5"), catalogue) == number.replace("_", HARD)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.NB, "Du får denne meldingen fordi du eier prosjektet og administrerer Gevinst."),
        (Language.NN, "Du får denne meldinga fordi du eig prosjektet og administrerer Gevinst."),
        (Language.DA, "Du får denne besked, fordi du ejer projektet og administrerer Gevinst."),
        (
            Language.SV,
            "Du får det här meddelandet eftersom du äger projektet och administrerar Gevinst.",
        ),
        (Language.EN, "You receive this message because you own the project and administer Gevinst."),
    ],
)
def test_one_sentence_says_why_one_hears_of_it(language: Language, sentence: str) -> None:  # N4
    assert why((Reason.OWNS_PROJECT, Reason.ADMINISTERS), catalogues()[language]) == sentence


def test_a_word_newer_than_our_texts_is_told_as_it_is() -> None:
    assert formatted(Term("outcomes", "merge"), catalogues()[Language.NB]) == "merge"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("nb-NO", Language.NB),
        ("no", Language.NB),
        ("NN", Language.NN),
        ("da_DK", Language.DA),
        ("sv", Language.SV),
        ("fi", Language.EN),
        ("", Language.EN),
        (None, Language.EN),
    ],
)
def test_a_language_tag_finds_the_nearest_language(tag: str | None, language: Language) -> None:
    assert language_of(tag) is language


def test_what_is_absent_is_not_told() -> None:
    labels = [label for label, _ in words(NoticeKind.GATE_PROPOSED, Language.NB, decide_by=None).facts]

    assert labels == ["Prosjekt", "Beslutningspunkt", "Utfall", "Begrunnelse"]


def test_a_long_name_is_cut_in_the_title_and_whole_in_the_facts() -> None:
    name = "Samordnet oppfølging " * 20

    told = words(NoticeKind.GATE_DECIDED, Language.NB, project_name=name)

    assert len(told.title) == LONGEST_TITLE
    assert told.title.endswith("…")
    assert ("Prosjekt", name.strip()) in told.facts


@pytest.mark.parametrize(
    "letter",
    ["e\u0301", "👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🇳🇴", "🏴\U000e0067\U000e0062\U000e007f", "a"],
)
@pytest.mark.parametrize("longest", range(20, 40))
def test_a_text_is_cut_between_letters(letter: str, longest: int) -> None:
    text = shortened("x" + letter * 60, longest)

    whole = text.removeprefix("x").removesuffix("…")
    assert len(text) <= longest
    assert whole == letter * (len(whole) // len(letter))
    assert len(whole) > longest - 2 - 2 * len(letter)


def test_a_letter_without_end_is_cut_all_the_same() -> None:
    assert shortened("e" + "\u0301" * 500, 160) == "e" + "\u0301" * 158 + "…"


def test_braces_in_a_name_are_only_text() -> None:
    told = words(NoticeKind.GATE_DECIDED, Language.EN, project_name="{outcome} {0} {x.__class__}")

    assert "{outcome} {0} {x.__class__}" in told.lead


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)

    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


class Outline(HTMLParser):
    """Counts what a page holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.attributes if name == tag]


@every_language
@every_kind
def test_a_mail_is_accessible(kind: NoticeKind, language: Language) -> None:
    page = Outline(mail(kind, language).html)

    assert page.all("html")[0]["lang"] == language
    assert page.tags["h1"] == 1
    assert page.tags["title"] == 1
    layout = [table for table in page.all("table") if table.get("role") == "presentation"]
    assert len(layout) == page.tags["table"] - 1  # the one that is left holds facts, with headers
    assert {header["scope"] for header in page.all("th")} == {"row"}
    assert {"name": "color-scheme", "content": "light dark"} in page.all("meta")


@every_language
@every_kind
def test_a_mail_fetches_nothing_and_tracks_nobody(kind: NoticeKind, language: Language) -> None:
    content = mail(kind, language)
    page = Outline(content.html)

    assert not {"script", "link", "iframe", "form"} & set(page.tags)
    assert all((picture["src"] or "").startswith("cid:") for picture in page.all("img"))
    assert "url(" not in content.html
    assert [link["href"] for link in page.all("a")] == [LINK]


@every_language
@every_kind
def test_both_twins_say_the_same(kind: NoticeKind, language: Language) -> None:
    told = words(kind, language)
    content = mail(kind, language)
    page = Outline(content.html)

    for part in (told.title, told.lead, told.action, told.why, *(value for _, value in told.facts)):
        assert part in page.text
        assert part in content.text
    assert content.subject == told.title
    assert LINK in content.text


@every_language
@every_kind
def test_no_placeholder_is_left(kind: NoticeKind, language: Language) -> None:
    content = mail(kind, language)

    for part in (content.subject, content.text, Outline(content.html).text.partition("</style>")[2]):
        assert "{" not in part
        assert "None" not in part


def test_what_people_wrote_is_escaped() -> None:
    content = mail(
        NoticeKind.PROJECT_STOPPED,
        Language.NB,
        letter=Letter("<i>Åse</i>", "<u>Oslo</u>", 'https://x.no/"><script>'),
        project_name="<script>alert(1)</script>",
        reason="<a href=//x.no>les mer</a>",
    )

    page = Outline(content.html)
    assert not {"script", "i", "u"} & set(page.tags)
    assert page.tags["a"] == 1
    assert "<script>alert(1)</script>" in content.text


def test_line_breaks_in_names_change_no_line() -> None:
    plain = mail(NoticeKind.PROJECT_STOPPED, Language.NB, project_name="A B")
    broken = mail(NoticeKind.PROJECT_STOPPED, Language.NB, project_name="A\r\n\u2028B")

    assert broken == plain


def test_a_mail_without_a_link_or_a_name_has_neither() -> None:
    content = mail(NoticeKind.PROJECT_STOPPED, Language.NB, letter=Letter("", "Oslo kommune"))

    assert "<a " not in content.html
    assert "Hei" not in content.text
    assert "Se prosjektet" not in content.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/projects/1", "data:text/html,x"])
def test_a_link_is_a_web_address(link: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        mail(NoticeKind.PROJECT_STOPPED, Language.NB, letter=replace(LETTER, record_url=link))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1.   Check: #ffffff is 1."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(palette: Palette) -> None:
    assert min(contrast(ink, palette.surface) for ink in (palette.text, palette.muted, palette.link)) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5


def test_every_colour_of_a_mail_comes_from_the_palettes() -> None:
    html = mail(NoticeKind.GATE_DECIDED, Language.NB).html
    known = {*asdict(LIGHT).values(), *asdict(DARK).values()}

    used = {html[at : at + 7] for at in range(len(html)) if html[at] == "#" and html[at - 1] in ": "}
    assert used <= known
