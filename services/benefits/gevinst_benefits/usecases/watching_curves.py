"""Telling when a measurement shows a benefit behind its curve, or further behind (B7)."""

from uuid import UUID

from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.events.indicators import BenefitOffCurve
from gevinst_benefits.store import benefits, curve_watches
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.usecases.foreseeing import outlook_of
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of

_ORDER = list(Colour)
_OFF = frozenset({Colour.YELLOW, Colour.RED})


async def tell_of_curve(work: Work, indicator_id: UUID) -> None:
    """The indicator was measured: tell when its light is off and worse than it was seen last.

    What a person said instead of the figures is not told over.
    """
    outlook = await outlook_of(work, indicator_id, on=None)
    colour, known = outlook.light.colour, outlook.indicator
    benefit = await benefits.get_row(work.connection, known.benefit_id)
    before = await curve_watches.find_colour(work.connection, indicator_id)
    await curve_watches.keep_colour(work.connection, work.organisation, indicator_id, colour.value)
    is_worse = before is None or _ORDER.index(colour) > _ORDER.index(Colour(before))
    is_over = benefit["state"] in {BenefitState.CLOSED, BenefitState.MOVED}
    if colour not in _OFF or not is_worse or outlook.override is not None or is_over:
        return
    fact = BenefitOffCurve(
        project_id=benefit["project_id"],
        benefit_id=known.benefit_id,
        indicator_id=indicator_id,
        benefit_name=benefit["name"],
        indicator_name=known.name,
        owner_role=benefit["owner_role"],
        owner_unit_id=benefit["owner_unit_id"],
        colour=colour.value,
        cause=outlook.light.cause.value,
    )
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id))
    change = {"before": {"colour": before}, "after": {"colour": colour.value}}
    await announce(work.connection, [record | change])
