"""How people hear: by kind and channel, as they chose, as their organisation did, or as we ship it (N1, N3).

The inbox has everything that concerns its reader and was not muted; a way says what leaves the house
beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.quiet_hours import QuietHours
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_shared.values.refusal import Refusal


class Way(StrEnum):
    AT_ONCE = "at-once"
    DAILY = "daily"  # in the next daily digest
    WEEKLY = "weekly"  # in the next weekly digest
    OFF = "off"  # in the inbox only


class Period(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class DecidedBy(StrEnum):
    """Whose choice a way is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    DUTY = "duty"  # the choice was silence, and the kind is mandatory


Ways = Mapping[str, Mapping[str, Way]]
"""From the kind, or `EVERY_KIND`, to channel, to way."""

EVERY_KIND = "*"
# No notice: the section of a digest that tells those who lead what is late under them.
LINE_DIGEST = "line-digest"
# Channels that lead to one person; the others lead to where several read.
PERSONAL = (Channel.MAIL,)
# What somebody must do or decide cannot be turned off (N1). An organisation can add to these.
MANDATORY = frozenset(
    {
        NoticeKind.GATE_PROPOSED,
        NoticeKind.CONDITION_LAPSED,
        NoticeKind.ROLE_VACANT,
        NoticeKind.BENEFIT_OWNER_VACANT,
        NoticeKind.DUTY_REMINDED,
        NoticeKind.DUTY_ESCALATED,
        NoticeKind.ENDPOINT_DISABLED,
    }
)
PROMPT = frozenset({Way.AT_ONCE, Way.DAILY})
# N3: what goes up the line on one day reaches a leader in one mail. Everything else we ship at once.
SHIPPED: Mapping[str, Way] = {NoticeKind.DUTY_ESCALATED: Way.DAILY}
DIGEST_AT = 7 * 60 + 30
DIGEST_WEEKDAY = 1


class MandatoryKind(Refusal):
    code = "mandatory-kind"
    title = "This cannot be turned off"
    detail = "{kind} asks somebody to act in time. Choose at-once or daily."


class NoSuchKind(Refusal):
    code = "no-such-kind"
    title = "There is no such kind of notice"
    detail = "{kind} is no kind of notice. The preferences list the kinds."


class NoSuchChannel(Refusal):
    code = "no-such-channel"
    title = "There is no such channel to a person"
    detail = "{channel} does not lead to one person. Choose one of: {channels}."


class OnlyInDigests(Refusal):
    code = "only-in-digests"
    title = "This comes in digests only"
    detail = "{kind} is a part of digests. Choose daily, weekly or off."


class NoSuchZone(Refusal):
    code = "no-such-zone"
    title = "There is no such time zone"
    detail = "{zone} is no time zone. Write a name such as Europe/Oslo."


class NoSuchCountry(Refusal):
    code = "no-such-country"
    title = "No public holidays are known of this country"
    detail = "{country} is no country whose public holidays are known. Write two letters such as NO or DK."


class ChosenTwice(Refusal):
    code = "chosen-twice"
    title = "Two choices for the same"
    detail = "There are two choices for {kind} on {channel}. Leave one of them away."


@dataclass(frozen=True, slots=True)
class OrganisationSetting:
    """What holds for everybody who chose nothing else, and what nobody can turn off."""

    quiet: QuietHours | None = None
    mandatory: frozenset[str] = MANDATORY
    ways: Ways = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonSetting:
    """What a message must know of a person; what they did not choose is filled in.

    Who chose the same, which mostly is nothing, can have one in common. `language` is a tag or None; `zone` a
    name such as Europe/Oslo; `country` ISO 3166, for the public holidays; `digest_at` minutes after midnight,
    `digest_weekday` 1 (Monday) to 7.
    """

    zone: str
    country: str
    language: str | None = None
    has_address: bool = True
    is_erased: bool = False
    quiet: QuietHours | None = None
    digest_at: int = DIGEST_AT
    digest_weekday: int = DIGEST_WEEKDAY
    ways: Ways = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    way: Way
    by: DecidedBy


def decided_way(
    kind: str, channel: str, *, own: Ways, organisation: OrganisationSetting, is_urgent: bool = False
) -> Decided:
    """How a person hears of `kind` on `channel`, and whose choice that is.

    The person's choice for the kind, their choice for everything, the organisation's for the kind and for
    everything, ours: the first that there is. What is mandatory is told within a day; what is urgent is told
    at once unless somebody chose otherwise.
    """
    shipped = Way.AT_ONCE if is_urgent else SHIPPED.get(kind, Way.AT_ONCE)
    found = _chosen(own, kind, channel)
    decided = Decided(found, DecidedBy.PERSON) if found else None
    if decided is None:
        found = _chosen(organisation.ways, kind, channel)
        decided = Decided(found, DecidedBy.ORGANISATION) if found else Decided(shipped, DecidedBy.PRODUCT)
    if kind in organisation.mandatory and decided.way not in PROMPT:
        return Decided(shipped, DecidedBy.DUTY)
    return decided


def refuse_odd_ways(ways: Ways, *, mandatory: frozenset[str]) -> None:
    """Refuse kinds and channels that there are not, and silence where somebody must act."""
    kinds = {EVERY_KIND, LINE_DIGEST, *NoticeKind}
    for kind, by_channel in ways.items():
        if kind not in kinds:
            raise NoSuchKind(kind=kind)
        for channel, way in by_channel.items():
            if kind == LINE_DIGEST and way is Way.AT_ONCE:
                raise OnlyInDigests(kind=kind)
            if channel not in PERSONAL:
                raise NoSuchChannel(channel=channel, channels=", ".join(PERSONAL))
            if kind in mandatory and way not in PROMPT:
                raise MandatoryKind(kind=kind)


def _chosen(ways: Ways, kind: str, channel: str) -> Way | None:
    return ways.get(kind, {}).get(channel) or ways.get(EVERY_KIND, {}).get(channel)
