"""The fields that shared kinds are made of, and how their records hang on projects and programmes (X1)."""

from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, Integer, Numeric, and_, case, func, literal_column

from gevinst_benefits.domain.shared_values import is_figure
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.sync import confidentiality
from gevinst_shared.db.documents import moment, money
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.sync.kinds import FieldType, SharedField
from gevinst_shared.sync.shared_values import Check, is_amount, is_name, is_word

_is_its_word = and_(
    confidentiality.c.organisation_id == project.c.organisation_id, confidentiality.c.id == project.c.id
)
# The programme that brings the project along; a confidential project is shared by a grant of its own only.
open_programme = case(
    (func.coalesce(confidentiality.c.is_confidential, literal_column("false")), None),
    else_=project.c.programme_id,
)


def with_its_project(source: FromClause, project_id: ColumnElement[Any], organisation_id: Any) -> FromClause:  # noqa: ANN401 - a column
    """The records with their projects, and what portfolio says of those."""
    return source.join(
        project, and_(project.c.organisation_id == organisation_id, project.c.id == project_id)
    ).outerjoin(confidentiality, _is_its_word)


projects = project.outerjoin(confidentiality, _is_its_word)


def plain(column: ColumnElement[Any], is_good: Check | None = None) -> SharedField:
    """A column as it is: a word, a day, a whole number or a decimal."""
    if isinstance(column.type, Date):
        return SharedField(FieldType.DAY, column, is_good=is_good)
    if isinstance(column.type, Numeric):
        return SharedField(FieldType.DECIMAL, decimal_text(column), is_good=is_good or is_figure)
    if isinstance(column.type, Integer):
        return SharedField(FieldType.WHOLE, column, is_good=is_good)
    return SharedField(FieldType.TEXT, column, is_good=is_good or is_word)


def named(column: ColumnElement[Any]) -> SharedField:
    """What people called it."""
    return SharedField(FieldType.TEXT, column, is_good=is_name)


def refers(column: ColumnElement[Any], kind: str) -> SharedField:
    return SharedField(FieldType.REFERENCE, column, kind)


def moment_of(column: ColumnElement[Any]) -> SharedField:
    return SharedField(FieldType.MOMENT, moment(column))


def money_of(c: Columns) -> SharedField:
    """The money of a row; missing when there is none (B6)."""
    return SharedField(FieldType.MONEY, money(c.money_minor, c.currency, c.price_year), is_good=is_amount)


def document_of(value: ColumnElement[Any], is_good: Check) -> SharedField:
    return SharedField(FieldType.DOCUMENT, value, is_good=is_good)
