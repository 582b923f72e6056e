"""What other bodies can be given of plans, cases and how projects stand (X1, X4).

Never people: no names, owners, measurers or notes, and no free text in which somebody could be written about.
A general case is published for others, so its document goes as it was published.
"""

from sqlalchemy import Integer, Text, Uuid, and_, case, cast, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from gevinst_benefits.domain.measuring.aggregation import Rule
from gevinst_benefits.domain.measuring.indicators import Direction
from gevinst_benefits.domain.measuring.measurement_plans import Frequency
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.measuring.trajectories import Curve
from gevinst_benefits.domain.plan.benefits import BenefitState, Ledger, RealisationMode
from gevinst_benefits.domain.plan.goals import GoalKind, GoalState
from gevinst_benefits.domain.plan.timing import HangsOn, RampKind
from gevinst_benefits.domain.shared_values import (
    NO_ORIGIN,
    OWN_ORIGIN,
    RESULTS,
    is_currency,
    is_general_document,
    is_origin,
    is_publisher,
    is_results,
    one_of,
)
from gevinst_benefits.store.benefit_dates import anchored
from gevinst_benefits.store.measurements import is_corrected
from gevinst_benefits.store.shared_fields import (
    document_of,
    moment_of,
    money_of,
    named,
    open_programme,
    plain,
    projects,
    refers,
    with_its_project,
)
from gevinst_benefits.store.shared_status import STATUS, light_of, watched
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.general_cases import general_case, general_case_edition
from gevinst_benefits.tables.goals import goal, goal_means
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_benefits.tables.projects import project
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind
from gevinst_shared.sync.shared_values import from_to, is_amount, is_year

_benefits = with_its_project(benefit, benefit.c.project_id, benefit.c.organisation_id)
_indicators = with_its_project(
    indicator.join(
        benefit,
        and_(
            benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.id == indicator.c.benefit_id
        ),
    ),
    benefit.c.project_id,
    benefit.c.organisation_id,
)
_of_goal = (
    select(
        func.array_agg(project.c.id, type_=ARRAY(Uuid)).label("projects"),
        func.array_agg(open_programme, type_=ARRAY(Uuid)).label("programmes"),
    )
    .select_from(
        with_its_project(
            goal_means.join(
                benefit,
                and_(
                    benefit.c.organisation_id == goal_means.c.organisation_id,
                    benefit.c.id == goal_means.c.benefit_id,
                ),
            ),
            benefit.c.project_id,
            benefit.c.organisation_id,
        )
    )
    .where(goal_means.c.organisation_id == goal.c.organisation_id, goal_means.c.goal_id == goal.c.id)
    .correlate(goal)
    .lateral("of_goal")
)
_later = business_case.alias("later")
_is_superseded = exists(
    select(1).where(
        _later.c.organisation_id == business_case.c.organisation_id,
        _later.c.project_id == business_case.c.project_id,
        _later.c.number > business_case.c.number,
    )
)
_newest_case = select(business_case).where(~_is_superseded).subquery("newest_case")
_edition = and_(
    general_case_edition.c.organisation_id == general_case.c.organisation_id,
    general_case_edition.c.general_case_id == general_case.c.id,
    general_case_edition.c.number == general_case.c.edition,
)
_MONTHS = from_to(-600, 600)

