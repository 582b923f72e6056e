"""For every field that benefits shares, a change of it as the service writes it (X1)."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst_shared.values.ids import new_id
from tests.benefits import exchange
from tests.benefits.exchange import ALL_FIELDS, Plan
from tests.benefits.origins import origin
from tests.support.exchange import START

Change = Callable[[Plan], Awaitable[Any]]


def _set(table: str, **values: Any) -> Change:
    """Other values in the row of the plan's record."""

    async def change(plan: Plan) -> None:
        record = plan.project if table == "progress" else getattr(plan, table)
        sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
        await plan.body.execute(f"UPDATE {table} SET {sets} WHERE id = $1", record, *values.values())

    return change


async def overrule(plan: Plan, colour: str = "red") -> None:
    await plan.body.add(
        "light_override",
        indicator_id=plan.indicator,
        colour=colour,
        reason="Seen on the spot",
        until=date(2026, 10, 15),
        overruled_by="kari",
        created_at=START,
    )


async def _look(plan: Plan, colour: str) -> None:
    await plan.body.execute("UPDATE curve_watch SET colour = $2 WHERE id = $1", plan.indicator, colour)


async def _next_case(plan: Plan, **members: Any) -> None:
    await exchange.make_case(plan.body, plan.project, 2, **members)


async def _next_edition(plan: Plan) -> None:
    case = new_id()
    await exchange.make_case(plan.body, plan.project, 2, id=case)
    await exchange.make_edition(plan.body, plan.general_case, 2, case)
    await plan.body.execute("UPDATE general_case SET edition = 2 WHERE id = $1", plan.general_case)


async def _to_money(plan: Plan) -> None:
    await plan.body.execute(
        "UPDATE goal SET kind = 'savings-frame', money_minor = 100, currency = 'NOK', price_year = 2026, "
        "amount = NULL, unit_of_measure = NULL WHERE id = $1",
        plan.goal,
    )


async def _to_time(plan: Plan) -> None:
    await plan.body.execute(
        "UPDATE benefit SET ledger = 'time', money_minor = NULL, currency = NULL, price_year = NULL, "
        "amount = 4.25, unit_of_measure = 'hours' WHERE id = $1",
        plan.benefit,
    )


async def _move(plan: Plan) -> None:
    other = await plan.body.add("project", name="Other")
    await plan.body.execute(
        "UPDATE benefit SET state = 'moved', moved_to = $2 WHERE id = $1", plan.benefit, other
    )


async def _other_unit(plan: Plan, table: str, column: str) -> None:
    unit = await plan.body.add("unit", name="Other", path=[])
    await plan.body.execute(
        f"UPDATE {table} SET {column} = $2 WHERE id = $1",
        getattr(plan, table),
        unit,
    )


async def _reopen_goal(plan: Plan) -> None:
    await plan.body.execute("UPDATE goal SET state = 'open', ended_at = NULL WHERE id = $1", plan.goal)


async def _new_benefit(plan: Plan) -> None:
    await plan.body.execute(
        "INSERT INTO benefit (organisation_id, id, project_id, name, mode, kind, owner_role, owner_unit_id, "
        "ledger, money_minor, currency, price_year, state, created_by, created_at) SELECT organisation_id, "
        "$2, project_id, 'Another', mode, kind, owner_role, owner_unit_id, ledger, money_minor, currency, "
        "price_year, 'proposed', created_by, created_at FROM benefit WHERE id = $1",
        plan.benefit,
        new_id(),
    )


async def _new_indicator(plan: Plan) -> None:
    await exchange.make_indicator(plan.body, plan.benefit)


async def _measure_another(plan: Plan) -> None:
    """The indicator is there already; only the measurement changes the status."""
    await _new_indicator(plan)
    rows = await plan.body.rows("indicator")
    other = next(row["id"] for row in rows if row["id"] != plan.indicator)
    await exchange.make_measurement(plan.body, other, plan.unit, date(2026, 7, 1))


async def _correct(plan: Plan) -> None:
    await exchange.make_measurement(
        plan.body,
        plan.indicator,
        plan.unit,
        date(2026, 6, 1),
        corrects_id=plan.measurement,
        reason="Wrong again",
    )


async def _settle_condition(plan: Plan) -> None:
    await plan.body.execute(
        "UPDATE condition SET state = 'waived', settled_at = now(), settled_by = 'kari', reason = 'x'"
    )


async def _withdraw_gate(plan: Plan) -> None:
    await plan.body.add(
        "gate_withdrawal", id=plan.gate, reason="Later", withdrawn_by="kari", withdrawn_at=START
    )


