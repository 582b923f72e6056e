"""One record of each kind that adjusts budgets or reports each month; see `tests/support/records.py`."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx

from tests.support.operations import operation
from tests.support.waiting import awaited

if TYPE_CHECKING:  # the organisation knows its makers
    from tests.support.records import Organisation

_FRAME = {"currency": "NOK", "price_year": 2026}
_LINE = {"account": "Postage", "year": 2027, "amount": "-100.00"}
# Members that a schema alone cannot tell, by operation.
BUDGET_MEMBERS: dict[str, dict[str, Any]] = {
    "record_kept_share": {"share": "0.5", "agreed_on": "2026-01-15"},
    "set_reporting_practice": {"from_month": "2026-10"},
}


async def _cash_benefit(organisation: "Organisation") -> str:
    """A confirmed budget reduction, whose owner leads the unit as well."""
    for kind in ("project_id", "unit_id", "person_id"):
        await organisation.make(kind)
    for role in ("benefit-owner", "unit-leader"):
        holding = {"person_id": organisation.ids["person_id"], "role": role}
        place = {"scope": "unit", "scope_id": organisation.ids["unit_id"]}
        await organisation.added("portfolio", "assign_role", holding | place)
    body = {
        "name": f"{organisation.word} postage",
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner": {"role": "benefit-owner", "unit_id": organisation.ids["unit_id"]},
        "estimate": {"ledger": "money", "money_per_year": {"amount": "1000.00", **_FRAME}},
        "timing": {"hangs_on": "none", "starts_on": "2026-01-01"},
    }
    planned = await organisation.added("benefits", "plan_benefit", body)
    await _done_when_heard(organisation, "confirm_benefit", {"benefit_id": planned})
    return planned


async def _phasing(organisation: "Organisation") -> str:
    """Drafted by a colleague and agreed to by the unit's leader (G3)."""
    benefit = await _cash_benefit(organisation)
    colleague = organisation.of("ola")
    body = {"unit_id": organisation.ids["unit_id"], "account": "Postage", "lines": [_LINE], **_FRAME}
    url = colleague.url(operation("benefits", "draft_phasing"), {"benefit_id": benefit})
    drafted = await colleague.client.post(url, json=body)
    assert drafted.status_code == 201, drafted.text
    phasing = str(drafted.json()["id"])
    await _done_when_heard(organisation, "agree_to_phasing", {"phasing_id": phasing})
    return phasing


async def _entry(organisation: "Organisation") -> str:
    phasing = await organisation.make("phasing_id")
    url = organisation.url(operation("benefits", "book_lines"), {"phasing_id": phasing})
    line = {"account": "Postage", "year": 2027, "amount": "-10.00"}
    booked = await organisation.client.post(url, json={"lines": [line]})
    assert booked.status_code == 201, booked.text
    return str(booked.json()["items"][0]["id"])


async def _export(organisation: "Organisation") -> str:
    await organisation.make("entry_id")
    await organisation.added("benefits", "add_export_mapping", _MAPPING)
    return await organisation.added("benefits", "export_budget", {})


async def _export_mapping(organisation: "Organisation") -> str:
    columns = [{"heading": organisation.word, "source": "amount"}]
    return await organisation.added("benefits", "add_export_mapping", {"columns": columns})


async def _report(organisation: "Organisation") -> str:
    """A draft on a project of its own that has begun."""

    await organisation.make("project_id")
    propose = operation("portfolio", "propose_project")
    url = organisation.url(propose, organisation.named(propose))
    begun = {"name": f"{organisation.word} begun", "start": "2026-01-01", "end": "2027-12-31"}
    proposed = await organisation.client.post(
        url, json={**_without_years(organisation.content(propose)), **begun}
    )
    assert proposed.status_code == 201, proposed.text
    named = {"project_id": str(proposed.json()["id"])}
    draft = organisation.url(operation("benefits", "draft_monthly_report"), named)

    async def drafted() -> str | None:
        answer = await organisation.client.post(draft, json={"month": "2026-10"})
        return str(answer.json()["id"]) if answer.status_code == 201 else None

    return await awaited(drafted, "a report's project")


async def _measure(organisation: "Organisation") -> str:
    """Proposed by a colleague, so that it can be decided (G3)."""
    report = await organisation.make("report_id")
    colleague = organisation.of("ola")
    url = colleague.url(operation("benefits", "propose_measure"), {"report_id": report})
    proposed = await colleague.client.post(url, json={"text": f"{organisation.word} more"})
    assert proposed.status_code == 201, proposed.text
    return str(proposed.json()["id"])


async def _done_when_heard(organisation: "Organisation", operation_id: str, named: dict[str, str]) -> None:
    """Do it as soon as the benefits service has heard of the roles that it needs."""

    url = organisation.url(operation("benefits", operation_id), named)

    async def done() -> httpx.Response | None:
        answer = await organisation.client.post(url)
        return answer if answer.status_code == 200 else None

    await awaited(done, f"{operation_id}: the role that it needs")


def _without_years(content: str | bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    found.pop("cost_by_year", None)
    return found


_MAPPING = {"columns": [{"heading": "Amount", "source": "amount"}]}
BUDGET_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "phasing_id": _phasing,
    "entry_id": _entry,
    "export_mapping_id": _export_mapping,
    "export_id": _export,
    "report_id": _report,
    "measure_id": _measure,
}
