"""The tables A to G of a benefit realisation workbook: which cell says which member of which record."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gevinst_benefits.domain.measuring.indicators import Direction
from gevinst_benefits.domain.measuring.measurement_plans import Frequency
from gevinst_benefits.domain.plan.actions import ActionKind, ActionState
from gevinst_benefits.domain.plan.agreements import BY_HAND
from gevinst_benefits.domain.plan.benefits import BenefitState, Ledger, RealisationMode
from gevinst_benefits.domain.plan.freed_value import Purpose
from gevinst_benefits.domain.plan.prerequisites import Level, PrerequisiteState, RiskState
from gevinst_benefits.domain.plan.timing import HangsOn
from gevinst_shared.values.money import CURRENCIES


class Kind(StrEnum):
    """What a cell holds. The last four are names of other records."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    DAYS = "days"
    CHOICE = "choice"
    BENEFIT = "benefit"
    UNIT = "unit"
    PERSON = "person"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `path` is where its value stands in the record's members, empty where it is none of them.

    `choices` are the codes that a `CHOICE` may have, shown by the words `words`. What is not `is_input`
    is computed, and passed over when the file comes back.
    """

    key: str
    path: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    words: str = ""
    is_input: bool = True
    is_open: bool = False
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `identity` are the columns by which two rows of a benefit are the same thing twice."""

    key: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]


def _chosen(
    key: str, path: str, words: str, codes: type[StrEnum] | tuple[str, ...], width: int = 16
) -> Column:
    found = codes if isinstance(codes, tuple) else tuple(code.value for code in codes)
    return Column(key, tuple(path.split(".")), Kind.CHOICE, found, words, width=width)


def _said(key: str, path: str = "", kind: Kind = Kind.TEXT, width: int = 14) -> Column:
    return Column(key, tuple((path or key).split(".")), kind, width=width)


def _shown(key: str, path: str, kind: Kind = Kind.TEXT, *, words: str = "") -> Column:
    return Column(key, tuple(path.split(".")), kind, (), words, is_input=False)


_OF_BENEFIT = Column("benefit", (), Kind.BENEFIT, width=8)
LINE_ROLES = ("benefit-owner", "unit-leader")
_EFFORT = tuple(level.value for level in Level)
_KINDS = ("avoided-cost", "saved-time", "quality", "revenue", "risk-and-compliance")
_OWNER = (
    _chosen("role", "owner.role", "role", LINE_ROLES),
    _said("unit", "owner.unit_id", Kind.UNIT, 22),
    _said("person", "owner.person_id", Kind.PERSON, 22),
)
_RISK_STATES = tuple(dict.fromkeys([*map(str, PrerequisiteState), *map(str, RiskState)]))
RISK, PREREQUISITE = "risk", "prerequisite"