# Portfolio shares projects; they are known here so that what refers to them can be told from what is hidden.
PROJECT = SharedKind(
    name="project",
    source=projects,
    organisation_id=project.c.organisation_id,
    record_id=project.c.id,
    roots=(open_programme,),
    fields={},
    is_served=False,
)
GOAL = SharedKind(
    name="goal",
    source=goal.outerjoin(_of_goal, literal_column("true")),
    organisation_id=goal.c.organisation_id,
    record_id=goal.c.id,
    # A goal outlives its means (G8); it is shared with the projects whose benefits are to meet it.
    root_lists=(_of_goal.c.projects, _of_goal.c.programmes),
    fields={
        "name": named(goal.c.name),
        "kind": plain(goal.c.kind, one_of(GoalKind)),
        "money": money_of(goal.c),
        "amount": plain(goal.c.amount),
        "unit_of_measure": plain(goal.c.unit_of_measure),
        "due_year": plain(goal.c.due_year, is_year),
        "state": plain(goal.c.state, one_of(GoalState)),
        "ended_at": moment_of(goal.c.ended_at),
        "unit": refers(goal.c.unit_id, "unit"),
    },
)
BENEFIT = SharedKind(
    name="benefit",
    source=_benefits.outerjoin(
        delivery,
        and_(delivery.c.organisation_id == benefit.c.organisation_id, delivery.c.id == benefit.c.delivery_id),
    ),
    organisation_id=benefit.c.organisation_id,
    record_id=benefit.c.id,
    roots=(benefit.c.project_id, open_programme),
    fields={
        "project": refers(benefit.c.project_id, "project"),
        "name": named(benefit.c.name),
        "mode": plain(benefit.c.mode, one_of(RealisationMode)),
        "kind": plain(benefit.c.kind),
        "state": plain(benefit.c.state, one_of(BenefitState)),
        "ledger": plain(benefit.c.ledger, one_of(Ledger)),
        "money_per_year": money_of(benefit.c),
        "amount_per_year": plain(benefit.c.amount),
        "unit_of_measure": plain(benefit.c.unit_of_measure),
        "owner_role": plain(benefit.c.owner_role),
        "owner_unit": refers(benefit.c.owner_unit_id, "unit"),
        "confirmed_at": moment_of(benefit.c.confirmed_at),
        "hangs_on": plain(benefit.c.hangs_on, one_of(HangsOn)),
        "offset_months": plain(benefit.c.offset_months, _MONTHS),
        "begins_on": SharedField(FieldType.DAY, anchored),
        "ends_on": plain(benefit.c.ends_on),
        "ramp": plain(benefit.c.ramp, one_of(RampKind)),
        "ramp_months": plain(benefit.c.ramp_months, _MONTHS),
        "duration_months": plain(benefit.c.duration_months, from_to(1, 600)),
        "erosion_per_year": plain(benefit.c.erosion_per_year),
        "effort": plain(benefit.c.effort),
        "moved_to": refers(benefit.c.moved_to, "project"),
        "continues": refers(benefit.c.continues_id, "benefit"),
    },
)
INDICATOR = SharedKind(
    name="indicator",
    source=watched(_indicators),
    organisation_id=indicator.c.organisation_id,
    record_id=indicator.c.id,
    roots=(benefit.c.project_id, open_programme),
    fields={
        "benefit": refers(indicator.c.benefit_id, "benefit"),
        "name": named(indicator.c.name),
        "unit_of_measure": plain(indicator.c.unit_of_measure),
        "direction": plain(indicator.c.direction, one_of(Direction)),
        "baseline": plain(indicator.c.baseline),
        "target": plain(indicator.c.target),
        "act_at": plain(indicator.c.act_at),
        "time_rule": plain(indicator.c.time_rule, one_of(Rule)),
        "unit_rule": plain(indicator.c.unit_rule, one_of(Rule)),
        "frequency": plain(indicator.c.frequency, one_of(Frequency)),
        "first_on": plain(indicator.c.first_on),
        "until": plain(indicator.c.until),
        "starts_on": plain(indicator.c.starts_on),
        "target_on": plain(indicator.c.target_on),
        "curve": plain(indicator.c.curve, one_of(Curve)),
        "light": SharedField(FieldType.TEXT, light_of(), is_good=one_of(Colour)),
    },
)
MEASUREMENT = SharedKind(
    name="measurement",
    source=_indicators.join(
        measurement,
        and_(
            measurement.c.organisation_id == indicator.c.organisation_id,
            measurement.c.indicator_id == indicator.c.id,
        ),
    ),
    organisation_id=measurement.c.organisation_id,
    record_id=measurement.c.id,
    roots=(benefit.c.project_id, open_programme),
    fields={
        "indicator": refers(measurement.c.indicator_id, "indicator"),
        "taken_on": plain(measurement.c.taken_on),
        "value": plain(measurement.c.value),
        "weight": plain(measurement.c.weight),
        # Which unit it is stays ours; that it is the same one can be told.
        "unit": refers(measurement.c.unit_id, "unit"),
        "corrects": refers(measurement.c.corrects_id, "measurement"),
        "is_corrected": SharedField(FieldType.YES_NO, is_corrected(measurement.c)),
    },
)
_case = _newest_case.c
_results = [part for name in RESULTS for part in (literal_column(f"'{name}'"), _case.results[name])]
_npv = func.json_build_object(
    literal_column("'amount'"),
    _case.results["net_present_value"].astext,
    literal_column("'currency'"),
    _case.currency,
    literal_column("'price_year'"),
    _case.price_year,
    type_=JSON,
)
# C3: another body's general case is no record of ours, so `general_case` never tells of it; who published it
# and under which id is said by itself, for an id alone may be claimed by anybody. That there is none is said,
# so that it is not taken for not shared.
_is_localised = _case.origin["publisher"].astext != _case.organisation_id
_localised_from = case(
    (_case.origin.is_(None), literal_column(f"'{NO_ORIGIN}'", Text)),
    (_is_localised, _case.origin["published_as"].astext),
    else_=literal_column(f"'{OWN_ORIGIN}'", Text),
)
_localised_publisher = case((_is_localised, _case.origin["publisher"].astext))
_localised_edition = case((_is_localised, cast(_case.origin["edition"].astext, Integer)))
BUSINESS_CASE = SharedKind(
    name="business_case",
    source=with_its_project(_newest_case, _case.project_id, _case.organisation_id),
    organisation_id=_case.organisation_id,
    # The project's own id: what is shared is its newest version, whichever that is.
    record_id=_case.project_id,
    roots=(open_programme,),
    fields={
        "project": refers(_case.project_id, "project"),
        "number": plain(_case.number, from_to(1, 1_000_000)),
        "currency": plain(_case.currency, is_currency),
        "base_year": plain(_case.base_year, is_year),
        "horizon_years": plain(_case.horizon_years, from_to(1, 300)),
        "price_year": plain(_case.price_year, is_year),
        "recommended": plain(_case.recommended),
        "created_at": moment_of(_case.created_at),
        "net_present_value": SharedField(
            FieldType.MONEY,
            case((_case.results.has_key("net_present_value"), _npv)),
            is_good=is_amount,
        ),
        "results": document_of(func.json_build_object(*_results, type_=JSON), is_results),
        "general_case": refers(case((~_is_localised, _case.general_case_id)), "general_case"),
        "localised_from": SharedField(FieldType.TEXT, _localised_from, is_good=is_origin),
        "localised_publisher": SharedField(FieldType.TEXT, _localised_publisher, is_good=is_publisher),
        "localised_edition": plain(_localised_edition, from_to(1, 1_000_000)),
    },
)
GENERAL_CASE = SharedKind(
    name="general_case",
    # Of our own only: what was brought in is another body's to give.
    source=with_its_project(
        general_case.join(general_case_edition, _edition),
        general_case.c.project_id,
        general_case.c.organisation_id,
    ),
    organisation_id=general_case.c.organisation_id,
    record_id=general_case.c.id,
    roots=(general_case.c.project_id, open_programme),
    fields={
        "project": refers(general_case.c.project_id, "project"),
        "name": named(general_case.c.name),
        "edition": plain(general_case.c.edition, from_to(1, 1_000_000)),
        "document": document_of(cast(general_case_edition.c.document, JSON), is_general_document),
        "withdrawn_at": moment_of(general_case.c.withdrawn_at),
    },
)
KINDS = (PROJECT, GOAL, BENEFIT, INDICATOR, MEASUREMENT, BUSINESS_CASE, GENERAL_CASE, STATUS)
