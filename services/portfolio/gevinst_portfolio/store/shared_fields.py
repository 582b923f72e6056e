"""How records that are shared hang on projects and programmes (X1)."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column

from gevinst_portfolio.tables.openness import confidentiality
from gevinst_portfolio.tables.projects import project

# The programme that brings the project along; a confidential project is shared by a grant of its own only.
open_programme = case(
    (func.coalesce(confidentiality.c.is_confidential, literal_column("false")), None),
    else_=project.c.programme_id,
)
_its_word = and_(
    confidentiality.c.organisation_id == project.c.organisation_id, confidentiality.c.id == project.c.id
)
projects = project.outerjoin(confidentiality, _its_word)


def with_its_project(source: FromClause, project_id: ColumnElement[Any], organisation_id: Any) -> FromClause:  # noqa: ANN401 - a column
    """The records, with their project where they have one."""
    is_its = and_(project.c.organisation_id == organisation_id, project.c.id == project_id)
    return source.outerjoin(project, is_its).outerjoin(confidentiality, _its_word)
