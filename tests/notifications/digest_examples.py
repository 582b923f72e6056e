"""A digest with everything in it, as its notice keeps it."""

from typing import Any

from gevinst_notifications.clients.mail_texts import (
    Letter,
    MailContent,
    catalogues,
    digest_content,
)
from gevinst_notifications.domain.messages import notice
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.wording import Language, worded
from gevinst_notifications.domain.wording_digests import Changed, WordedDigest, worded_digest
from tests.notifications.examples import event

LETTER = Letter(
    "Åse Ødegård",
    "Oslo kommune",
    "https://gevinst.example.no/{subject}",
    leave="https://gevinst.example.no/notifications/v1/unsubscription?ticket=abc",
)


def entry(kind: str, name: str, day: str, **members: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "due_on": day, "project_name": "Trygg heimeteneste på Ærø", **members}


DATA: dict[str, Any] = {
    "period": "weekly",
    "changed_count": 23,
    "late": {
        "count": 2,
        "entries": [
            entry("measurement-due", "Tid per sak", "2026-11-02"),
            entry("action-due", "Steng den gamle kanalen", "2026-11-16"),
        ],
    },
    "due": {"count": 1, "entries": [entry("gate-coming", "BP3", "2026-11-27")]},
    "line": {
        "count": 31,
        "entries": [
            entry("report-due", "Oktober", "2026-11-05", owner_name="Magnus Mo"),
            entry("benefit-confirmation", "Færre brev", "2026-11-09", owner_role="benefit-owner"),
        ],
    },
}
_NEW = (NoticeKind.GATE_DECIDED, NoticeKind.PROJECT_STOPPED, NoticeKind.DECISION_MADE)


def digest(language: Language, **changes: Any) -> WordedDigest:
    """The digest in a language; a change to None takes the part away."""
    catalogue = catalogues()[language]
    changed = []
    for kind in _NEW:
        told = notice(event(kind))
        assert told is not None
        changed.append(Changed(worded(told, catalogue, reasons=()).title, "projects/0198"))
    data = {name: value for name, value in {**DATA, **changes}.items() if value is not None}
    return worded_digest(data, changed, catalogue)


def digest_mail(language: Language, *, letter: Letter = LETTER, **changes: Any) -> MailContent:
    return digest_content(digest(language, **changes), letter, catalogue=catalogues()[language])
