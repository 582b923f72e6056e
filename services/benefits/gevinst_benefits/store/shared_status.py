"""How a project stands, as other bodies can be given it: phase, lights, what it promises and gave (B7, X4).

The lights are those that the watch saw last, or that a person said instead: they change by a write, and so
leave a mark. Nothing here depends on the moment at which it is read.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    ScalarSelect,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.shared_values import is_potential, is_realised, one_of
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.store.overview_scopes import is_followed
from gevinst_benefits.store.shared_fields import document_of, open_programme, plain, projects, refers
from gevinst_benefits.store.verifications import is_corrected
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.gates import gate, gate_decision, gate_withdrawal, progress
from gevinst_benefits.tables.indicators import curve_watch, indicator, light_override, measurement
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.verifications import verification
from gevinst_shared.db.documents import document, documents
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind
from gevinst_shared.sync.shared_values import from_to

_MOST = 1_000_000
_is_count = from_to(0, _MOST)
_its_benefit = and_(
    benefit.c.organisation_id == project.c.organisation_id, benefit.c.project_id == project.c.id
)
_its_indicator = and_(
    indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
)


def light_of(said: Any = light_override, seen: Any = curve_watch) -> ColumnElement[Any]:  # noqa: ANN401 - tables
    """The light of an indicator: what a person said last, unless it was taken back; else what was seen.

    What a person said holds until a look is taken after its last day, which the watch plans by itself.
    """
    newest = (
        select(
            case(
                (
                    said.c.until + literal_column("1") >= func.coalesce(seen.c.next_on, said.c.until),
                    said.c.colour,
                )
            )
        )
        .where(
            said.c.organisation_id == indicator.c.organisation_id,
            said.c.indicator_id == indicator.c.id,
        )
        .order_by(said.c.id.desc())
        .limit(literal_column("1"))
        .correlate(indicator, seen)
        .scalar_subquery()
    )
    return func.coalesce(newest, seen.c.colour)


def watched(source: FromClause) -> FromClause:
    """Indicators with how they were seen last."""
    return source.outerjoin(
        curve_watch,
        and_(
            curve_watch.c.organisation_id == indicator.c.organisation_id, curve_watch.c.id == indicator.c.id
        ),
    )


def _counted(statement: Select[Any]) -> SharedField:
    """A count, which is zero when there is nothing: that is known."""
    return SharedField(FieldType.WHOLE, statement.correlate(project).scalar_subquery(), is_good=_is_count)


def _of_benefits(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(benefit).where(_its_benefit, is_followed, *conditions)


def _of_indicators(*conditions: ColumnElement[bool]) -> Select[Any]:
    source = watched(benefit.join(indicator, _its_indicator))
    return select(func.count()).select_from(source).where(_its_benefit, is_followed, *conditions)


_is_measured = exists(
    select(1)
    .where(
        measurement.c.organisation_id == indicator.c.organisation_id,
        measurement.c.indicator_id == indicator.c.id,
    )
    .correlate(indicator)
)
_has_no_indicator = ~exists(select(1).where(_its_indicator).correlate(benefit))
_gates_waiting = (
    select(func.count())
    .select_from(
        gate.outerjoin(
            gate_decision,
            and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
        ).outerjoin(
            gate_withdrawal,
            and_(
                gate_withdrawal.c.organisation_id == gate.c.organisation_id, gate_withdrawal.c.id == gate.c.id
            ),
        )
    )
    .where(
        gate.c.organisation_id == project.c.organisation_id,
        gate.c.project_id == project.c.id,
        gate_decision.c.id.is_(None),
        gate_withdrawal.c.id.is_(None),
    )
)
_conditions_open = (
    select(func.count())
    .select_from(condition)
    .where(
        condition.c.organisation_id == project.c.organisation_id,
        condition.c.project_id == project.c.id,
        or_(condition.c.state == "open", condition.c.state == "reported"),
    )
)


# B11: what we count by the newest step of an agreement, and what nobody does; without one all of it is ours.
def _of_newest_step(part: ColumnElement[Any], otherwise: int) -> ColumnElement[Any]:
    newest = (
        select(part)
        .where(
            agreement_entry.c.organisation_id == benefit.c.organisation_id,
            agreement_entry.c.benefit_id == benefit.c.id,
        )
        .order_by(agreement_entry.c.id.desc())
        .limit(literal_column("1"))
        .correlate(benefit)
        .scalar_subquery()
    )
    return func.coalesce(newest, otherwise)


_ours = _of_newest_step(agreement_entry.c.counted, 1)
_in_transit = _of_newest_step(agreement_entry.c.in_transit, 0)


def _whole(c: Any) -> ColumnElement[Any]:  # noqa: ANN401 - columns of a benefit or a verification
    """The figure in whole units, whatever its ledger."""
    return func.coalesce(cast(c.money_minor, Numeric) / 100, c.amount, type_=Numeric)


def _text(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return decimal_text(func.round(value, 6, type_=Numeric))


def _potential() -> ScalarSelect[Any]:
    amount = _whole(benefit.c) * _ours
    is_confirmed = benefit.c.confirmed_by.is_not(None)
    nothing = literal_column("0", Numeric)
    units = (benefit.c.ledger, benefit.c.currency, benefit.c.price_year, benefit.c.unit_of_measure)
    sums = (
        select(
            *units,
            func.sum(case((is_confirmed, amount), else_=nothing), type_=Numeric).label("confirmed"),
            func.sum(case((is_confirmed, nothing), else_=amount), type_=Numeric).label("unconfirmed"),
            func.sum(_whole(benefit.c) * _in_transit, type_=Numeric).label("in_transit"),
        )
        .where(_its_benefit, is_followed)
        .group_by(*units)
        .correlate(project)
        .subquery("potential")
    )
    return _listed(
        sums,
        confirmed=_text(sums.c.confirmed),
        unconfirmed=_text(sums.c.unconfirmed),
        in_transit=_text(func.nullif(sums.c.in_transit, nothing, type_=Numeric)),
    )


def _realised() -> ScalarSelect[Any]:
    units = (
        benefit.c.ledger,
        verification.c.currency,
        verification.c.price_year,
        verification.c.unit_of_measure,
        verification.c.year,
    )
    its_verification = and_(
        verification.c.organisation_id == benefit.c.organisation_id,
        verification.c.benefit_id == benefit.c.id,
    )
    sums = (
        select(*units, func.sum(_whole(verification.c) * _ours, type_=Numeric).label("amount"))
        .select_from(benefit.join(verification, its_verification))
        .where(_its_benefit, ~is_corrected(verification.c))
        .group_by(*units)
        .correlate(project)
        .subquery("realised")
    )
    return _listed(sums, year=sums.c.year, amount=_text(sums.c.amount))


def _listed(sums: Any, **members: ColumnElement[Any]) -> ScalarSelect[Any]:  # noqa: ANN401 - a subquery
    """The sums in order. None at all is a list, too: that is known, and not what was not shared."""
    names = ("ledger", "currency", "price_year", "unit_of_measure")
    item = document(**{name: sums.c[name] for name in names}, **members)
    order = [sums.c[name] for name in (*names, *(["year"] if "year" in sums.c else []))]
    return select(documents(item, *order)).select_from(sums).scalar_subquery()


def _lit(colour: Colour) -> SharedField:
    return _counted(_of_indicators(light_of() == colour.value))


_worst = (
    select(
        func.max(
            case(
                {Colour.GREEN.value: 1, Colour.YELLOW.value: 2, Colour.RED.value: 3},
                value=light_of(),
                else_=0,
            ),
            type_=Integer,
        )
    )
    .select_from(watched(benefit.join(indicator, _its_indicator)))
    .where(_its_benefit, is_followed)
    .correlate(project)
    .scalar_subquery()
)
# The worst of its indicators; none when nobody can say, and missing without any indicator.
_light = case(
    {0: Colour.NONE.value, 1: Colour.GREEN.value, 2: Colour.YELLOW.value, 3: Colour.RED.value}, value=_worst
)

STATUS = SharedKind(
    name="status",
    # The project's own id: a project has one status.
    source=projects.outerjoin(
        progress,
        and_(progress.c.organisation_id == project.c.organisation_id, progress.c.id == project.c.id),
    ),
    organisation_id=project.c.organisation_id,
    record_id=project.c.id,
    roots=(open_programme,),
    fields={
        "project": refers(project.c.id, "project"),
        "phase_model": plain(progress.c.phase_model),
        "phase_model_version": plain(progress.c.phase_model_version),
        "phase": plain(progress.c.phase),
        "round": plain(progress.c.round, from_to(1, _MOST)),
        "state": plain(progress.c.state),
        "light": SharedField(FieldType.TEXT, _light, is_good=one_of(Colour)),
        "green": _lit(Colour.GREEN),
        "yellow": _lit(Colour.YELLOW),
        "red": _lit(Colour.RED),
        "benefits": _counted(_of_benefits()),
        "unconfirmed": _counted(_of_benefits(benefit.c.confirmed_by.is_(None))),
        "without_indicator": _counted(_of_benefits(_has_no_indicator)),
        "indicators": _counted(_of_indicators()),
        "measured": _counted(_of_indicators(_is_measured)),
        "gates_waiting": _counted(_gates_waiting),
        "conditions_open": _counted(_conditions_open),
        "potential": document_of(_potential(), is_potential),
        "realised": document_of(_realised(), is_realised),
    },
)
