"""Every table, loaded: what migrations compare with the database."""

from gevinst_benefits.tables import (
    adjustments,
    benefits,
    budget_exports,
    business_cases,
    deliveries,
    gates,
    indicators,
    monthly_reports,
    projects,
    verifications,
)
from gevinst_benefits.tables.shared import metadata

__all__ = [
    "adjustments",
    "benefits",
    "budget_exports",
    "business_cases",
    "deliveries",
    "gates",
    "indicators",
    "metadata",
    "monthly_reports",
    "projects",
    "verifications",
]
