"""What a stop sets free, what could start instead, and who has heard of it."""

from gevinst_shared.cli.api import Document
from gevinst_shared.cli.demo.choice import solved_scenario
from gevinst_shared.cli.demo.mails import mails_when_sent
from gevinst_shared.cli.demo.stage import CAST, Stage, money, table


async def capacity_is_free_again(stage: Stage) -> None:
    """G6: the portfolio hears of the stop by the feed; money and people are free again."""
    stage.chapter("9  Money and people are free again")
    office, project = stage["office"], stage.known["project"]

    async def stopped() -> Document | None:
        found = await office.get(f"portfolio/projects/{project}")
        return found if found["status"] == "stopped" else None

    await stage.until("the portfolio to hear of the stop", stopped)
    releases = await office.get(f"portfolio/portfolios/{stage.known['portfolio']}/releases")
    stage.check("the stop has freed capacity exactly once", len(releases["items"]) == 1)
    release = stage.known["release"] = releases["items"][0]
    freed = table(f"Freed by the stop of «{release['project_name']}»", "what", "how much")
    for year in release["money"]:
        freed.add_row(f"money, {year['year']}", money(year["amount"]))
    for resource in release["resources"]:
        freed.add_row(resource["resource_name"], _people(resource))
    stage.show(freed)
    stage.check("money and people are free again", release["money"] and release["resources"])


async def a_new_scenario(stage: Stage) -> None:
    """G6: what to start instead, and what is different from what was decided."""
    stage.chapter("10  What to start instead")
    office = stage["office"]
    fresh = await solved_scenario(stage, "After the stop")
    before = stage.known["scenario"]
    found = await office.get(f"portfolio/scenarios/{before}/comparison", **{"with": fresh})
    changes = table("From the decided plan to the new one", "project", "change")
    for word, member in (("enters", "enters"), ("leaves", "leaves")):
        for each in found[member][:8]:
            changes.add_row(each["project_name"], word)
    for each in found["moves"][:8]:
        changes.add_row(each["project_name"], f"moves by {each['quarters']:+d} quarters")
    stage.show(changes)
    left = {each["project_id"] for each in found["leaves"]}
    stage.check("the stopped project is out", stage.known["project"] in left)
    stage.check("something else enters instead", found["enters"])


async def people_have_heard(stage: Stage) -> None:
    """N1, N5: those concerned have it in their inbox and in a mail, in their language, once."""
    stage.chapter("11  Who has heard")
    mails = await stage.until("the mails", lambda: _all_told(stage))
    heard = table("What the stop has freed, and who has been told", "", "", "inbox", "mails", "last subject")
    release = stage.known["release"]
    if "total" in release:
        heard.add_row("freed: money", money(release["total"]))
    for resource in release["resources"]:
        heard.add_row(f"freed: {resource['resource_name']}", _people(resource))
    heard.add_section()
    for key, person in CAST.items():
        inbox = [item async for item in stage[key].every("notifications/inbox")]
        own = [mail for mail in mails if f"{person.subject}@example.org" in mail["to"]]
        heard.add_row(
            person.name, person.language, str(len(inbox)), str(len(own)), own[-1]["subject"] if own else ""
        )
        stage.known.setdefault("inboxes", {})[key] = inbox
    stage.show(heard)
    ids = [mail["id"] for mail in mails]
    stage.check(f"{len(ids)} mails have gone out, none twice", len(ids) == len(set(ids)) > 0)
    kinds = {key: {item["kind"] for item in inbox} for key, inbox in stage.known["inboxes"].items()}
    stage.check("the owner has heard of the proposal, the office of the stop", _heard(kinds))
    stage.check("nobody is told of what they did themselves", "gate-decided" not in kinds["owner"])


def _people(resource: Document) -> str:
    return f"{resource['total']:g} {resource['measure']}"


def _heard(kinds: dict[str, set[str]]) -> bool:
    return "gate-proposed" in kinds["owner"] and "gate-decided" in kinds["office"]


async def _all_told(stage: Stage) -> list[Document] | None:
    """All mails, once the last fact of the story has been told and every delivery made."""
    inbox = [item["kind"] async for item in stage["office"].every("notifications/inbox")]
    if not {"gate-decided", "capacity-freed"} <= set(inbox):
        return None
    return await mails_when_sent(stage)
