"""Overviews as they are answered: what is missing is absent, never null or zero (B6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.monthly_reports import DutyState
from gevinst_benefits.domain.overview_sums import Frame, FrameSum, Together, YearSum, by_measure
from gevinst_benefits.routes.report_answers import duty_shown, summary_shown
from gevinst_benefits.usecases.surveying import MOST_SHOWN, Rows, Standing, UnitSurvey, WorkSurvey

Json = dict[str, Any]


def work_shown(scope_id: UUID, survey: WorkSurvey, years: range, *, today: date) -> Json:
    """`WorkOverviewOut`"""
    standing = _standing_shown(survey.standing)
    return _there(
        id=str(scope_id),
        project_count=sum(row["count"] for row in survey.projects),
        without_indicator=standing.pop("without_indicator"),
        vacant_owners=standing.pop("vacant_owners"),
        reports=_reports(survey),
        gates=_listed(survey.gates, _GATE, late=lambda row: _is_before(row["decide_by"], today)),
        conditions=_listed(survey.conditions, _CONDITION, late=lambda row: row["deadline"] < today),
        benefits=_benefits(survey.benefits),
        **standing,
        first_year=years.start,
        last_year=years.stop - 1,
        sums=[
            {"mode": frame.mode, "kind": frame.kind, **_sum(frame, whole, years)}
            for frame, whole in _ordered(survey.sums)
        ],
        projects=[_there(**row) for row in survey.projects],
    )


def sums_shown(sums: Mapping[Frame, FrameSum], years: range) -> list[Json]:
    """`MeasureSumOut` of each ledger and unit, of all modes and kinds together."""
    return [_sum(frame, whole, years) for frame, whole in _ordered(by_measure(sums))]


def unit_shown(unit_id: UUID, survey: UnitSurvey, years: range) -> Json:
    """`UnitOverviewOut`"""
    standing = _standing_shown(survey.standing)
    return _there(
        id=str(unit_id),
        name=next(row["name"] for row in survey.units if row["id"] == unit_id),
        unit_count=len(survey.units),
        year=years.start,
        last_year=years.stop - 1,
        without_indicator=standing.pop("without_indicator"),
        vacant_owners=standing.pop("vacant_owners"),
        expected=[_sum(frame, whole, years) for frame, whole in _ordered(survey.sums)],
        benefits=_benefits(survey.benefits),
        **standing,
        change=_change(survey, years.start),
        goals=_goals(survey),
        booked=[_booked(row) for row in survey.booked if row["year"] in years],
        staff=_staff(survey.units, years.start),
    )


def waiting_shown(rows: Rows, *, this_year: int) -> Json:
    """`VerificationOverviewOut`; late is what a whole year has gone by since."""
    years, units, late, names = Counter[int](), Counter[UUID](), Counter[UUID](), {}
    for row in rows:
        unit_id, waiting = row["unit_id"], row["waiting"]
        names[unit_id] = row["unit_name"]
        years[row["year"]] += waiting
        units[unit_id] += waiting
        late[unit_id] += waiting if row["year"] < this_year - 1 else 0
    return {
        "waiting": units.total(),
        "late": late.total(),
        "years": [
            {"year": year, "waiting": waiting, "is_late": year < this_year - 1}
            for year, waiting in sorted(years.items())
        ],
        "units": [
            {"unit_id": str(one), "unit_name": names[one], "waiting": units[one], "late": late[one]}
            for one in sorted(units, key=lambda one: (-late[one], -units[one], one))
        ],
    }


def _standing_shown(standing: Standing) -> Json:
    lights, states = Counter[str](), Counter[str]()
    for row in standing.signs:
        states[row["state"]] += row["count"]
        lights[row["colour"]] += row["count"]
    return {
        "without_indicator": _first(standing.without_indicator, _UNSEEN),
        "vacant_owners": {
            "count": _of_first(standing.vacant, "total"),
            "benefits": int(_of_first(standing.vacant, "all_benefits")),
            "first": [_picked(row, _VACANT) for row in standing.vacant],
        },
        "indicators": {
            "count": states.total(),
            "states": [{"state": state, "count": count} for state, count in sorted(states.items())],
            "lights": [{"light": light, "count": count} for light, count in sorted(lights.items())],
            "overruled": sum(row["count"] for row in standing.signs if row["is_overruled"]),
        },
    }


def _benefits(together: Sequence[Together]) -> Json:
    every = [benefit for group in together for benefit in group.benefits]
    return {
        "count": len(every),
        "unconfirmed": sum(len(group.benefits) for group in together if not group.is_confirmed),
        "undated": sum(one.begins is None for one in every),
        "falls_elsewhere": sum(one.share is not None and one.share < _ALL for one in every),
        "in_transit": sum(bool(one.in_transit) for one in every),
    }


def _sum(frame: Frame, whole: FrameSum, years: range) -> Json:
    name, price_year = frame.unit
    unit = {"unit_of_measure": name} if price_year is None else {"currency": name, "price_year": price_year}
    return {
        "ledger": frame.ledger,
        **unit,
        "confirmed_count": whole.confirmed_count,
        "unconfirmed_count": whole.unconfirmed_count,
        "years": [_year(year, whole.years[year]) for year in years if year in whole.years],
    }


def _year(number: int, year: YearSum) -> Json:
    shown: Json = {
        "year": number,
        "confirmed": decimal_text(year.confirmed),
        "unconfirmed": decimal_text(year.unconfirmed),
    }
    if year.in_transit is not None:
        shown["in_transit"] = decimal_text(year.in_transit)
    return shown if year.verified is None else {**shown, "verified": decimal_text(year.verified)}


def _reports(survey: WorkSurvey) -> Json | None:
    if survey.reports is None:
        return None
    late = [duty_shown(one) for one in survey.reports if one.duty.state is DutyState.LATE]
    return {**summary_shown(survey.month, survey.reports), "first_late": late[:MOST_SHOWN]}


def _change(survey: UnitSurvey, year: int) -> Json:
    begins = [one.begins for group in survey.benefits for one in group.benefits]
    beginning = Counter((day.month + 2) // 3 for day in begins if day is not None and day.year == year)
    found = {row["quarter"]: row for row in survey.actions if row["year"] == year}
    quarters = [
        {
            "quarter": quarter,
            **{name: found[quarter][name] if quarter in found else 0 for name in _ACTIONS},
            "benefits_beginning": beginning[quarter],
        }
        for quarter in range(1, 5)
    ]
    undated = sum(row["actions"] for row in survey.actions if row["year"] is None)
    return {
        "quarters": quarters,
        "overdue": sum(row["overdue"] for row in survey.actions),
        "undated": undated,
    }


def _goals(survey: UnitSurvey) -> Json:
    counts = Counter[str]()
    for row in survey.goal_counts:
        kind = {True: "with_means", False: "without_means"}[row["with_means"]]
        counts[kind if row["state"] == "open" else row["state"]] += row["count"]
    return {
        **{name: counts[name] for name in ("with_means", "without_means", "met", "withdrawn")},
        "first": survey.goals,
    }


def _booked(row: Mapping[str, Any]) -> Json:
    amount = f"{Decimal(row['minor']).scaleb(-2):.2f}"
    return {**_picked(row, ("year", "currency", "price_year", "entries")), "amount": amount}


def _staff(units: Rows, year: int) -> Json:
    known = [one for row in units for one in row["years"] or () if one["year"] == year]
    fte = sum((Decimal(one["fte"]) for one in known), Decimal(0))
    hours = sum((Decimal(one["fte"]) * Decimal(one["hours_per_fte"]) for one in known), Decimal(0))
    return _there(
        fte=decimal_text(fte) if known else None,
        hours=decimal_text(hours) if known else None,
        known_units=len(known),
        unknown_units=len(units) - len(known),
    )


def _listed(rows: Rows, names: Sequence[str], *, late: Any) -> Json:  # noqa: ANN401 - row -> bool
    first = [{**_picked(row, names), "is_late": late(row)} for row in rows]
    return {"count": _of_first(rows, "total"), "late": _of_first(rows, "late"), "first": first}


def _first(rows: Rows, names: Sequence[str]) -> Json:
    return {"count": _of_first(rows, "total"), "first": [_picked(row, names) for row in rows]}


def _of_first(rows: Rows, name: str) -> Any:  # noqa: ANN401 - a count
    """What every row says of all rows; 0 when there is none."""
    return rows[0][name] if rows else 0


def _picked(row: Mapping[str, Any], names: Sequence[str]) -> Json:
    return _there(**{name: row[name] for name in names})


def _ordered(sums: Mapping[Frame, FrameSum]) -> list[tuple[Frame, FrameSum]]:
    return sorted(sums.items(), key=lambda item: (*_words(item[0]), item[0].unit[1] or 0))


def _words(frame: Frame) -> tuple[str, ...]:
    return frame.ledger, frame.mode, frame.kind, frame.unit[0]


def _is_before(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _there(**members: Any) -> Json:
    """The members that are there: absent, never null."""
    return {name: _wire(value) for name, value in members.items() if value is not None}


def _wire(value: Any) -> Any:  # noqa: ANN401 - a member
    return str(value) if isinstance(value, UUID | date) else value


# Shares are counted in millionths.
_ALL = 1_000_000
_UNSEEN = ("id", "name", "project_id", "project_name", "state")
_VACANT = ("role", "unit_id", "unit_name", "benefits")
_GATE = ("id", "gate", "gate_name", "project_id", "project_name", "outcome", "decide_by")
_CONDITION = ("id", "text", "project_id", "project_name", "owner_id", "deadline", "state")
_ACTIONS = ("actions", "changes", "done", "overdue")
