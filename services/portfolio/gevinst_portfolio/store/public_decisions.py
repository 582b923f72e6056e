"""Decisions as everybody may read them: what must not be told is left out by PostgreSQL, at each reading."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, case, cast, column, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.decisions import decided_project, decision
from gevinst_portfolio.tables.openness import confidentiality, openness, public_note
from gevinst_portfolio.tables.organisations import organisation
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns

_one = (
    func.jsonb_array_elements(decision.c.projects)
    .table_valued(column("value", JSONB), with_ordinality="place")
    .render_derived(name="one")
)


def _says(name: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a note says the name, in small letters or large ones."""
    return func.strpos(func.lower(public_note.c.text), func.lower(name)) > 0


_project_id = cast(_one.c.value["project_id"].astext, Uuid)
_is_secret = exists(
    select(1)
    .where(
        confidentiality.c.organisation_id == decision.c.organisation_id,
        confidentiality.c.id == _project_id,
        confidentiality.c.is_confidential,
    )
    .correlate(decision, _one)
)
_its_notes = and_(
    public_note.c.organisation_id == decision.c.organisation_id, public_note.c.decision_id == decision.c.id
)
_is_withdrawn = exists(select(1).where(_its_notes, public_note.c.kind == "withdrawal").correlate(decision))
_names_a_secret = exists(
    select(1)
    .select_from(_one)
    .outerjoin(
        project, and_(project.c.organisation_id == decision.c.organisation_id, project.c.id == _project_id)
    )
    .where(
        _is_secret,
        or_(_says(_one.c.value["project_name"].astext), _says(project.c.name)),
    )
    .correlate(decision, public_note)
)
# A correction that names what must not be told leaves no trace; a withdrawal stands there without its words.
_told_notes = and_(_its_notes, or_(public_note.c.kind == "withdrawal", ~_names_a_secret))
_noted_at = (
    select(func.max(public_note.c.created_at)).where(_told_notes).correlate(decision).scalar_subquery()
)
_later, _later_decision = decided_project.alias("later"), decision.alias("later_decision")
_later_openness, _later_note = openness.alias("later_openness"), public_note.alias("later_note")
# Only what is itself told is named: not what was withdrawn, nor what was decided where nothing is open.
_followed_by = (
    select(_later.c.decision_id)
    .join(
        _later_decision,
        and_(
            _later_decision.c.organisation_id == _later.c.organisation_id,
            _later_decision.c.id == _later.c.decision_id,
        ),
    )
    .join(
        _later_openness,
        and_(
            _later_openness.c.organisation_id == _later.c.organisation_id,
            _later_openness.c.id == _later_decision.c.portfolio_id,
        ),
    )
    .where(
        _later.c.organisation_id == decision.c.organisation_id,
        _later.c.project_id == _project_id,
        _later.c.follows_id == decision.c.id,
        _later_openness.c.is_open,
        _later_decision.c.decided_on >= _later_openness.c.from_day,
        ~exists(
            select(1)
            .where(
                _later_note.c.organisation_id == _later.c.organisation_id,
                _later_note.c.decision_id == _later.c.decision_id,
                _later_note.c.kind == "withdrawal",
            )
            .correlate(_later)
        ),
    )
    .correlate(decision, _one)
    .scalar_subquery()
)


def _projects() -> ColumnElement[Any]:
    """Those that may be told; none of them while one is confidential leaves a trace, not even in a count."""
    shown = document(
        name=_one.c.value["project_name"].astext,
        effect=_one.c.value["effect"].astext,
        start=_one.c.value["start"].astext,
        end=_one.c.value["end"].astext,
        followed_by_id=_followed_by,
    )
    return (
        select(documents(shown, _one.c.place))
        .select_from(_one)
        .where(~_is_secret)
        .correlate(decision)
        .scalar_subquery()
    )


def _notes() -> ColumnElement[Any]:
    """What was said since; of a withdrawn decision the withdrawal alone, also where it corrected before."""
    shown = document(
        kind=public_note.c.kind,
        text=case((~_names_a_secret, public_note.c.text), else_="…"),
        noted_at=moment(public_note.c.created_at),
    )
    is_shown = or_(public_note.c.kind == "withdrawal", ~_is_withdrawn)
    found = select(documents(shown, public_note.c.id)).where(_told_notes, is_shown)
    return found.correlate(decision).scalar_subquery()


# A decision about confidential projects alone is not there at all.
_may_be_told = or_(
    func.jsonb_array_length(decision.c.projects) == 0,
    exists(select(1).select_from(_one).where(~_is_secret).correlate(decision)),
)
_public = (
    select(
        decision.c.organisation_id,
        decision.c.id,
        decision.c.case_number,
        decision.c.decided_on,
        decision.c.created_at,
        openness.c.body,
        _is_withdrawn.label("is_withdrawn"),
        case((~_is_withdrawn, decision.c.kind)).label("kind"),
        case((~_is_withdrawn, decision.c.until)).label("until"),
        case((~_is_withdrawn, _projects())).label("projects"),
        _notes().label("notes"),
        func.greatest(decision.c.created_at, _noted_at).label("updated_at"),
    )
    .join(
        openness,
        and_(
            openness.c.organisation_id == decision.c.organisation_id,
            openness.c.id == decision.c.portfolio_id,
        ),
    )
    .where(openness.c.is_open, decision.c.decided_on >= openness.c.from_day, _may_be_told)
    .subquery("public")
)


def public_document(c: Columns) -> ColumnElement[Any]:
    """`PublicDecisionOut`, as PostgreSQL writes it: no names of people, no reasons, no ids of projects."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        body=c.body,
        case_number=c.case_number,
        decided_on=c.decided_on,
        is_withdrawn=c.is_withdrawn,
        kind=c.kind,
        until=c.until,
        projects=c.projects,
        notes=c.notes,
        published_at=moment(c.created_at),
        updated_at=moment(c.updated_at),
    )


LISTING = Listing(
    _public, public_document, filters={"case": _public.c.case_number}, sorts={"id": _public.c.id}
)
_OPEN = Query(
    select(organisation.c.name, organisation.c.language).where(
        exists(
            select(1).where(openness.c.organisation_id == organisation.c.organisation_id, openness.c.is_open)
        )
    )
)


async def find_open(connection: Connection) -> tuple[str, str] | None:
    """The organisation's name and language, when any of its portfolios is open."""
    row = await _OPEN.find(connection)
    return None if row is None else (row["name"], row["language"])
