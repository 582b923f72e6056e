"""How people and their organisation want to hear, on the wire."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from gevinst_notifications.domain.preferences import ChosenTwice, DecidedBy, Way, Ways
from gevinst_notifications.domain.quiet_hours import QuietHours
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Organisation, Out, Whole

TimeOfDay = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", min_length=5, max_length=5, examples=["07:30"])
]
Kind = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        pattern=r"^(\*|[a-z0-9]+(-[a-z0-9]+)*)$",
        examples=["gate-decided"],
        description="A kind of notice, from a list that may grow; `*` for every kind that is not named.",
    ),
]
ChannelName = Annotated[
    str, Field(min_length=1, max_length=30, examples=["mail"], description="A list that may grow.")
]
Country = Annotated[
    str, Field(pattern="^[A-Z]{2}$", min_length=2, max_length=2, examples=["NO"], description="ISO 3166.")
]
Zone = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_+\-/]+$", examples=["Europe/Oslo"])
]
LanguageTag = Literal["nb", "nn", "da", "sv", "en"]
Weekday = Annotated[Whole, Field(ge=1, le=7, examples=[1], description="1 is Monday.")]
_Choices = 200


class QuietHoursIn(In):
    """When no mail is sent; what comes then waits until the end."""

    start: Maybe[TimeOfDay] = Field(None, examples=["20:00"])
    end: Maybe[TimeOfDay] = Field(None, description="Before `start` when the hours go over midnight.")
    on_closed_days: bool = Field(default=False, description="Weekends and public holidays are quiet all day.")

    def value(self) -> QuietHours:
        return QuietHours(_minute(self.start), _minute(self.end), on_closed_days=self.on_closed_days)


class QuietHoursOut(Out):
    """When no mail is sent."""

    start: Maybe[TimeOfDay] = Field(None, examples=["20:00"])
    end: Maybe[TimeOfDay] = None
    on_closed_days: bool


class ChoiceIn(In):
    """How one wants to hear of a kind on a channel."""

    kind: Kind
    channel: ChannelName
    way: Way


class ChoiceOut(Out):
    """How one wants to hear of a kind on a channel."""

    kind: Kind
    channel: ChannelName
    way: Way


class PreferencesIn(In):
    """All that a person chooses; what is left away follows the organisation."""

    language: Maybe[LanguageTag] = None
    zone: Maybe[Zone] = Field(None, description="A time zone's name.")
    country: Maybe[Country] = Field(None, description="Whose public holidays are days off; ISO 3166.")
    quiet_hours: Maybe[QuietHoursIn] = None
    digest_at: Maybe[TimeOfDay] = Field(None, description="When digests leave, on working days.")
    digest_weekday: Maybe[Weekday] = Field(None, description="When the weekly digest leaves; 1 is Monday.")
    choices: list[ChoiceIn] = Field([], max_length=_Choices)

    def columns(self) -> dict[str, Any]:
        """The row's values."""
        return {
            "language": self.language,
            "zone": self.zone,
            "country": self.country,
            **quiet_columns(self.quiet_hours),
            "digest_at": _minute(self.digest_at),
            "digest_weekday": self.digest_weekday,
            "ways": ways_of(self.choices),
        }


class PreferencesOut(Out):
    """All that a person chose; what is absent follows the organisation."""

    id: Id = Field(description="The person's.")
    organisation: Organisation
    language: Maybe[LanguageTag] = None
    zone: Maybe[Zone] = None
    country: Maybe[Country] = None
    quiet_hours: Maybe[QuietHoursOut] = None
    digest_at: Maybe[TimeOfDay] = None
    digest_weekday: Maybe[Weekday] = None
    choices: list[ChoiceOut] = Field(max_length=_Choices)
    changed_at: Maybe[Moment] = Field(None, description="Absent when nothing was ever chosen.")
    revision: Whole = Field(ge=1, le=1_000_000_000)

    @classmethod
    def nothing(cls, person_id: UUID, organisation: str) -> Self:
        """Before anything was chosen."""
        members = {"id": str(person_id), "organisation": organisation, "choices": [], "revision": 1}
        return cls.model_validate(members)


class WayOut(Out):
    """How the caller hears of a kind on a channel, and whose choice that is."""

    kind: Kind
    channel: ChannelName
    way: Way
    decided_by: DecidedBy = Field(
        description="`duty`: the choice was silence, but somebody must act on this kind."
    )
    is_mandatory: bool = Field(description="Whether it can only be `at-once` or `daily`.")


class WaysOut(Out):
    """Every kind of notice."""

    items: list[WayOut] = Field(max_length=_Choices)


class DefaultsIn(In):
    """What holds for everybody who chose nothing else."""

    quiet_hours: Maybe[QuietHoursIn] = None
    mandatory_kinds: list[Kind] = Field(
        [], max_length=100, description="Kinds that nobody can turn off, beside those that never can be."
    )
    choices: list[ChoiceIn] = Field([], max_length=_Choices)

    def columns(self) -> dict[str, Any]:
        """The row's values."""
        return {
            **quiet_columns(self.quiet_hours),
            "mandatory_kinds": sorted(set(self.mandatory_kinds)),
            "ways": ways_of(self.choices),
        }


class DefaultsOut(Out):
    """What holds for everybody who chose nothing else."""

    organisation: Organisation
    quiet_hours: Maybe[QuietHoursOut] = None
    mandatory_kinds: list[Kind] = Field(max_length=100)
    choices: list[ChoiceOut] = Field(max_length=_Choices)
    changed_at: Maybe[Moment] = None
    revision: Whole = Field(ge=1, le=1_000_000_000)

    @classmethod
    def shipped(cls, organisation: str) -> Self:
        """Before anything was set."""
        return cls(organisation=organisation, mandatory_kinds=[], choices=[], revision=1)


def ways_of(choices: Iterable[ChoiceIn]) -> Ways:
    """By kind and channel; `ChosenTwice` when two choices are about the same."""
    ways: dict[str, dict[str, Way]] = {}
    for one in choices:
        if one.channel in ways.setdefault(one.kind, {}):
            raise ChosenTwice(kind=one.kind, channel=one.channel, pointer="/body/choices")
        ways[one.kind][one.channel] = one.way
    return ways


def quiet_columns(quiet: QuietHoursIn | None) -> dict[str, Any]:
    """The row's values; `OddQuietHours` when they leave nothing."""
    value = quiet.value() if quiet is not None else QuietHours()
    return {
        "quiet_from": value.start,
        "quiet_until": value.end,
        "quiet_on_closed_days": value.on_closed_days,
    }


def _minute(time: str | None) -> int | None:
    if time is None:
        return None
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
