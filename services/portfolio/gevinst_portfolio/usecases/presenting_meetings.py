"""What the paper of a meeting is made of, out of what its agenda names (P8)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from gevinst_portfolio.papers.meeting.documents import MeetingDocuments, ScenarioDocuments
from gevinst_portfolio.store import decisions, meeting_papers, meetings, portfolios, scenarios
from gevinst_portfolio.usecases.comparing_scenarios import compare_with_today
from gevinst_portfolio.usecases.illustrating_meetings import bubbles_picture, scenario_pictures
from gevinst_portfolio.usecases.planning import read_scenario
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.papers.wording import Words

Json = Mapping[str, Any]
# More than a board can go through in a day; a paper says how many more there are.
_OVER = ("held", "approved")
_MOST_ITEMS, _MOST_DECISIONS, _MOST_SCENARIOS = 100, 100, 8
_MOST_READ = 1000


async def documents_of_meeting(
    work: Work, meeting_id: UUID, words: Words, obstacles: Callable[[Sequence[Json]], str]
) -> MeetingDocuments:
    """Everything that the paper says, or `Unknown` when there is no such meeting."""
    connection = work.connection
    meeting = json.loads((await meetings.MEETINGS.get(connection, meeting_id)).document)
    all_items, all_decided = await _items(work, meeting_id), await _decisions(work, meeting)
    items, decided = all_items[:_MOST_ITEMS], all_decided[:_MOST_DECISIONS]
    ids = {UUID(one) for item in items for one in item["project_ids"]}
    release_ids = [UUID(item["release_id"]) for item in items if "release_id" in item]
    # A record does not move with the register: the plans were compared before the meeting.
    shown = {} if meeting["state"] in _OVER else await _scenarios(work, items, words)
    return MeetingDocuments(
        portfolio=(await portfolios.get_portfolio(connection, UUID(meeting["portfolio_id"]))).name,
        meeting=meeting,
        items=items,
        scenarios=shown,
        projects=await meeting_papers.projects_by_id(connection, ids),
        releases=await meeting_papers.list_releases(
            connection, release_ids, [UUID(one["id"]) for one in decided]
        ),
        decisions=decided,
        people=await _people(work, meeting),
        obstacles=obstacles,
        items_more=len(all_items) - len(items),
        decisions_more=len(all_decided) - len(decided),
        bubbles=await bubbles_picture(work, UUID(meeting["portfolio_id"]), words) if shown else None,
    )


async def _items(work: Work, meeting_id: UUID) -> list[Json]:
    page = await meetings.ITEMS.page(
        work.connection, sort="position", limit=_MOST_READ, after=None, filters={"meeting": meeting_id}
    )
    found: list[Json] = json.loads(page.items)
    return found


async def _decisions(work: Work, meeting: Json) -> list[Json]:
    filters = {"portfolio": UUID(meeting["portfolio_id"]), "meeting": UUID(meeting["id"])}
    page = await decisions.LISTING.page(
        work.connection, sort="id", limit=_MOST_READ, after=None, filters=filters
    )
    found: list[Json] = json.loads(page.items)
    return found


async def _scenarios(work: Work, items: Sequence[Json], words: Words) -> Mapping[str, ScenarioDocuments]:
    """Those that are still to be decided; of the others the decision says what it did."""
    asked = [
        item["scenario_id"]
        for item in items
        if "scenario_id" in item and not item["decision_ids"] and not item["is_withdrawn"]
    ]
    found = list(dict.fromkeys(asked))[:_MOST_SCENARIOS]
    return {one: await _scenario(work, UUID(one), words) for one in found}


async def _scenario(work: Work, scenario_id: UUID, words: Words) -> ScenarioDocuments:
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    compared = await compare_with_today(work, scenario_id)
    assert scenario.plan is not None  # or there was nothing to compare
    shown = json.loads((await read_scenario(work, scenario_id)).document)
    pictures = await scenario_pictures(work, scenario_id, words)
    return ScenarioDocuments(shown, scenario.plan, compared.members, pictures)


async def _people(work: Work, meeting: Json) -> Mapping[str, str]:
    ids = {UUID(one) for one in (*meeting["member_ids"], *meeting.get("attended_ids", ()))}
    subjects = [meeting[name] for name in ("called_by", "approved_by") if name in meeting]
    return await meeting_papers.people_names(work.connection, ids, subjects)
