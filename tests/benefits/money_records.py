"""A record of each kind that moves money or reports, for tests over every operation."""

from datetime import UTC, datetime
from typing import Any

from gevinst_benefits.domain.monthly_reports import Area
from gevinst_shared.values.actor import Role
from tests.benefits.purse import FRAME, make_purse
from tests.benefits.world import World, made

_JUDGED = {area.value: {"light": "green"} for area in Area}
_MAPPING = {"columns": [{"heading": "Amount", "source": "amount"}]}


async def money_records(world: World) -> dict[str, Any]:
    """The ids by their names in paths, and a body for each write."""
    purse = await make_purse(world)
    phasing = await purse.agreed((2027, "-1000.00"))
    entry = await purse.booked(phasing, 2027, "-10.00")
    mapping = await made(purse.finance, "/budget-export-mappings", _MAPPING)
    export = await made(purse.finance, "/budget-exports", {})
    report, measure = await _report(world)
    lines = [{"account": "Postage", "year": 2027, "amount": "-1.00"}]
    share = {"unit_id": purse.unit, "from_year": 2027, "share": "0.5", "purpose": "Training"}
    agreed = {"agreed_by_id": purse.leader_id, "agreed_on": "2026-11-01"}
    follow_up = {"state": "done", "owner_id": purse.leader_id, "deadline": "2027-01-01"}
    money = {"amount": "1.00", **FRAME}
    found = {"ledger": "money", "money_per_year": money}
    return {
        "ids": {
            "phasing_id": phasing,
            "entry_id": entry["id"],
            "export_mapping_id": mapping["id"],
            "export_id": export["id"],
            "report_id": report,
            "measure_id": measure,
            "unit_id": purse.unit,
        },
        "bodies": {
            "/benefits/{benefit_id}/verifications": {"year": 2026, "realised": found, "evidence": "Accounts"},
            "/budget-practice": {"practice": "at-once"},
            "/benefits/{benefit_id}/budget-phasings": {
                "unit_id": purse.unit,
                "account": "Postage",
                "lines": lines,
                **FRAME,
            },
            "/budget-phasings/{phasing_id}": {"lines": lines},
            "/budget-phasings/{phasing_id}/bookings": {"lines": lines},
            "/budget-entries/{entry_id}/reversals": {"reason": "Not after all"},
            "/benefits/{benefit_id}/kept-shares": share | agreed,
            "/budget-export-mappings": _MAPPING,
            "/budget-exports/{export_id}/receipt": {"outcome": "received", "reference": "V-1"},
            "/reporting-practice": {"due_working_day": 5, "from_month": "2026-01"},
            "/projects/{project_id}/monthly-reports": {"month": "2026-01"},
            "/monthly-reports/{report_id}": _JUDGED,
            "/monthly-reports/{report_id}/correction": {"reason": "It came late"},
            "/monthly-reports/{report_id}/measures": {"text": "More people"},
            "/measures/{measure_id}/decision": {"outcome": "declined", "reason": "No room"},
            "/measures/{measure_id}/follow-up": follow_up,
        },
    }


async def _report(world: World) -> tuple[str, str]:
    """A submitted report of the running project with a proposed measure, and when projects report."""
    await world.tell(
        "project-changed",
        project_id=world.project_id,
        portfolio_id=world.portfolio_id,
        name="Digital post",
        status="running",
        start="2025-01-01",
        unit_id=world.unit,
    )
    practice = {"due_working_day": 5, "from_month": "2026-01"}
    answer = await world.office.put("/reporting-practice", json=practice)
    assert answer.status_code == 200, answer.text
    practice_of_budgets = world.desk.caller(Role.FINANCE, subject="finn")
    await practice_of_budgets.put("/budget-practice", json={"practice": "at-once"})
    manager = world.desk.caller(Role.PROJECT_MANAGER, subject="maria")
    month = f"{datetime.now(UTC):%Y-%m}"
    report = await made(manager, f"/projects/{world.project_id}/monthly-reports", {"month": month})
    path = f"/monthly-reports/{report['id']}"
    measure = await made(manager, f"{path}/measures", {"text": "More people"})
    await manager.put(path, json=_JUDGED, headers={"If-Match": '"1"'})
    assert (await manager.post(f"{path}/submission")).status_code == 200
    return report["id"], measure["id"]
