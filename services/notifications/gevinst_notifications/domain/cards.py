"""Notices as chat systems want them: Teams (Adaptive Card), Slack (Block Kit), Mattermost (attachment).

Whatever people wrote is text there, never markup: no link, no mention of everybody, no image comes of it.
Sizes are each system's own limits, with room to spare.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from gevinst_notifications.domain.wording import WordedNotice, shortened

TEAMS_BYTES = 28 * 1024
_SLACK_TITLE, _SLACK_LEAD, _SLACK_FACT, _SLACK_FACTS, _SLACK_BUTTON = 150, 2900, 1900, 10, 75
_MATTERMOST_LEAD, _MATTERMOST_VALUE = 8000, 600
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>:&])")
_INVISIBLE = "\u200b"


@dataclass(frozen=True, slots=True)
class Post:
    """What a chat is told. `link` is where the record can be seen, `footer` who says it."""

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    action: str
    footer: str
    link: str | None = None


def post_of(notice: WordedNotice, *, footer: str, link: str | None) -> Post:
    """The notice without its `why`: a channel is told because somebody subscribed it."""
    return Post(notice.title, notice.lead, notice.facts, notice.action, footer, link)


def teams_message(post: Post) -> bytes:
    """The body for a Workflows address: one Adaptive Card 1.5, at most 28 KB.

    Texts stand in text runs, which know no Markdown. What is too long loses its last facts, then its lead.
    """
    fitting = post
    while len(message := _json(_teams(fitting))) > TEAMS_BYTES:
        facts = fitting.facts[: len(fitting.facts) // 2]
        lead = fitting.lead if fitting.facts else shortened(fitting.lead, len(fitting.lead) // 2)
        fitting = replace(fitting, facts=facts, lead=lead)
    return message


def slack_message(post: Post) -> bytes:
    """The body for an incoming webhook of Slack: blocks of plain text, and the title for notifications."""
    title = shortened(post.title, _SLACK_TITLE)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(title)},
        {"type": "section", "text": _plain(shortened(post.lead, _SLACK_LEAD))},
    ]
    fields = [
        _plain(shortened(f"{label}: {value}", _SLACK_FACT)) for label, value in post.facts[:_SLACK_FACTS]
    ]
    if fields:
        blocks.append({"type": "section", "fields": fields})
    if post.link is not None:
        button = {"type": "button", "text": _plain(shortened(post.action, _SLACK_BUTTON)), "url": post.link}
        blocks.append({"type": "actions", "elements": [button]})
    blocks.append({"type": "context", "elements": [_plain(shortened(post.footer, _SLACK_FACT))]})
    # The one text that Slack reads as markup.
    return _json({"text": _slack_escaped(title), "blocks": blocks})


def mattermost_message(post: Post) -> bytes:
    """The body for an incoming webhook of Mattermost: one attachment, every text of it escaped."""
    attachment: dict[str, Any] = {
        "fallback": _markdown_escaped(post.title),
        "title": _markdown_escaped(post.title),
        "text": _markdown_escaped(shortened(post.lead, _MATTERMOST_LEAD)),
        "fields": [
            {
                "title": _markdown_escaped(label),
                "value": _markdown_escaped(shortened(value, _MATTERMOST_VALUE)),
                "short": len(value) <= 40,
            }
            for label, value in post.facts
        ],
        "footer": _markdown_escaped(post.footer),
    }
    if post.link is not None:
        attachment["title_link"] = post.link
    return _json({"attachments": [attachment]})


def plain_message(post: Post) -> tuple[str, str]:
    """Title and text for channels that know no more than text."""
    lines = [post.lead, "", *(f"{label}: {value}" for label, value in post.facts), "", post.footer]
    if post.link is not None:
        lines[-1:] = [f"{post.action}: {post.link}", "", post.footer]
    return post.title, "\n".join(lines)


def _teams(post: Post) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        _runs({"text": post.title, "weight": "Bolder", "size": "Large"}),
        _runs({"text": post.lead}),
        *(_runs({"text": f"{label}: ", "weight": "Bolder"}, {"text": value}) for label, value in post.facts),
        _runs({"text": post.footer, "isSubtle": True, "size": "Small"}),
    ]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        # Read as Markdown, where everything else is a text run: our own words, and nobody else's.
        "fallbackText": post.action,
        "body": body,
    }
    if post.link is not None:
        card["actions"] = [{"type": "Action.OpenUrl", "title": post.action, "url": post.link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _runs(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markdown_escaped(text: str) -> str:
    """The text as itself; an @ is followed by nothing visible, so that it calls nobody."""
    return _MARKDOWN.sub(r"\\\1", text).replace("@", f"@{_INVISIBLE}")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
