"""G5: the checklist of a gate and its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gevinst_benefits.domain.gates.phase_models import ChecklistItem, Gate, Phase
from gevinst_shared.values.refusal import Refusal


class UnknownItem(Refusal):
    code = "unknown-checklist-item"
    title = "Not an item of this gate"
    detail = "{item} is not an item of this gate. Its items: {items}."


class AnsweredTwice(Refusal):
    code = "item-answered-twice"
    title = "An item is answered twice"
    detail = "{item} has more than one answer. Keep one."


class NotRelevantWithoutReason(Refusal):
    code = "not-relevant-without-reason"
    title = "Why is the item not relevant?"
    detail = "Write the reason why {item} is not relevant."


class OpenItems(Refusal):
    code = "mandatory-items-open"
    title = "Mandatory items block go"
    detail = "These mandatory items are not answered with yes or not relevant: {items}."


class AnswerValue(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_RELEVANT = "not-relevant"


@dataclass(frozen=True, slots=True)
class Answer:
    item: str
    value: AnswerValue
    reason: str = ""


def checklist(gate: Gate, *, skipped: Sequence[Phase] = ()) -> tuple[ChecklistItem, ...]:
    """The gate's items, after the mandatory items of phases skipped right before it; each code once."""
    carried = {item.code: item for phase in skipped for item in phase.gate.items if item.is_mandatory}
    own = {item.code: item for item in gate.items}
    return tuple({**carried, **own, **carried}.values())


def refuse_unfit_answers(items: Sequence[ChecklistItem], answers: Sequence[Answer]) -> None:
    """Refuses answers to other items, two answers to one, and *not relevant* without a reason."""
    codes = [item.code for item in items]
    answered: set[str] = set()
    for answer in answers:
        if answer.item not in codes:
            raise UnknownItem(item=answer.item, items=", ".join(codes))
        if answer.item in answered:
            raise AnsweredTwice(item=answer.item)
        if answer.value is AnswerValue.NOT_RELEVANT and not answer.reason.strip():
            raise NotRelevantWithoutReason(item=answer.item)
        answered.add(answer.item)


def refuse_open_items(items: Sequence[ChecklistItem], answers: Sequence[Answer]) -> None:
    """Refuses *go* while a mandatory item is answered *no* or not at all."""
    done = {answer.item for answer in answers if answer.value is not AnswerValue.NO}
    still_open = [item.code for item in items if item.is_mandatory and item.code not in done]
    if still_open:
        raise OpenItems(items=", ".join(still_open))
