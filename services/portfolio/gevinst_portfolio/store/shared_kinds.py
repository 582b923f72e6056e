"""What other bodies can be given of programmes and projects (X1, X4).

Enough to see what is planned, how far it is, and what it costs and promises, across bodies. Never people: no
names, owners or scores, and no free text in which somebody could be written about but what was published for
others to take over. A confidential project is
shared by a grant of its own only; a programme's does not bring it along.
"""

from typing import Any

from sqlalchemy import ColumnElement

from gevinst_portfolio.store.shared_fields import open_programme, projects
from gevinst_portfolio.store.shared_playbooks import PLAYBOOK, PLAYBOOK_ADOPTION
from gevinst_portfolio.tables.projects import programme, project
from gevinst_shared.db.documents import money
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind
from gevinst_shared.sync.shared_values import is_amount, is_name, is_word


def _money(minor: ColumnElement[Any]) -> SharedField:
    value = money(minor, project.c.currency, project.c.price_year)
    return SharedField(FieldType.MONEY, value, is_good=is_amount)


def _named(column: ColumnElement[Any]) -> SharedField:
    return SharedField(FieldType.TEXT, column, is_good=is_name)


def _word(column: ColumnElement[Any]) -> SharedField:
    return SharedField(FieldType.TEXT, column, is_good=is_word)


def _day(column: ColumnElement[Any]) -> SharedField:
    return SharedField(FieldType.DAY, column)


PROGRAMME = SharedKind(
    name="programme",
    source=programme,
    organisation_id=programme.c.organisation_id,
    record_id=programme.c.id,
    fields={"name": _named(programme.c.name)},
)
PROJECT = SharedKind(
    name="project",
    source=projects,
    organisation_id=project.c.organisation_id,
    record_id=project.c.id,
    roots=(open_programme,),
    fields={
        "name": _named(project.c.name),
        "kind": _word(project.c.kind),
        "status": _word(project.c.status),
        "phase": _word(project.c.phase),
        "source": _word(project.c.source),
        "category": _named(project.c.category),
        "is_statutory": SharedField(FieldType.YES_NO, project.c.is_statutory),
        "start": _day(project.c.start),
        "end": _day(project.c.end),
        "deadline": _day(project.c.deadline),
        "cost": _money(project.c.cost_minor),
        "benefit": _money(project.c.benefit_minor),
        "programme": SharedField(FieldType.REFERENCE, project.c.programme_id, "programme"),
        "merged_into": SharedField(FieldType.REFERENCE, project.c.merged_into_id, "project"),
    },
)
KINDS = (PROGRAMME, PROJECT, PLAYBOOK, PLAYBOOK_ADOPTION)
