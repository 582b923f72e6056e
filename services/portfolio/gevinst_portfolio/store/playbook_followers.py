"""Who took a playbook over: our own projects, and partners as far as they say so (X3, X4)."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Uuid, and_, cast, func, literal_column, select, union_all

from gevinst_portfolio.store.playbook_adoptions import counts_of
from gevinst_portfolio.tables.playbooks import playbook, playbook_adoption
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.documents import document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns

FIGURES = ("edition", "planned", "under_way", "done", "left_out", "decisions_open", "decisions_taken")
_own, _replica, _partner = playbook_adoption.c, sync.replica, sync.partner
_counts = counts_of(_own.id, _own.organisation_id)
_ours = select(
    _own.organisation_id,
    _own.id,
    _own.playbook_id,
    _own.organisation_id.label("follower"),
    _own.edition,
    *(_counts.c[name] for name in FIGURES[1:]),
).select_from(playbook_adoption.join(_counts, literal_column("true")))
# What a partner says was checked when it arrived. Whose playbook it is need not be shared.
_says = _replica.c.body
_is_it = and_(
    playbook.c.organisation_id == _replica.c.organisation_id,
    playbook.c.published_as == cast(_says["playbook"].astext, Uuid),
    playbook.c.publisher == func.coalesce(_says["publisher"].astext, playbook.c.publisher),
)
_theirs = (
    select(
        _replica.c.organisation_id,
        _replica.c.record_id.label("id"),
        playbook.c.id.label("playbook_id"),
        _partner.c.owner.label("follower"),
        *(cast(_says[name].astext, Integer).label(name) for name in FIGURES),
    )
    .select_from(
        _replica.join(
            _partner,
            and_(
                _partner.c.organisation_id == _replica.c.organisation_id,
                _partner.c.id == _replica.c.partner_id,
            ),
        ).join(playbook, _is_it)
    )
    .where(_replica.c.kind == literal_column("'playbook_adoption'"), _says.has_key("playbook"))
)
_follower = union_all(_ours, _theirs).subquery("follower")


def follower_document(c: Columns) -> ColumnElement[Any]:
    """`PlaybookFollowerOut`, as PostgreSQL writes it."""
    return document(id=c.id, organisation=c.follower, **{name: c[name] for name in FIGURES})


LISTING = Listing(
    _follower,
    follower_document,
    filters={"playbook": _follower.c.playbook_id},
    sorts={"organisation": _follower.c.follower},
)
