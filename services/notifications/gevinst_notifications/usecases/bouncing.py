"""Learning from returned mails: the delivery did not arrive, and the address may exist no more."""

from dataclasses import dataclass

from gevinst_notifications.domain.bounces import Bounce, is_gone, read_bounces
from gevinst_notifications.domain.deliveries import Attempt, Outcome, bounced, delivery_of
from gevinst_notifications.domain.erasing import without_addresses
from gevinst_notifications.events.deliveries import Failed
from gevinst_notifications.store import deliveries, mail_words
from gevinst_notifications.usecases.suppressing import Undeliverable, suppress
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of


@dataclass(frozen=True, slots=True)
class Learned:
    """How many deliveries are now known to have failed, and how many addresses are written to no more."""

    failed: int
    suppressed: int


async def report_bounce(work: Work, report: str) -> Learned:
    """Take in a returned mail. What it says of messages that are none of ours is passed over, and so is a
    report that comes again."""
    learned = [await _learn(work, bounce) for bounce in read_bounces(report)]
    return Learned(sum(one.failed for one in learned), sum(one.suppressed for one in learned))


async def _learn(work: Work, bounce: Bounce) -> Learned:
    delivery_id = delivery_of(bounce.message_id)
    held = None if delivery_id is None else await deliveries.find_sent(work.connection, delivery_id)
    if held is None:
        return Learned(0, 0)
    after = bounced(held.delivery)
    address = await mail_words.find_address(work.connection, after.key.person_id)
    attempt = Attempt(
        Outcome.GONE if is_gone(bounce.status) else Outcome.PERMANENT,
        text=without_addresses(f"{bounce.status} {bounce.text}".strip(), address or "")[:200],
    )
    await deliveries.fail(work.connection, held, after, attempt)
    fact = Failed(
        held.id, after.key.event_id, after.key.person_id, after.key.channel, after.attempts, attempt.outcome
    )
    record = recorded(work, fact, subject=subject_of("deliveries", held.id))
    was, became = ({"state": str(one.state)} for one in (held.delivery, after))
    await deliveries.announce(work.connection, record, before=was, after=became)
    if attempt.outcome is not Outcome.GONE:
        return Learned(1, 0)
    # Since the mail was sent the person may have got another address.
    if address is None or address.lower() not in bounce.recipients:
        return Learned(1, 0)
    said = Undeliverable("bounced", bounce.status, attempt.text, held.id, after.key.person_id)
    return Learned(1, int(await suppress(work, address, said)))
