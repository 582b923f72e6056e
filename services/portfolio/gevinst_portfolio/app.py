"""The portfolio service put together: its routers and what they need."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_portfolio.domain.permissions import EXCHANGE, FOLLOW_EVENTS, VIEW_EXCHANGE
from gevinst_portfolio.routes import (
    agendas,
    analyses,
    board_seats,
    budgets,
    charts,
    cofinancing,
    column_mappings,
    comparisons,
    concepts,
    criteria,
    decisions,
    derived_scores,
    groups,
    histories,
    ideas,
    imports,
    joint_portfolio,
    ledger,
    meeting_papers,
    meetings,
    merges,
    openness,
    organisations,
    people,
    playbook_adoptions,
    playbooks,
    pool_applications,
    pool_awards,
    pools,
    portfolios,
    programmes,
    project_overviews,
    projects,
    public_decisions,
    registrations,
    releases,
    replans,
    resources,
    role_assignments,
    runs,
    scenario_comparisons,
    scenario_problems,
    scenario_values,
    scenarios,
    scores,
    snapshots,
    status_pages,
    storms,
    sync_assertions,
    sync_grants,
    sync_identities,
    sync_networks,
    sync_partners,
    themes,
    units,
    uploads,
    waves,
    workbooks,
)
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.statuses import STATUSES
from gevinst_portfolio.store.embeds import PUBLICATIONS
from gevinst_portfolio.store.places import find_grants
from gevinst_portfolio.store.sync_part import PART
from gevinst_portfolio.tables.shared import feed, kept_answers, trail
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.embed_routers import embed_routers
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house
from gevinst_shared.web.sync_feeds import sync_router
from gevinst_shared.web.sync_operations import sync_operations_router
from gevinst_shared.web.sync_views import sync_views_router

SERVICE = Service(
    name="portfolio",
    title="Gevinst portfolio",
    description=(
        "Proposed, decided and running projects; what they cost and need; scenarios that choose and time "
        "them within money, people and capacity for change; and the board's decisions."
    ),
    package="gevinst_portfolio",
    routers=(
        projects.router,
        charts.router,
        *embed_routers(PUBLICATIONS),
        ideas.router,
        concepts.router,
        waves.router,
        merges.router,
        registrations.router,
        runs.router,
        imports.router,
        scenarios.router,
        analyses.router,
        scenario_comparisons.router,
        scenario_problems.router,
        scenario_values.router,
        decisions.router,
        meetings.router,
        meeting_papers.router,
        openness.router,
        public_decisions.router,
        agendas.router,
        releases.router,
        replans.router,
        snapshots.router,
        derived_scores.router,
        histories.router,
        portfolios.router,
        programmes.router,
        project_overviews.router,
        criteria.router,
        comparisons.router,
        scores.router,
        budgets.router,
        resources.router,
        storms.router,
        themes.router,
        organisations.router,
        units.router,
        people.router,
        role_assignments.router,
        groups.router,
        board_seats.router,
        workbooks.router,
        uploads.router,
        column_mappings.router,
        pools.router,
        pool_applications.router,
        pool_awards.router,
        ledger.router,
        cofinancing.router,
        status_pages.router,
        playbooks.router,
        playbook_adoptions.router,
        sync_identities.router,
        sync_partners.router,
        sync_grants.router,
        sync_networks.router,
        sync_assertions.router,
        joint_portfolio.router,
        sync_router(PART),
        sync_operations_router(PART, view=VIEW_EXCHANGE, change=EXCHANGE),
        sync_views_router(PART, VIEW_EXCHANGE),
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Charts": "Figures of other operations as specifications, pictures and tables.",
        "Projects": "The register of proposed, decided and running work.",
        "Ideas": "What could be done, from anybody, before it is proposed.",
        "Concepts": "The ways to meet a need, compared with doing nothing.",
        "Portfolios": "What belongs together, with its money and its entry threshold.",
        "Runs": "Work that takes longer than a request, and how to follow it.",
        "Imports": "Projects from files that others publish.",
        "Workbooks": "The portfolio as a file that people fill in: shown as changes, applied whole.",
        "Scenarios": "What could be chosen, and when it would start.",
        "Analyses": "What would change a scenario's plan, how firm it is, and what it is better than.",
        "Decisions": "What the board decided, never changed afterwards.",
        "Meetings": "When the board meets, on what, and what came of it.",
        "Openness": "What of it everybody may read, without a token.",
        "Releases": "What stopped projects left to others, and the offer to plan again with it.",
        "Scores": "What projects are scored on, their scores, and the ranking that follows.",
        "Capacity": "Money per year, shared people and units' capacity for change, and who takes of them.",
        "Organisation": "The organisation that the token speaks for, and its tree of units.",
        "Pools": "Money that projects borrow or are given and pay back out of benefits, in double entry.",
        "Co-financing": "Schemes that carry a share of a project, and what projects meet and get of them.",
        "People": "People, the roles that they hold, and the roles that nobody holds.",
        "Status pages": "Small pages of figures, for people and for frames on pages of others.",
        "Embeds": "Charts and status pages on pages of others, by ticket or published; and oEmbed.",
        "Playbooks": "What a joint project does and decides: published by one body, taken over by many.",
        "Exchange": "Other bodies: who they are, who you are to them, and what each may see of the other's.",
        "Joint portfolio": "What you and your partners have, as far as each shared it, and what is missing.",
        "Audit": "Who changed what, before and after, and the chain of seals over it.",
    },
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    return create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
