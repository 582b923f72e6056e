"""Every table, loaded: what migrations compare with the database."""

from gevinst_benefits.tables import (
    benefits,
    business_cases,
    gates,
    general_cases,
    indicators,
    projects,
    salary_costs,
)
from gevinst_benefits.tables.shared import metadata

__all__ = [
    "benefits",
    "business_cases",
    "gates",
    "general_cases",
    "indicators",
    "metadata",
    "projects",
    "salary_costs",
]
