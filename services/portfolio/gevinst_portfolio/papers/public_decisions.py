"""Public decisions as a page without script, and as an Atom feed (RFC 4287), in the reader's language."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urlencode

from gevinst_shared.papers.typefaces import plain
from gevinst_shared.papers.wording import TAGS, Words
from gevinst_shared.values.organisation import day_there

Json = Mapping[str, Any]
# What each language calls itself.
NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk", "sv": "Svenska", "en": "English"}
STYLE = (
    ":root{--surface:#fff;--text:#1a1a1a;--muted:#4d4d4d;--line:#b3b3b3;--link:#1f3a5f}"
    "@media(prefers-color-scheme:dark){:root{--surface:#161616;--text:#f2f2f2;--muted:#c4c4c4;--line:#666;"
    "--link:#a9c8f0}}"
    "*{box-sizing:border-box}"
    "body{margin:0;padding:16px;font:16px/1.5 Arial,Helvetica,sans-serif;background:var(--surface);"
    "color:var(--text);color-scheme:light dark}"
    "header,main,footer{max-width:48rem;margin:auto}"
    "h1{font-size:1.6rem;line-height:1.3;margin:0 0 .5rem}h2{font-size:1.15rem;margin:0 0 .25rem}"
    "h1,h2,p,li,dd{overflow-wrap:anywhere}"
    "a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}"
    "article{border-top:1px solid var(--line);padding:1rem 0}"
    "dl{margin:0}dt{font-weight:700;margin-top:.5rem}dd{margin:0}dd ul{margin:0;padding-left:1.25rem}"
    ".note{border-left:4px solid var(--link);padding-left:.75rem;margin:.75rem 0}"
    "[aria-current]{font-weight:700}"
    "footer{color:var(--muted);border-top:1px solid var(--line);padding-top:1rem}"
)
# What was stopped or closed does not start.
_TO_START = ("approved", "rescheduled", "resumed", "postponed")
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class PublicList:
    """A page of public decisions (`PublicDecisionOut`), newest first, of the organisation called `name`.

    `address` is where they are told, without a name of its own at the end; `older` is the cursor of the next
    page, None on the last. `case` is the only case number that was asked for.
    """

    name: str
    organisation: str
    address: str
    decisions: Sequence[Json]
    older: str | None = None
    case: str | None = None


def page(listed: PublicList, words: Words) -> str:
    """The page: one heading, a landmark for each part, an article for each decision."""
    title = _text(words.say("public-title", name=listed.name))
    feed = f"decision-feed?language={words.language}"
    return (
        f'<!doctype html><html lang="{TAGS[words.language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title}</title><link rel="alternate" type="application/atom+xml" title="{title}" '
        f'href="{feed}"><style>{STYLE}</style></head><body>'
        f"<header>{_languages(listed, words)}<h1>{title}</h1></header><main>"
        f"<p>{_text(words.say('public-introduction'))}</p>"
        f"{''.join(_article(one, words) for one in listed.decisions) or _nothing(words)}"
        f"{_older(listed, words)}</main>"
        f'<footer><p><a href="{feed}">{_text(words.say("public-feed"))}</a></p></footer></body></html>'
    )


def atom(listed: PublicList, words: Words) -> str:
    """The feed. An entry's id is the decision's and never changes; a correction is an update of it."""
    title = _text(words.say("public-title", name=listed.name))
    updated = max((one["updated_at"] for one in listed.decisions), default="1970-01-01T00:00:00Z")
    address, language = _text(listed.address), words.language
    feed = f"{address}/decision-feed?language={language}"
    older = (
        "" if listed.older is None else f'<link rel="next" href="{feed}&amp;cursor={escape(listed.older)}"/>'
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{TAGS[words.language]}">'
        f"<title>{title}</title><id>{address}/decision-feed</id><updated>{updated}</updated>"
        f'<link rel="self" type="application/atom+xml" href="{feed}"/>{older}'
        f'<link rel="alternate" type="text/html" hreflang="{TAGS[language]}" '
        f'href="{address}/decision-page?language={language}"/>'
        f"<author><name>{_text(listed.name)}</name></author>"
        f"{''.join(_entry(one, address, words) for one in listed.decisions)}</feed>"
    )


def _entry(one: Json, address: str, words: Words) -> str:
    body = f"<dl>{''.join(_members(one, words))}</dl>{''.join(_notes(one, words))}"
    # The page of its case alone: on the page of all it would move on as others come.
    asked = escape(urlencode({"language": words.language, "case": one["case_number"]}))
    return (
        f"<entry><title>{_text(_headline(one, words))}</title><id>urn:uuid:{one['id']}</id>"
        f"<published>{one['published_at']}</published><updated>{one['updated_at']}</updated>"
        f'<link rel="alternate" type="text/html" href="{address}/decision-page?{asked}#d-{one["id"]}"/>'
        f"<author><name>{_text(one['body'])}</name></author>"
        f'<content type="html">{escape(body)}</content></entry>'
    )


def _article(one: Json, words: Words) -> str:
    at = f"d-{one['id']}"
    return (
        f'<article id="{at}" aria-labelledby="h-{one["id"]}">'
        f'<h2 id="h-{one["id"]}">{_text(_headline(one, words))}</h2>'
        f"{''.join(_notes(one, words))}<dl>{''.join(_members(one, words))}</dl></article>"
    )


def _headline(one: Json, words: Words) -> str:
    if one["is_withdrawn"]:
        return words.say("public-withdrawn", case=one["case_number"])
    return words.say("public-headline", case=one["case_number"], kind=words.term("decision", one["kind"]))


def _members(one: Json, words: Words) -> Iterator[str]:
    yield _member(words.say("decided-on"), _text(_day(one["decided_on"], words)))
    yield _member(words.say("public-body"), _text(one["body"]))
    yield _member(words.say("case-number"), _text(one["case_number"]))
    if "until" in one:
        yield _member(words.say("until"), _text(_day(one["until"], words)))
    projects = one.get("projects", ())
    if projects:
        items = "".join(f"<li>{_text(_project(each, words))}</li>" for each in projects)
        yield _member(words.say("outcome"), f"<ul>{items}</ul>")


def _project(one: Json, words: Words) -> str:
    said = words.say("public-project", name=one["name"], effect=words.term("effect", one["effect"]))
    if "start" in one and one["effect"] in _TO_START:
        said = words.say("public-starts", project=said, day=_day(one["start"], words))
    if "followed_by_id" in one:
        said = words.say("public-followed", project=said)
    return said


def _notes(one: Json, words: Words) -> Iterator[str]:
    for note in one["notes"]:
        day = words.day(day_there(one["organisation"], datetime.fromisoformat(note["noted_at"])))
        said = words.say(f"public-{note['kind']}", day=day, text=note["text"])
        yield f'<p class="note">{_text(said)}</p>'


def _member(label: str, value: str) -> str:
    return f"<dt>{_text(label)}</dt><dd>{value}</dd>"


def _languages(listed: PublicList, words: Words) -> str:
    current = ' aria-current="true"'
    only = {} if listed.case is None else {"case": listed.case}
    links = (
        f'<li><a href="?{escape(urlencode({"language": code, **only}))}" '
        f'lang="{TAGS[code]}" hreflang="{TAGS[code]}"'
        f"{current if code == words.language else ''}>{name}</a></li>"
        for code, name in NAMES.items()
    )
    return f'<nav aria-label="{_text(words.say("public-languages"))}"><ul>{"".join(links)}</ul></nav>'


def _older(listed: PublicList, words: Words) -> str:
    if listed.older is None:
        return ""
    only = {} if listed.case is None else {"case": listed.case}
    target = escape("?" + urlencode({"language": words.language, **only, "cursor": listed.older}))
    label = _text(words.say("public-older"))
    return f'<nav aria-label="{label}"><p><a rel="next" href="{target}">{label}</a></p></nav>'


def _nothing(words: Words) -> str:
    return f"<p>{_text(words.say('public-nothing'))}</p>"


def _day(text: str, words: Words) -> str:
    return words.day(date.fromisoformat(text))


def _text(text: str) -> str:
    """As markup shows it: what users wrote is never markup, and XML has no control characters."""
    return escape(plain(text))
