"""Texts and templates read from the package, and mails made of them.

Reading files is this room's work. Once read, everything is a pure function of its arguments: the same
notice, reader and texts give the same mail, so a repeated attempt sends the same words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.wording import Catalogue, KindTexts, Language, WordedNotice, one_line

_PACKAGE = "gevinst_notifications"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a mail; text, muted and link stand on `surface`, `on_accent` on `accent`, all at 4.5:1."""

    page: str
    surface: str
    line: str
    text: str
    muted: str
    link: str
    accent: str
    on_accent: str


LIGHT = Palette(
    page="#eef1f4",
    surface="#ffffff",
    line="#d3dae0",
    text="#16202a",
    muted="#4d5a66",
    link="#0b5567",
    accent="#0b5567",
    on_accent="#ffffff",
)
DARK = Palette(
    page="#12181e",
    surface="#1b242c",
    line="#36434f",
    text="#edf2f6",
    muted="#aab7c3",
    link="#7fd0e2",
    accent="#7fd0e2",
    on_accent="#0c1a20",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The frame around a notice in a mail: who reads it, for which body, and where the record can be seen."""

    reader_name: str
    organisation_name: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class MailContent:
    """A mail's words: the same content twice, as HTML and as plain text."""

    language: Language
    subject: str
    html: str
    text: str


@cache
def catalogues() -> Mapping[Language, Catalogue]:
    """Every language's texts, read once."""
    return {language: _read_catalogue(language) for language in Language}


def mail_content(notice: WordedNotice, letter: Letter, *, catalogue: Catalogue) -> MailContent:
    """The mail that tells `notice`. ValueError when the link is no web address."""
    if letter.link is not None and not letter.link.startswith(("https://", "http://")):
        raise ValueError("a link in a mail is a web address")
    name = one_line(letter.reader_name)
    values = {
        "notice": notice,
        "greeting": catalogue.phrases["greeting"].format(name=name) if name else "",
        "sent_by": catalogue.phrases["sent_by"].format(organisation=one_line(letter.organisation_name)),
        "link": letter.link,
        "light": LIGHT,
        "dark": DARK,
    }
    return MailContent(
        language=notice.language,
        subject=notice.title,
        html=_templates().get_template("mail.html").render(values),
        text=_templates().get_template("mail.txt").render(values),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _read_catalogue(language: Language) -> Catalogue:
    text = files(_PACKAGE).joinpath("texts", "notices", f"{language}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return Catalogue(
        language=language,
        kinds={NoticeKind(kind): KindTexts(**texts) for kind, texts in read["kinds"].items()},
        labels=read["labels"],
        reasons={Reason(reason): clause for reason, clause in read["reasons"].items()},
        vocabularies=read["vocabularies"],
        phrases=read["phrases"],
    )
