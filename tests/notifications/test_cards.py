"""Notices in chats: complete, within each system's limits, and never more than text."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst_notifications.clients.mail_texts import catalogues
from gevinst_notifications.domain.cards import (
    TEAMS_BYTES,
    Post,
    mattermost_message,
    plain_message,
    post_of,
    slack_message,
    teams_message,
)
from gevinst_notifications.domain.messages import notice
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.wording import Language, worded
from tests.notifications.examples import event

LINK = "https://intranet.example.no/gevinst/projects/1"
words = st.text(max_size=3000)
posts = st.builds(
    Post,
    title=st.text(min_size=1, max_size=160),
    lead=words,
    facts=st.lists(st.tuples(st.text(max_size=200), st.text(max_size=700)), max_size=30).map(tuple),
    action=st.text(min_size=1, max_size=200),
    footer=st.text(min_size=1, max_size=300),
    link=st.none() | st.just(LINK),
)
HOSTILE = (
    "<!channel> @all [x](http://evil.example) <http://evil.example|x> *b* `c` ![i](http://evil.example/i)"
)


def example(kind: NoticeKind, language: Language = Language.NB) -> Post:
    told = notice(event(kind))
    assert told is not None
    read = worded(told, catalogues()[language], reasons=[])
    return post_of(read, footer="Oslo kommune", link=LINK)


def texts_in(node: Any) -> list[str]:
    """Every text run of a card."""
    if isinstance(node, list):
        return [text for one in node for text in texts_in(one)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [text for one in node.values() for text in texts_in(one)]


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("language", Language)
def test_a_team_reads_title_lead_every_fact_and_a_link(kind: NoticeKind, language: Language) -> None:
    post = example(kind, language)

    card = json.loads(teams_message(post))["attachments"][0]["content"]

    said = texts_in(card["body"])
    assert card["version"] == "1.5"
    assert {post.title, post.lead, post.footer} <= set(said)
    assert all(value in said for _, value in post.facts)
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": post.action, "url": LINK}]


@settings(max_examples=50)
@given(posts)
def test_a_card_for_teams_never_exceeds_28_kilobytes(post: Post) -> None:
    message = teams_message(post)

    assert len(message) <= TEAMS_BYTES
    assert post.title in texts_in(json.loads(message))


def test_a_card_that_is_too_long_loses_its_last_facts_first() -> None:
    long = Post("Title", "lead", tuple((f"fact {n}", "ø" * 600) for n in range(30)), "See", "Oslo")

    said = texts_in(json.loads(teams_message(long)))

    assert "fact 0: " in said
    assert "fact 29: " not in said


@settings(max_examples=50)
@given(posts)
def test_slack_gets_what_it_takes(post: Post) -> None:
    message = json.loads(slack_message(post))

    for block in message["blocks"]:
        assert len(block.get("fields", [])) <= 10
        assert all(len(field["text"]) <= 2000 for field in block.get("fields", []))
    assert len(message["blocks"]) <= 50
    assert len(message["blocks"][0]["text"]["text"]) <= 150
    assert len(message["blocks"][1]["text"]["text"]) <= 3000


@settings(max_examples=50)
@given(posts)
def test_mattermost_gets_what_it_takes(post: Post) -> None:
    attachment = json.loads(mattermost_message(post))["attachments"][0]

    assert "@" not in attachment["text"].replace("@\u200b", "")
    assert len(attachment["fields"]) == len(post.facts)


def test_what_people_wrote_calls_nobody_and_links_nowhere() -> None:
    post = Post(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), "See", HOSTILE, LINK)

    teams = json.loads(teams_message(post))["attachments"][0]["content"]["body"]
    slack = json.loads(slack_message(post))
    mattermost = json.loads(mattermost_message(post))["attachments"][0]

    assert {block["type"] for block in teams} == {"RichTextBlock"}
    assert {run["type"] for block in teams for run in block["inlines"]} == {"TextRun"}
    assert "evil" not in json.loads(teams_message(post))["attachments"][0]["content"]["fallbackText"]
    assert slack["text"].startswith("&lt;!channel&gt;")
    assert '"mrkdwn"' not in json.dumps(slack)
    assert "\\[x\\]\\(http\\://evil\\.example\\)" in mattermost["text"]
    assert "@all" not in json.dumps(mattermost, ensure_ascii=False)


def test_plain_text_has_the_same_content() -> None:
    post = example(NoticeKind.GATE_DECIDED)

    title, text = plain_message(post)

    assert title == post.title
    assert post.lead in text
    assert all(f"{label}: {value}" in text for label, value in post.facts)
    assert f"{post.action}: {LINK}" in text
    assert text.endswith("Oslo kommune")
