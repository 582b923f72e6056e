"""G5: the checklist of a gate and its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gevinst_benefits.domain.phase_models import ChecklistItem, Gate, Phase
from gevinst_shared.values.refusal import Refusal


class UnknownItem(Refusal):
    code = "unknown-checklist-item"
    title = "Not an item of this gate"
    detail = "{item} is not an item of the gate {gate}. Its items: {items}."


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


def checklist(skipped: Sequence[Phase], gate: Gate) -> tuple[ChecklistItem, ...]:
    """The gate's items, after the mandatory items of phases skipped right before; each code once."""
    carried = [item for phase in skipped for item in phase.gate.items if item.is_mandatory]
    own = {item.code for item in gate.items if item.is_mandatory}
    carried_codes = {item.code for item in carried} - own
    return (
        *(item for item in {item.code: item for item in carried}.values() if item.code in carried_codes),
        *(item for item in gate.items if item.code not in carried_codes),
    )


def refuse_unfit_answers(skipped: Sequence[Phase], gate: Gate, answers: Sequence[Answer]) -> None:
    """Refuses answers to other items, two answers to one, and *not relevant* without a reason."""
    codes = [item.code for item in checklist(skipped, gate)]
    answered: set[str] = set()
    for answer in answers:
        if answer.item not in codes:
            raise UnknownItem(item=answer.item, gate=gate.code, items=", ".join(codes))
        if answer.item in answered:
            raise AnsweredTwice(item=answer.item)
        if answer.value is AnswerValue.NOT_RELEVANT and not answer.reason.strip():
            raise NotRelevantWithoutReason(item=answer.item)
        answered.add(answer.item)


def refuse_open_items(skipped: Sequence[Phase], gate: Gate, answers: Sequence[Answer]) -> None:
    """Refuses *go* while a mandatory item is answered *no* or not at all."""
    done = {answer.item for answer in answers if answer.value is not AnswerValue.NO}
    mandatory = [item.code for item in checklist(skipped, gate) if item.is_mandatory]
    still_open = [code for code in mandatory if code not in done]
    if still_open:
        raise OpenItems(items=", ".join(still_open))
