"""Writing a mail: the words of a notice or a digest in the reader's language."""

from dataclasses import replace
from secrets import token_hex

from gevinst_notifications.clients.mail_texts import (
    Letter,
    MailContent,
    catalogues,
    digest_content,
    mail_content,
    personal,
)
from gevinst_notifications.domain.leaving import digest_of
from gevinst_notifications.domain.messages import KINDS, notice
from gevinst_notifications.domain.plots import COMPARED
from gevinst_notifications.domain.preferences import MANDATORY, Period
from gevinst_notifications.domain.rules import Reason
from gevinst_notifications.domain.wording import Catalogue, language_of, one_line, worded
from gevinst_notifications.domain.wording_digests import Changed, worded_digest
from gevinst_notifications.store.mail_words import Words
from gevinst_shared.feed.envelope import Event

# What stands in for a name and an address until somebody's own are put there. Nobody can guess it, so no
# notice has it in its words.
_NAME, _LEAVE = (f"{kind}-{token_hex(16)}" for kind in ("name", "leave"))


class Written:
    """Mails that were written: those that differ only in their reader are written once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], MailContent] = {}

    def content_of(self, words: Words, letter: Letter) -> MailContent:
        """As `content_of`, for mails whose `words` are of one reading."""
        if words.is_digest:
            return content_of(words, letter)
        name = one_line(letter.reader_name)
        frame = replace(letter, reader_name=_NAME if name else "", leave=_LEAVE if letter.leave else None)
        key = (words.event.id, words.language, words.reasons, frame)
        if key not in self._known:
            self._known[key] = content_of(words, frame)
        return personal(self._known[key], {_NAME: name, _LEAVE: letter.leave or ""})


def content_of(words: Words, letter: Letter) -> MailContent:
    """The mail as its reader reads it now; what happened does not change, so neither does what is said."""
    catalogue = catalogues()[language_of(words.language)]
    if words.is_digest:
        changed = [_changed(event, catalogue) for event in words.gathered]
        return digest_content(
            worded_digest(words.event.data, changed, catalogue), letter, catalogue=catalogue
        )
    told = notice(words.event)
    assert told is not None
    read = worded(told, catalogue, reasons=[Reason(reason) for reason in words.reasons])
    return mail_content(read, letter, subject=words.event.subject, catalogue=catalogue)


def is_needed(words: Words) -> bool:
    """Whether somebody must act on it, so that it cannot be turned off (N1)."""
    kind = KINDS.get(words.event.type)
    return kind is not None and (kind in MANDATORY or kind in words.mandatory_kinds)


def is_drawn(words: Words) -> bool:
    """Whether the mail may have a picture."""
    return words.is_digest or KINDS.get(words.event.type) in COMPARED


def what_of(words: Words) -> str:
    """What its reader would leave: the kind of notice, or the digest of that period."""
    if words.is_digest:
        return digest_of(Period(words.event.data["period"]))
    return KINDS[words.event.type]


def thread_of(words: Words) -> str:
    """What the mails of one thread have in common: the record, or the person's digests of a period."""
    if words.is_digest:
        return f"{what_of(words)}/{words.person_id}"
    return words.event.subject


def _changed(event: Event, catalogue: Catalogue) -> Changed:
    told = notice(event)
    assert told is not None
    return Changed(worded(told, catalogue, reasons=()).title, event.subject)
