"""What other bodies can be given of playbooks, and of how taking them over goes (X3, X4).

A playbook is published for others, so its newest edition goes as it was published; drafts never leave. Of an
adoption only figures leave: no titles, reasons, days or people.
"""

from sqlalchemy import and_, cast, literal_column
from sqlalchemy.dialects.postgresql import JSON

from gevinst_portfolio.domain.playbook_documents import (
    is_line,
    is_owner,
    is_playbook_document,
    is_prose,
)
from gevinst_portfolio.store.playbook_adoptions import counts_of
from gevinst_portfolio.store.shared_fields import open_programme, with_its_project
from gevinst_portfolio.tables.playbooks import playbook, playbook_adoption, playbook_edition
from gevinst_shared.db.documents import moment
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind
from gevinst_shared.sync.shared_values import from_to
from gevinst_shared.values.ids import is_id

_newest_edition = and_(
    playbook_edition.c.organisation_id == playbook.c.organisation_id,
    playbook_edition.c.playbook_id == playbook.c.id,
    playbook_edition.c.number == playbook.c.edition,
    playbook_edition.c.sha256 == playbook.c.sha256,
    # What arrived from another body is that body's to share.
    playbook.c.partner_id.is_(None),
)
_counts = counts_of(playbook_adoption.c.id, playbook_adoption.c.organisation_id)
_is_edition = from_to(1, 1_000_000)
_is_count = from_to(0, 1_000)

PLAYBOOK = SharedKind(
    name="playbook",
    source=with_its_project(
        playbook.join(playbook_edition, _newest_edition), playbook.c.project_id, playbook.c.organisation_id
    ),
    organisation_id=playbook.c.organisation_id,
    record_id=playbook.c.id,
    roots=(playbook.c.project_id, playbook.c.programme_id, open_programme),
    fields={
        "project": SharedField(FieldType.REFERENCE, playbook.c.project_id, "project"),
        "programme": SharedField(FieldType.REFERENCE, playbook.c.programme_id, "programme"),
        "name": SharedField(FieldType.TEXT, playbook_edition.c.document["name"].astext, is_good=is_line),
        "edition": SharedField(FieldType.WHOLE, playbook.c.edition, is_good=_is_edition),
        "document": SharedField(
            FieldType.DOCUMENT, cast(playbook_edition.c.document, JSON), is_good=is_playbook_document
        ),
        "withdrawn_at": SharedField(FieldType.MOMENT, moment(playbook.c.withdrawn_at)),
        "withdrawal_reason": SharedField(FieldType.TEXT, playbook.c.withdrawal_reason, is_good=is_prose),
    },
)
PLAYBOOK_ADOPTION = SharedKind(
    name="playbook_adoption",
    source=with_its_project(
        playbook_adoption.join(
            playbook,
            and_(
                playbook.c.organisation_id == playbook_adoption.c.organisation_id,
                playbook.c.id == playbook_adoption.c.playbook_id,
            ),
        ).join(_counts, literal_column("true")),
        playbook_adoption.c.project_id,
        playbook_adoption.c.organisation_id,
    ),
    organisation_id=playbook_adoption.c.organisation_id,
    record_id=playbook_adoption.c.id,
    roots=(playbook_adoption.c.project_id, open_programme),
    fields={
        "project": SharedField(FieldType.REFERENCE, playbook_adoption.c.project_id, "project"),
        # A record of its publisher, whose id everybody has who has the playbook.
        "playbook": SharedField(FieldType.TEXT, playbook.c.published_as, is_good=is_id),
        "publisher": SharedField(FieldType.TEXT, playbook.c.publisher, is_good=is_owner),
        "edition": SharedField(FieldType.WHOLE, playbook_adoption.c.edition, is_good=_is_edition),
        **{
            name: SharedField(FieldType.WHOLE, _counts.c[name], is_good=_is_count)
            for name in ("planned", "under_way", "done", "left_out", "decisions_open", "decisions_taken")
        },
    },
)
