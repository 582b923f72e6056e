"""A partner's feed that a test writes itself, so that what comes can be wrong, and be mended later."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.receiving import Outcome
from gevinst_shared.sync.revisions import Revision, signed
from gevinst_shared.values.ids import new_id
from tests.support.exchange import Body


@dataclass
class HandFeed:
    """What `giver` gives `reader`: the fields of each project, whatever they are; None has ended."""

    giver: Body
    reader: Body
    records: dict[UUID, Any]
    epoch: str = field(default_factory=lambda: str(new_id()))
    numbers: dict[UUID, int] = field(default_factory=dict)
    asked_from_start: int = 0

    def __post_init__(self) -> None:
        """Number what there is."""
        for number, each in enumerate(self.records, 1):
            self.numbers[each] = number

    async def read(self) -> None:
        """Have the reader read to the end."""
        question = await self.reader.ask(self.giver)
        assert question is not None
        after = 0 if question.cursor is None else int(question.cursor.partition(" ")[2])
        self.asked_from_start += question.cursor is None
        last = max(self.numbers.values(), default=0)
        page = Page(self.epoch, f"cursor {last}", False, 0, tuple(self._revisions(after)))
        assert await self.reader.take(self.giver, question, page) is Outcome.TAKEN

    def mend(self, name: str) -> None:
        """Say right what was wrong, under the number that it had: nothing has changed since."""
        self.records = {
            each: {"name": name} if body is not None and not isinstance(body["name"], str) else body
            for each, body in self.records.items()
        }

    def spoil(self) -> None:
        """Say the first record wrong, as its newest state."""
        first = next(iter(self.records))
        self.records[first] = {"name": 1}
        self.numbers[first] = max(self.numbers.values()) + 1

    def end(self, count: int) -> None:
        """End the first records that there still are."""
        for each in [each for each, body in self.records.items() if body is not None][:count]:
            self.records[each] = None
            self.numbers[each] = max(self.numbers.values()) + 1

    def _revisions(self, after: int) -> list[str]:
        ordered = sorted(self.numbers.items(), key=lambda pair: pair[1])
        return [self._signed(each, number) for each, number in ordered if number > after]

    def _signed(self, each: UUID, number: int) -> str:
        revision = Revision(
            epoch=self.epoch,
            number=number,
            kind="project",
            id=each,
            owner=self.giver.organisation,
            audience=self.reader.organisation,
            at="2026-09-01T12:00:00.000000Z",
            fields=self.records[each],
        )
        return signed(revision, self.giver.key)
