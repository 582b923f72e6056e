"""What the paper of a meeting is made of: the answers of the JSON routes, and names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gevinst_shared.papers.model import Block

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScenarioDocuments:
    """A scenario (`ScenarioOut`), its plan (`PlanOut`), what changes from it to what is decided today
    (`ComparisonOut` without words), and its pictures: frontier, roadmap and load map."""

    scenario: Json
    plan: Json
    comparison: Json
    pictures: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingDocuments:
    """A meeting (`MeetingOut`) with its items (`AgendaItemOut`), and what they name, by id.

    `projects` are `ProjectOut`, `releases` are `ReleaseOut`, `decisions` are `DecisionOut` in the order in
    which they were made; `people` are names. `obstacles` makes a sentence of a plan's `ObstacleOut`s.
    `items_more` and `decisions_more` are how many there are beside these.
    `bubbles` are the portfolio's projects as a picture, where a plan is to be decided.
    """

    portfolio: str
    meeting: Json
    items: Sequence[Json]
    scenarios: Mapping[str, ScenarioDocuments]
    projects: Mapping[str, Json]
    releases: Sequence[Json]
    decisions: Sequence[Json]
    people: Mapping[str, str]
    obstacles: Callable[[Sequence[Json]], str]
    items_more: int = 0
    decisions_more: int = 0
    bubbles: Block | None = None

    @property
    def is_held(self) -> bool:
        """Before it is held it has a paper, afterwards a record."""
        return self.meeting["state"] in ("held", "approved")

    def undecided_scenario(self, item: Json) -> str | None:
        """The scenario that the item asks the board to decide from, while it is not decided."""
        is_open = not (self.is_held or item["is_withdrawn"] or self.decisions_on(item))
        return item.get("scenario_id") if is_open else None

    def decisions_on(self, item: Json) -> list[Json]:
        return [one for one in self.decisions if one.get("agenda_item_id") == item["id"]]