# A record never changes hands, and a measurement is written once: its correction is another one.
FIXED = {
    ("benefit", "project"),
    ("benefit", "continues"),
    ("indicator", "benefit"),
    *(("measurement", name) for name in ALL_FIELDS["measurement"] if name != "is_corrected"),
    ("business_case", "project"),
    ("general_case", "project"),
    ("status", "project"),
}
CHANGES: dict[tuple[str, str], Change] = {
    ("goal", "name"): _set("goal", name="Another"),
    ("goal", "kind"): _to_money,
    ("goal", "money"): _to_money,
    ("goal", "amount"): _set("goal", amount=Decimal(6)),
    ("goal", "unit_of_measure"): _set("goal", unit_of_measure="weeks"),
    ("goal", "due_year"): _set("goal", due_year=2029),
    ("goal", "state"): _reopen_goal,
    ("goal", "ended_at"): _reopen_goal,
    ("goal", "unit"): lambda plan: _other_unit(plan, "goal", "unit_id"),
    ("benefit", "name"): _set("benefit", name="Another"),
    ("benefit", "mode"): _set("benefit", mode="redeployed"),
    ("benefit", "kind"): _set("benefit", kind="quality"),
    ("benefit", "state"): _set("benefit", state="realised"),
    ("benefit", "ledger"): _to_time,
    ("benefit", "money_per_year"): _set("benefit", money_minor=200),
    ("benefit", "amount_per_year"): _to_time,
    ("benefit", "unit_of_measure"): _to_time,
    ("benefit", "owner_role"): _set("benefit", owner_role="unit-leader"),
    ("benefit", "owner_unit"): lambda plan: _other_unit(plan, "benefit", "owner_unit_id"),
    ("benefit", "confirmed_at"): _set("benefit", confirmed_at=None),
    ("benefit", "hangs_on"): _set("benefit", hangs_on="end", delivery_id=None),
    ("benefit", "offset_months"): _set("benefit", offset_months=3),
    ("benefit", "begins_on"): _set("delivery", due_on=date(2026, 9, 1)),
    ("benefit", "ends_on"): _set("benefit", ends_on=date(2031, 1, 1)),
    ("benefit", "ramp"): _set("benefit", ramp="linear"),
    ("benefit", "ramp_months"): _set("benefit", ramp_months=6),
    ("benefit", "duration_months"): _set("benefit", duration_months=60),
    ("benefit", "erosion_per_year"): _set("benefit", erosion_per_year=Decimal("0.05")),
    ("benefit", "effort"): _set("benefit", effort="high"),
    ("benefit", "moved_to"): _move,
    ("indicator", "name"): _set("indicator", name="Another"),
    ("indicator", "unit_of_measure"): _set("indicator", unit_of_measure="parcels"),
    ("indicator", "direction"): _set("indicator", direction="up", target=Decimal(200)),
    ("indicator", "baseline"): _set("indicator", baseline=Decimal(99)),
    ("indicator", "target"): _set("indicator", target=Decimal(10)),
    ("indicator", "act_at"): _set("indicator", act_at=Decimal(70)),
    ("indicator", "time_rule"): _set("indicator", time_rule="sum"),
    ("indicator", "unit_rule"): _set("indicator", unit_rule="sum"),
    ("indicator", "frequency"): _set("indicator", frequency="yearly"),
    ("indicator", "first_on"): _set("indicator", first_on=date(2026, 3, 1)),
    ("indicator", "until"): _set("indicator", until=date(2029, 1, 1)),
    ("indicator", "starts_on"): _set("indicator", starts_on=date(2026, 3, 1)),
    ("indicator", "target_on"): _set("indicator", target_on=date(2027, 3, 1)),
    ("indicator", "curve"): _set("indicator", curve="s-curve"),
    ("indicator", "light"): lambda plan: _look(plan, "yellow"),
    ("measurement", "is_corrected"): _correct,
    ("business_case", "number"): _next_case,
    ("business_case", "currency"): lambda plan: _next_case(plan, currency="DKK"),
    ("business_case", "base_year"): lambda plan: _next_case(plan, base_year=2027),
    ("business_case", "horizon_years"): lambda plan: _next_case(plan, horizon_years=4),
    ("business_case", "price_year"): lambda plan: _next_case(plan, price_year=2025),
    ("business_case", "recommended"): lambda plan: _next_case(plan, recommended="other"),
    ("business_case", "created_at"): lambda plan: _next_case(plan, created_at=START.replace(year=2027)),
    ("business_case", "net_present_value"): lambda plan: _next_case(
        plan, results={**exchange.RESULTS, "net_present_value": "-1.00"}
    ),
    ("business_case", "results"): lambda plan: _next_case(
        plan, results={**exchange.RESULTS, "costs": ["1.00", "2.00"]}
    ),
    ("business_case", "general_case"): lambda plan: _next_case(
        plan,
        general_case_id=plan.general_case,
        origin=origin(1, plan.general_case) | {"publisher": plan.body.organisation},
    ),
    ("business_case", "localised_from"): _next_case,
    ("business_case", "localised_publisher"): _next_case,
    ("business_case", "localised_edition"): lambda plan: _next_case(plan, origin=origin(2)),
    ("general_case", "name"): _set("general_case", name="Another"),
    ("general_case", "edition"): _next_edition,
    ("general_case", "document"): _next_edition,
    ("general_case", "withdrawn_at"): _set("general_case", withdrawn_at=None, withdrawal_reason=None),
    ("status", "phase_model"): _set("progress", phase_model="uk-gates"),
    ("status", "phase_model_version"): _set("progress", phase_model_version="2"),
    ("status", "phase"): _set("progress", phase="execute"),
    ("status", "round"): _set("progress", round=2),
    ("status", "state"): _set("progress", state="paused"),
    ("status", "light"): overrule,
    ("status", "green"): lambda plan: _look(plan, "red"),
    ("status", "yellow"): lambda plan: _look(plan, "yellow"),
    ("status", "red"): overrule,
    ("status", "benefits"): _new_benefit,
    ("status", "unconfirmed"): _new_benefit,
    ("status", "without_indicator"): _new_benefit,
    ("status", "indicators"): _new_indicator,
    ("status", "measured"): _measure_another,
    ("status", "gates_waiting"): _withdraw_gate,
    ("status", "conditions_open"): _settle_condition,
    ("status", "potential"): _set("benefit", money_minor=100),
    ("status", "realised"): lambda plan: exchange.make_verification(plan.body, plan.benefit, 2027, 100),
}
