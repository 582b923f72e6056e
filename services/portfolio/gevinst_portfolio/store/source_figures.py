"""The figures of projects, with what their source says of them."""

from typing import Any

from sqlalchemy import ColumnElement

from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import amount, document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns


def figures_document(c: Columns) -> ColumnElement[Any]:
    return document(
        id=c.id,
        name=c.name,
        cost=amount(c.cost_minor),
        benefit=amount(c.benefit_minor),
        ratings=c.source_fields["ratings"],
    )


LISTING = Listing(
    project,
    figures_document,
    filters={"portfolio": project.c.portfolio_id},
    sorts={"id": project.c.id},
)
