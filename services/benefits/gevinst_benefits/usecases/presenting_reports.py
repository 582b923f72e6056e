"""The paper of a monthly report, out of what its JSON says (B13)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.monthly_reports import Duty, Month, Running, due_on, duty, ran_in
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.papers.monthly_reports import ReportDocuments, report_paper
from gevinst_benefits.store import monthly_reports
from gevinst_benefits.store.names import people_names
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.store.themes import find_theme
from gevinst_benefits.usecases.drawing import draw_gates
from gevinst_benefits.usecases.reporting import changes_since, known_of
from gevinst_shared.db.work import Work
from gevinst_shared.papers.illustrations import illustration, view_for_print
from gevinst_shared.papers.model import Block, Paper
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.organisation import country, day_there

Json = Mapping[str, Any]
_MOST_MEASURES = 1000


async def paper_of_report(work: Work, report_id: UUID, language: str) -> Paper:
    """The paper in a language, or `Unknown` when there is no such report."""
    report = json.loads((await monthly_reports.RECORDS.get(work.connection, report_id)).document)
    month = Month.read(report["month"])
    project = await get_project(work.connection, UUID(report["project_id"]))
    last = await monthly_reports.last_submitted(work.connection, project.id, before=month.first)
    measures = await _measures(work, project.id)
    since, changes = await changes_since(work, report_id)
    words = Words(language, "gevinst_benefits")
    documents = ReportDocuments(
        report=report,
        since=since,
        changes=changes,
        last=None if last is None else last[1],
        known=await _known(work, report, month),
        measures=measures,
        duty=await _duty(work, report, project),
        project=project.name,
        people=await _people(work, report, measures),
        today=work.today,
        gates=await _gates(work, project.id, words),
    )
    return report_paper(documents, words)


async def _gates(work: Work, project_id: UUID, words: Words) -> Block | None:
    """The gate strip; None where the project was not started on a model yet."""
    if await find_progress(work.connection, project_id) is None:
        return None
    view = view_for_print(words, await find_theme(work.connection, work.organisation))
    return illustration(await draw_gates(work, project_id, view), view, words)


async def _measures(work: Work, project_id: UUID) -> list[Json]:
    page = await monthly_reports.MEASURES.page(
        work.connection, sort="attention", limit=_MOST_MEASURES, after=None, filters={"project": project_id}
    )
    found: list[Json] = json.loads(page.items)
    return found


async def _known(work: Work, report: Json, month: Month) -> Json:
    """What was known when the report was submitted; of a draft, what is known today."""
    if report["state"] == "draft":
        return await known_of(work, UUID(report["project_id"]), month)
    known: Json = (await _version(work, report, sort="-number"))["known"]
    return known


async def _duty(work: Work, report: Json, project: Project) -> Duty | None:
    """When it was owed and how late it came first; None where none was owed."""
    practice = await monthly_reports.find_practice(work.connection, work.organisation)
    month = Month.read(report["month"])
    running = Running(project.status, project.start, project.end)
    is_there = report["version"] > 0
    if practice is None or month.first < practice["from_month"]:
        return None
    if not is_there and not ran_in(month, running, today=work.today):
        return None
    where = country(work.organisation)
    first = (await _version(work, report, sort="number"))["submitted_at"] if is_there else None
    submitted_on = None if first is None else day_there(work.organisation, datetime.fromisoformat(first))
    due = due_on(month, practice["due_working_day"], where)
    return duty(due, submitted_on, today=work.today, country=where)


async def _version(work: Work, report: Json, *, sort: str) -> Json:
    """The first (`number`) or the last (`-number`) that was submitted."""
    page = await monthly_reports.VERSIONS.page(
        work.connection, sort=sort, limit=1, after=None, filters={"report": UUID(report["id"])}
    )
    found: Json = json.loads(page.items)[0]
    return found


async def _people(work: Work, report: Json, measures: list[Json]) -> Mapping[str, str]:
    ids = {UUID(one["owner_id"]) for one in measures if "owner_id" in one}
    subjects = {report["created_by"], report.get("submitted_by", report["created_by"])}
    return await people_names(work.connection, ids, subjects)
