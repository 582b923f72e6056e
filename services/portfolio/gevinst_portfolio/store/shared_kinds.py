"""What other bodies can be given of programmes and projects (X1, X4).

Enough to see what is planned, how far it is, and what it costs and promises, across bodies. Never people: no
names, owners or scores, and no free text in which somebody could be written about but what was published for
others to take over. A confidential project is
shared by a grant of its own only; a programme's does not bring it along.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date

from gevinst_portfolio.store.shared_fields import open_programme, projects
from gevinst_portfolio.store.shared_playbooks import PLAYBOOK, PLAYBOOK_ADOPTION
from gevinst_portfolio.tables.projects import programme, project
from gevinst_shared.db.documents import money
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind


def _money(minor: ColumnElement[Any]) -> SharedField:
    return SharedField(FieldType.MONEY, money(minor, project.c.currency, project.c.price_year))


def _simple(column: ColumnElement[Any], type_: FieldType = FieldType.TEXT) -> SharedField:
    return SharedField(FieldType.DAY if isinstance(column.type, Date) else type_, column)


PROGRAMME = SharedKind(
    name="programme",
    source=programme,
    organisation_id=programme.c.organisation_id,
    record_id=programme.c.id,
    fields={"name": _simple(programme.c.name)},
)
PROJECT = SharedKind(
    name="project",
    source=projects,
    organisation_id=project.c.organisation_id,
    record_id=project.c.id,
    roots=(open_programme,),
    fields={
        "name": _simple(project.c.name),
        "kind": _simple(project.c.kind),
        "status": _simple(project.c.status),
        "phase": _simple(project.c.phase),
        "source": _simple(project.c.source),
        "category": _simple(project.c.category),
        "is_statutory": _simple(project.c.is_statutory, FieldType.YES_NO),
        "start": _simple(project.c.start),
        "end": _simple(project.c.end),
        "deadline": _simple(project.c.deadline),
        "cost": _money(project.c.cost_minor),
        "benefit": _money(project.c.benefit_minor),
        "programme": SharedField(FieldType.REFERENCE, project.c.programme_id, "programme"),
        "merged_into": SharedField(FieldType.REFERENCE, project.c.merged_into_id, "project"),
    },
)
KINDS = (PROGRAMME, PROJECT, PLAYBOOK, PLAYBOOK_ADOPTION)
