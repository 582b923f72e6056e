"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    boards,
    capacity,
    cofinancing,
    concepts,
    criteria,
    decisions,
    ideas,
    ledger,
    meetings,
    organisations,
    pools,
    projects,
    releases,
    replans,
    runs,
    scenarios,
    uploads,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "boards",
    "capacity",
    "cofinancing",
    "concepts",
    "criteria",
    "decisions",
    "ideas",
    "ledger",
    "meetings",
    "metadata",
    "organisations",
    "pools",
    "projects",
    "releases",
    "replans",
    "runs",
    "scenarios",
    "uploads",
]
