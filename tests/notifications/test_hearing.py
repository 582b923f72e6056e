"""What one person gets of one notice."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from gevinst_notifications.domain.absences import Absence, stand_in
from gevinst_notifications.domain.following import Following, Level, levels
from gevinst_notifications.domain.hearing import Cause, Circle, Hearing, hearings
from gevinst_notifications.domain.preferences import (
    EVERY_KIND,
    MANDATORY,
    DecidedBy,
    OrganisationSetting,
    Period,
    PersonSetting,
    Way,
    decided_way,
)
from gevinst_notifications.domain.quiet_hours import QuietHours
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_shared.values.actor import Place, ScopeKind

NOW = datetime(2027, 3, 3, 21, 0, tzinfo=UTC)  # a Wednesday evening in Oslo
KARI, PER, ANE = (uuid4() for _ in range(3))
STOPPED, VACANT = NoticeKind.PROJECT_STOPPED, NoticeKind.ROLE_VACANT


def setting(**chosen: Any) -> PersonSetting:
    return PersonSetting(zone="Europe/Oslo", country="NO", **chosen)


def heard(kind: NoticeKind, *who: UUID, **circle: Any) -> dict[UUID, Hearing]:
    settings = circle.pop("settings", None) or {one: setting() for one in (KARI, PER, ANE)}
    house = circle.pop("organisation", OrganisationSetting())
    told = dict.fromkeys(who, (Reason.OWNS_PROJECT,))
    found = hearings(
        kind,
        told,
        Circle(settings, house, **circle),
        now=NOW,
        calendar_of=WorkCalendar,
    )
    return {person: one for one in found for person in one.people}


def by_mail(way: Way) -> dict[str, dict[str, Way]]:
    return {STOPPED: {"mail": way}}


def test_who_chose_nothing_hears_at_once() -> None:
    assert heard(STOPPED, KARI)[KARI] == Hearing((KARI,), (Reason.OWNS_PROJECT,), mail_at=NOW)


def test_quiet_hours_delay_the_mail_and_not_the_inbox() -> None:
    """N3."""
    settings = {KARI: setting(quiet=QuietHours(20 * 60, 7 * 60))}

    one = heard(STOPPED, KARI, settings=settings)[KARI]

    assert one.is_in_inbox
    assert one.mail_at == datetime(2027, 3, 4, 6, 0, tzinfo=UTC)


def test_what_is_for_the_digest_has_no_mail_of_its_own() -> None:
    settings = {KARI: setting(ways=by_mail(Way.DAILY)), PER: setting(ways=by_mail(Way.WEEKLY))}

    found = heard(STOPPED, KARI, PER, settings=settings)

    assert [(found[one].mail_at, found[one].digest) for one in (KARI, PER)] == [
        (None, Period.DAILY),
        (None, Period.WEEKLY),
    ]


def test_what_is_turned_off_is_in_the_inbox_and_says_why_not_elsewhere() -> None:
    """N4."""
    settings = {KARI: setting(ways=by_mail(Way.OFF))}

    one = heard(STOPPED, KARI, settings=settings)[KARI]

    assert (one.is_in_inbox, one.mail_at, one.silences) == (True, None, {"mail": Cause.TURNED_OFF})


def test_what_must_be_done_cannot_be_turned_off() -> None:
    """N1: neither by a choice nor by muting, whenever they were made."""
    settings = {KARI: setting(ways={EVERY_KIND: {"mail": Way.OFF}})}

    assert heard(VACANT, KARI, settings=settings)[KARI].mail_at == NOW
    assert heard(VACANT, KARI, levels={KARI: Level.MUTE})[KARI].mail_at == NOW
    assert (
        heard(VACANT, KARI, settings={KARI: setting(ways={VACANT: {"mail": Way.DAILY}})})[KARI].digest
        is Period.DAILY
    )


def test_what_is_muted_is_nowhere_and_says_why() -> None:
    """N4."""
    one = heard(STOPPED, KARI, levels={KARI: Level.MUTE})[KARI]

    assert (one.is_in_inbox, one.mail_at, one.digest) == (False, None, None)
    assert one.silences == {"inbox": Cause.MUTED}


def test_a_substitute_hears_instead_and_the_absent_one_when_back() -> None:
    """N3."""
    away = {KARI: Absence(KARI, date(2027, 3, 1), date(2027, 3, 8), PER)}

    found = heard(STOPPED, KARI, absences=away)

    assert found[PER].reasons == (Reason.STANDS_IN,)
    assert found[PER].mail_at == NOW
    assert (found[KARI].mail_at, found[KARI].digest) == (None, Period.DAILY)
    assert found[KARI].silences == {"mail": Cause.ANOTHER_STANDS_IN}


def test_a_substitute_who_is_concerned_as_well_hears_once() -> None:
    away = {KARI: Absence(KARI, date(2027, 3, 1), date(2027, 3, 8), PER)}

    found = heard(STOPPED, KARI, PER, absences=away)

    assert set(found) == {KARI, PER}
    assert found[PER].reasons == (Reason.OWNS_PROJECT, Reason.STANDS_IN)


def test_nobody_stands_in_for_what_they_did_themselves() -> None:
    away = {KARI: Absence(KARI, date(2027, 3, 1), date(2027, 3, 8), PER)}

    found = heard(STOPPED, KARI, absences=away, actor=PER)

    assert set(found) == {KARI}
    assert found[KARI].silences == {"mail": Cause.ON_LEAVE}


def test_what_must_be_done_is_mailed_when_nobody_stands_in() -> None:
    """N1: better disturbed than not told."""
    away = {KARI: Absence(KARI, date(2027, 3, 1), date(2027, 3, 8))}

    assert heard(VACANT, KARI, absences=away)[KARI].mail_at == NOW
    assert heard(STOPPED, KARI, absences=away)[KARI].silences == {"mail": Cause.ON_LEAVE}


def test_who_has_no_address_hears_in_the_inbox() -> None:
    one = heard(STOPPED, KARI, settings={KARI: setting(has_address=False)})[KARI]

    assert (one.is_in_inbox, one.silences) == (True, {"mail": Cause.NO_ADDRESS})


def test_a_substitute_on_leave_has_a_substitute() -> None:
    first, last = date(2027, 3, 1), date(2027, 3, 8)
    absences = {KARI: Absence(KARI, first, last, PER), PER: Absence(PER, first, last, ANE)}

    assert stand_in(KARI, absences) == ANE


def test_two_who_stand_in_for_each_other_leave_nobody() -> None:
    first, last = date(2027, 3, 1), date(2027, 3, 8)
    absences = {KARI: Absence(KARI, first, last, PER), PER: Absence(PER, first, last, KARI)}

    assert stand_in(KARI, absences) is None


def test_the_first_choice_that_there_is_counts() -> None:
    """The person's for the kind, for everything; the organisation's for the kind, for everything; at once."""
    house = OrganisationSetting(ways={STOPPED: {"mail": Way.WEEKLY}, EVERY_KIND: {"mail": Way.DAILY}})

    def decided(kind: NoticeKind, own: dict[str, dict[str, Way]]) -> tuple[Way, DecidedBy]:
        found = decided_way(kind, "mail", own=own, organisation=house)
        return found.way, found.by

    assert decided(STOPPED, by_mail(Way.OFF)) == (Way.OFF, DecidedBy.PERSON)
    assert decided(STOPPED, {EVERY_KIND: {"mail": Way.OFF}}) == (Way.OFF, DecidedBy.PERSON)
    assert decided(STOPPED, {}) == (Way.WEEKLY, DecidedBy.ORGANISATION)
    assert decided(NoticeKind.GATE_DECIDED, {}) == (Way.DAILY, DecidedBy.ORGANISATION)
    assert decided_way(STOPPED, "mail", own={}, organisation=OrganisationSetting()).by is DecidedBy.PRODUCT


def test_everything_mandatory_asks_somebody_to_act() -> None:
    assert {NoticeKind.GATE_PROPOSED, NoticeKind.ROLE_VACANT} <= MANDATORY


def test_the_narrowest_that_is_followed_or_muted_counts() -> None:
    portfolio, project = uuid4(), uuid4()
    place = Place(portfolios=frozenset({portfolio}), projects=frozenset({project}))
    followings = [
        Following(KARI, ScopeKind.PORTFOLIO, portfolio, Level.MUTE),
        Following(KARI, ScopeKind.PROJECT, project, Level.FOLLOW),
        Following(PER, ScopeKind.PORTFOLIO, portfolio, Level.MUTE),
        Following(ANE, ScopeKind.PROJECT, uuid4(), Level.FOLLOW),
    ]

    assert levels(followings, place) == {KARI: Level.FOLLOW, PER: Level.MUTE}
    assert levels(reversed(followings), place) == {KARI: Level.FOLLOW, PER: Level.MUTE}
