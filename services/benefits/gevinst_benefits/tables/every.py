"""Every table, loaded: what migrations compare with the database."""

from gevinst_benefits.tables import (
    actions,
    agreements,
    benefits,
    business_cases,
    deliveries,
    freed_value,
    gates,
    indicators,
    installations,
    owners,
    prerequisites,
    projects,
    staffing,
)
from gevinst_benefits.tables.shared import metadata

__all__ = [
    "actions",
    "agreements",
    "benefits",
    "business_cases",
    "deliveries",
    "freed_value",
    "gates",
    "indicators",
    "installations",
    "metadata",
    "owners",
    "prerequisites",
    "projects",
    "staffing",
]
