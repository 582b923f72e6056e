"""Deciding once for all who are alike gives each what deciding for each alone would (N1, N3, N4)."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.domain.following import Level
from gevinst_notifications.domain.hearing import Circle, Hearing, hearings
from gevinst_notifications.domain.messages import Recipients
from gevinst_notifications.domain.preferences import EVERY_KIND, OrganisationSetting, PersonSetting, Way
from gevinst_notifications.domain.quiet_hours import QuietHours
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.working_days import WorkCalendar
from tests.notifications.naive_hearing import Heard, heard_by_each

PEOPLE = [UUID(int=number) for number in range(1, 13)]
NOW = datetime(2027, 3, 26, 20, 0, tzinfo=UTC)  # Good Friday, in the evening
# The next working day in Norway, Denmark and Sweden is Tuesday.
DAYS = st.sampled_from([None, *(date(2027, 3, day) for day in (25, 26, 27, 30, 31))])
NIGHTS = QuietHours(20 * 60, 8 * 60, on_closed_days=True)
WAYS = st.dictionaries(
    st.sampled_from([EVERY_KIND, NoticeKind.PROJECT_STOPPED, NoticeKind.ROLE_VACANT]),
    st.fixed_dictionaries({"mail": st.sampled_from(Way)}),
)
SETTINGS = st.builds(
    PersonSetting,
    zone=st.sampled_from(["Europe/Oslo", "Europe/Helsinki"]),
    country=st.sampled_from(["NO", "DK", "SE"]),
    has_address=st.booleans(),
    is_erased=st.booleans(),
    quiet=st.sampled_from([None, NIGHTS]),
    ways=WAYS,
)
KINDS = st.sampled_from([NoticeKind.PROJECT_STOPPED, NoticeKind.ROLE_VACANT, NoticeKind.DUTY_ESCALATED])
REASONS = st.sampled_from([(Reason.OWNS_PROJECT,), (Reason.FOLLOWS, Reason.OWNS_PROJECT), (Reason.FOLLOWS,)])
RECIPIENTS = st.dictionaries(st.sampled_from(PEOPLE), REASONS)


@st.composite
def circles(draw: st.DrawFn) -> Circle:
    """A few settings, each of which several people have; some are away, for each other or for nobody."""
    shared = draw(st.lists(SETTINGS, min_size=1, max_size=3))
    substitutes = draw(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([None, *PEOPLE])))
    return Circle(
        settings=draw(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(shared))),
        organisation=OrganisationSetting(quiet=NIGHTS, ways=draw(WAYS)),
        absences={
            person: Absence(person, date(2027, 3, 1), date(2027, 4, 1), other)
            for person, other in substitutes.items()
            if person != other
        },
        levels=draw(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(Level))),
        actor=draw(st.sampled_from([None, *PEOPLE])),
    )


@given(KINDS, RECIPIENTS, circles(), DAYS)
def test_each_gets_what_they_would_get_alone(
    kind: NoticeKind, who: Recipients, circle: Circle, due_on: date | None
) -> None:
    found = hearings(kind, who, circle, now=NOW, calendar_of=WorkCalendar, due_on=due_on)

    each = {person: _heard(one) for one in found for person in one.people}
    assert each == heard_by_each(kind, who, circle, now=NOW, due_on=due_on)
    assert set(Counter(person for one in found for person in one.people).values()) <= {1}


def test_thousands_who_chose_nothing_are_decided_for_once() -> None:
    everybody = [UUID(int=number) for number in range(5_000)]
    circle = Circle(
        dict.fromkeys(everybody, PersonSetting(zone="Europe/Oslo", country="NO")), OrganisationSetting()
    )

    found = hearings(
        NoticeKind.PROJECT_STOPPED,
        dict.fromkeys(everybody, (Reason.RUNS_PORTFOLIO,)),
        circle,
        now=NOW,
        calendar_of=WorkCalendar,
    )

    assert found == [Hearing(tuple(everybody), (Reason.RUNS_PORTFOLIO,), mail_at=NOW)]


def _heard(one: Hearing) -> Heard:
    return Heard(
        reasons=frozenset(one.reasons),
        is_in_inbox=one.is_in_inbox,
        mail_at=one.mail_at,
        digest=None if one.digest is None else str(one.digest),
        silences=frozenset((channel, str(cause)) for channel, cause in one.silences.items()),
    )