BENEFITS = Table(
    "A",
    (
        Column("code", (), width=8),
        _said("benefit-name", "name", width=36),
        _said("description", width=36),
        _chosen("mode", "mode", "mode", RealisationMode, 22),
        Column("kind", ("kind",), Kind.CHOICE, _KINDS, "kind", is_open=True),
        _chosen("role", "owner.role", "role", LINE_ROLES),
        _said("unit", "owner.unit_id", Kind.UNIT, 22),
        _chosen("ledger", "estimate.ledger", "ledger", Ledger, 10),
        _said("money", "estimate.money_per_year.amount", Kind.NUMBER, 16),
        _chosen("currency", "estimate.money_per_year.currency", "", CURRENCIES, 8),
        _said("price-year", "estimate.money_per_year.price_year", Kind.WHOLE, 8),
        _said("amount", "estimate.amount_per_year", Kind.NUMBER),
        _said("unit-of-measure", "estimate.unit_of_measure"),
        _chosen("hangs-on", "timing.hangs_on", "hangs-on", HangsOn),
        _said("delivery", "timing.delivery_id", Kind.DELIVERY, 20),
        _said("offset-months", "timing.offset_months", Kind.WHOLE, 9),
        _said("starts-on", "timing.starts_on", Kind.DAY),
        _said("duration-months", "timing.duration_months", Kind.WHOLE, 9),
        _said("budget-line", "budget_line", width=20),
        _chosen("effort", "effort", "level", _EFFORT, 10),
        Column("state", ("state",), Kind.CHOICE, tuple(map(str, BenefitState)), "state", is_input=False),
    ),
    ("benefit-name",),
)
USES = Table(
    "C",
    (
        _OF_BENEFIT,
        _said("use", "name", width=36),
        _chosen("purpose", "purpose", "purpose", Purpose, 20),
        _said("unit", "unit_id", Kind.UNIT, 22),
        _said("year", "year", Kind.WHOLE, 8),
        _said("money", "money.amount", Kind.NUMBER, 16),
        _chosen("currency", "money.currency", "", CURRENCIES, 8),
        _said("price-year", "money.price_year", Kind.WHOLE, 8),
        _said("amount", "amount", Kind.NUMBER),
        _said("hourly-cost", "hourly_cost.amount", Kind.NUMBER),
        _chosen("hourly-currency", "hourly_cost.currency", "", CURRENCIES, 8),
        _said("hourly-price-year", "hourly_cost.price_year", Kind.WHOLE, 8),
        _said("hourly-source", "hourly_cost_source", width=22),
        _said("reason", width=30),
        Column("worth", (), Kind.NUMBER, is_input=False),
    ),
    ("use", "year", "unit"),
)
AGREEMENTS = Table(
    "D",
    (
        _OF_BENEFIT,
        _said("body", width=20),
        _said("body-name", "body_name", width=30),
        _chosen("agreement", "state", "agreement", BY_HAND),
        _said("happened-on", "happened_on", Kind.DAY),
        _said("share-kept", "share_kept", Kind.NUMBER, 10),
        _said("reference", width=18),
        _said("note", width=36),
    ),
    ("body", "agreement", "happened-on"),
)
ACTIONS = Table(
    "E",
    (
        _OF_BENEFIT,
        _said("action", "name", width=36),
        _chosen("action-kind", "kind", "action-kind", ActionKind, 18),
        _said("other-kind", "other_kind"),
        _said("description", width=36),
        *_OWNER,
        _chosen("hangs-on", "deadline.hangs_on", "hangs-on", HangsOn),
        _said("delivery", "deadline.delivery_id", Kind.DELIVERY, 20),
        _said("offset-months", "deadline.offset_months", Kind.WHOLE, 9),
        _said("day", "deadline.day", Kind.DAY),
        _shown("due-on", "due_on", Kind.DAY),
        Column(
            "action-state",
            ("state",),
            Kind.CHOICE,
            tuple(map(str, ActionState)),
            "action-state",
            is_input=False,
        ),
    ),
    ("action",),
)
RISKS = Table(
    "F",
    (
        _OF_BENEFIT,
        Column("what", (), Kind.CHOICE, (RISK, PREREQUISITE), "what"),
        _said("risk", "name", width=36),
        _chosen("probability", "probability", "level", Level, 12),
        _chosen("consequence", "consequence", "level", Level, 12),
        Column("level", ("level",), Kind.CHOICE, _EFFORT, "level", is_input=False),
        *_OWNER,
        _chosen("risk-state", "state", "risk-state", _RISK_STATES),
        _said("measure", width=36),
    ),
    ("what", "risk"),
)
INDICATORS = Table(
    "G",
    (
        _OF_BENEFIT,
        _said("indicator", "name", width=36),
        _said("unit-of-measure", "unit_of_measure"),
        _chosen("direction", "direction", "direction", Direction, 10),
        _said("baseline", kind=Kind.NUMBER),
        _said("target", kind=Kind.NUMBER),
        _said("act-at", "act_at", Kind.NUMBER),
        _said("owner-action", "action", width=36),
        _said("method", "plan.method", width=30),
        _said("source", "plan.source", width=24),
        _chosen("frequency", "plan.frequency", "frequency", Frequency, 12),
        _said("first-on", "plan.first_on", Kind.DAY),
        _said("until", "plan.until", Kind.DAY),
        _chosen("measurer-role", "plan.measurer.role", "role", LINE_ROLES),
        _said("measurer-unit", "plan.measurer.unit_id", Kind.UNIT, 22),
        _said("single-days", "due_on", Kind.DAYS, 26),
        _said("reason", width=30),
        _shown("measured-on", "latest.taken_on", Kind.DAY),
        _shown("measured", "latest.value", Kind.NUMBER),
    ),
    ("indicator",),
)
# B, the years, is computed as a whole: it is shown, and nothing of it comes back.
YEARS_KEY = "B"
TABLES: Mapping[str, Table] = {
    table.key: table for table in (BENEFITS, USES, AGREEMENTS, ACTIONS, RISKS, INDICATORS)
}
