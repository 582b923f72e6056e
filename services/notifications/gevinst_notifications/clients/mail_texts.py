"""Texts and templates read from the package, and mails made of them.

Reading files is this room's work. Once read, everything is a pure function of its arguments: the same
notice, reader and texts give the same mail, so a repeated attempt sends the same words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from gevinst_notifications.clients import plots
from gevinst_notifications.clients.palettes import DARK, LIGHT
from gevinst_notifications.domain.plots import Plot
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.wording import Catalogue, KindTexts, Language, WordedNotice, one_line
from gevinst_notifications.domain.wording_digests import WordedDigest

_PACKAGE = "gevinst_notifications"


@dataclass(frozen=True, slots=True)
class Letter:
    """The frame around what is told: who reads it, for which body, and where records can be seen.

    `record_url` is an address with `{subject}` in it. `leave` is where one stops such mails; without it
    `stays` says whether that is because somebody must act.
    """

    reader_name: str
    organisation_name: str
    record_url: str | None = None
    leave: str | None = None
    stays: bool = False

    def link(self, subject: str | None) -> str | None:
        """Where the record can be seen. ValueError when that is no web address."""
        if self.record_url is None or subject is None:
            return None
        if not self.record_url.startswith(("https://", "http://")):
            raise ValueError("a link in a mail is a web address")
        return self.record_url.replace("{subject}", subject)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the mail brings along, shown where its HTML names `cid`."""

    cid: str
    alternative: str
    png: bytes


@dataclass(frozen=True, slots=True)
class MailContent:
    """A mail's words: the same content twice, as HTML and as plain text, with the HTML's picture."""

    language: Language
    subject: str
    html: str
    text: str
    picture: Picture | None = None


@cache
def catalogues() -> Mapping[Language, Catalogue]:
    """Every language's texts, read once."""
    return {language: _read_catalogue(language) for language in Language}


def mail_content(
    notice: WordedNotice, letter: Letter, *, subject: str | None, catalogue: Catalogue
) -> MailContent:
    """The mail that tells `notice`, which is about the record `subject`."""
    values = {
        "title": notice.title,
        "lead": notice.lead,
        "facts": notice.facts,
        "action": notice.action,
        "why": notice.why,
        "link": letter.link(subject),
    }
    return _content("mail", values, letter, catalogue, _picture(notice.plot, catalogue.language))


def personal(content: MailContent, values: Mapping[str, str]) -> MailContent:
    """The mail with each of the words that are the keys replaced by its value."""
    html, text = content.html, content.text
    for word, value in values.items():
        html, text = html.replace(word, escape(value)), text.replace(word, value)
    return replace(content, html=html, text=text)


def digest_content(digest: WordedDigest, letter: Letter, *, catalogue: Catalogue) -> MailContent:
    """The mail that tells what was gathered, what is due and what is late."""
    subjects = {row.subject for section in digest.sections for row in section.rows}
    values = {
        "title": digest.title,
        "lead": digest.lead,
        "sections": digest.sections,
        "why": digest.why,
        "links": {subject: letter.link(subject) for subject in subjects},
    }
    return _content("digest", values, letter, catalogue, _picture(digest.plot, catalogue.language))


def unsubscribe_page(catalogue: Catalogue, *, organisation_name: str, address: str | None, style: str) -> str:
    """The page on which one stops mails of a kind; without an `address` to send to it was done."""
    words = catalogue.leaving
    values = {
        "language": catalogue.language,
        "title": words["title"] if address else words["done_title"],
        "lead": words["lead"].format(organisation=one_line(organisation_name))
        if address
        else words["done_lead"],
        "button": words["button"] if address else None,
        "address": address,
        "style": style,
    }
    return _templates().get_template("unsubscribe.html").render(values)


def _content(
    template: str,
    values: Mapping[str, object],
    letter: Letter,
    catalogue: Catalogue,
    picture: Picture | None,
) -> MailContent:
    name = one_line(letter.reader_name)
    phrases = catalogue.phrases
    framed = {
        **values,
        "language": catalogue.language,
        "greeting": phrases["greeting"].format(name=name) if name else "",
        "sent_by": phrases["sent_by"].format(organisation=one_line(letter.organisation_name)),
        "leave": letter.leave,
        "leave_text": phrases["leave"],
        "leave_action": catalogue.leaving["button"],
        "stays": phrases["stays"] if letter.stays else None,
        "picture": picture,
        "picture_width": plots.WIDTH,
        "light": LIGHT,
        "dark": DARK,
    }
    return MailContent(
        language=catalogue.language,
        subject=str(values["title"]),
        html=_templates().get_template(f"{template}.html").render(framed),
        text=_templates().get_template(f"{template}.txt").render(framed),
        picture=picture,
    )


def _picture(plot: Plot | None, language: Language) -> Picture | None:
    if plot is None:
        return None
    drawn = plots.png(plot, language)
    return Picture(f"{sha256(drawn).hexdigest()[:20]}@plot.gevinst", plot.alternative, drawn)


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
        digest=read["digest"],
        leaving=read["leaving"],
    )
